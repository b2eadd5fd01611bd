import { useQuery } from '@apollo/client/react';
import { Link } from 'react-router';
import { graphql } from '../../app/graphql.ts';
import { ChoiceField, TextField } from '../../components/form/field.tsx';
import { amountOf } from './amount.ts';
import type { FieldsProps } from './fields.ts';

const SCRIPTS = graphql(`
  query ScriptsToRun {
    scripts(first: 500, orderBy: { field: TITLE, direction: ASC }) {
      totalCount
      edges { node { id databaseId title username timeLimit accessGroup { id title } } }
    }
  }
`);

/** What the profile runs. The script is fixed once the profile exists. */
export function WhatFields({
  values,
  set,
  problems,
  touch,
  isNew,
  script,
}: FieldsProps & { script?: string }) {
  const found = useQuery(SCRIPTS, { skip: !isNew }).data?.scripts;
  const scripts = found?.edges.map(({ node }) => node) ?? [];
  const choose = (scriptId: string) => {
    const chosen = scripts.find(({ databaseId }) => String(databaseId) === scriptId);
    // The script suggests a user and a time limit.
    set({
      scriptId,
      ...(chosen?.username && { username: chosen.username }),
      ...(chosen && { timeLimit: amountOf(chosen.timeLimit) }),
    });
  };
  const group = scripts.find(({ databaseId }) => String(databaseId) === values.scriptId)?.accessGroup.title;
  return (
    <fieldset className="form__group">
      <legend className="form__legend">What</legend>
      <TextField
        name="title"
        label="Title"
        required
        autoComplete="off"
        problems={problems}
        value={values.title}
        onChange={({ target }) => set({ title: target.value })}
        onBlur={() => touch('title')}
      />
      {isNew ? (
        <ChoiceField
          name="scriptId"
          label="Script"
          required
          problems={problems}
          value={values.scriptId}
          help={
            found && scripts.length === 0 ? (
              <>
                There is no script yet. <Link to="/scripts/new">Write a script</Link> first.
              </>
            ) : (
              group &&
              `It belongs to the access group ${group}, so the profile reaches computers there and below.`
            )
          }
          options={[
            { value: '', label: 'Choose a script', disabled: true },
            ...scripts.map(({ databaseId, title }) => ({ value: String(databaseId), label: title })),
          ]}
          onChange={({ target }) => choose(target.value)}
          onBlur={() => touch('scriptId')}
        />
      ) : (
        <p className="form__fixed">
          Script: {script ?? `number ${values.scriptId}`}.{' '}
          <span className="u-text--muted">It is fixed. The profile always runs its newest version.</span>
        </p>
      )}
    </fieldset>
  );
}
