import { useQuery } from '@apollo/client/react';
import { Field, Icon } from '@canonical/react-components';
import { type KeyboardEvent, useState } from 'react';
import { graphql } from '../../app/graphql.ts';
import { type Problem, problemAt } from '../../components/form/use-change.ts';
import { count } from '../../format/count.ts';

const TAG_COUNTS = graphql(`
  query TagCounts {
    tagCounts { tag numComputers }
  }
`);

interface Props {
  readonly problems: readonly Problem[];
  readonly value: readonly string[];
  readonly onChange: (value: readonly string[]) => void;
  readonly onBlur: () => void;
}

const SHOWN = 12;

/** Tags as small labels, with those of the computers as suggestions. Enter, a comma or a space adds what is typed. */
export function TagField({ problems, value, onChange, onBlur }: Props) {
  const [typed, setTyped] = useState('');
  const counts = useQuery(TAG_COUNTS).data?.tagCounts ?? [];
  const error = problemAt(problems, 'tags', 'Tags');
  const add = (text: string) => {
    const tags = text.split(/[\s,]+/).filter((tag) => tag !== '' && !value.includes(tag));
    if (tags.length > 0) onChange([...value, ...new Set(tags)]);
    setTyped('');
  };
  const remove = (tag: string) => onChange(value.filter((one) => one !== tag));
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.key === 'Enter' && typed !== '') {
      event.preventDefault();
      add(typed);
    }
    if (event.key === 'Backspace' && typed === '' && value.length > 0) remove(value.at(-1)!);
  };
  const suggested = counts
    .filter(({ tag }) => !value.includes(tag) && tag.toLowerCase().includes(typed.toLowerCase()))
    .sort((a, b) => b.numComputers - a.numComputers)
    .slice(0, SHOWN);
  return (
    <Field
      label="Tags"
      forId="tags"
      error={error}
      validationId="tags-problem"
      help="A computer needs one of them. Enter adds a tag."
      helpId="tags-help"
    >
      <div className="tag-field">
        {value.map((tag) => (
          <span key={tag} className="tag">
            {tag}
            <button
              type="button"
              className="tag-field__remove"
              aria-label={`Remove tag ${tag}`}
              onClick={() => remove(tag)}
            >
              <Icon name="close" />
            </button>
          </span>
        ))}
        <input
          id="tags"
          name="tags"
          className="tag-field__input"
          autoComplete="off"
          spellCheck={false}
          aria-invalid={error !== undefined}
          aria-describedby={error ? 'tags-problem tags-help' : 'tags-help'}
          value={typed}
          onChange={({ target }) =>
            /[\s,]$/.test(target.value) ? add(target.value) : setTyped(target.value)
          }
          onKeyDown={onKeyDown}
          onBlur={() => {
            add(typed);
            onBlur();
          }}
        />
      </div>
      {suggested.length > 0 && (
        <fieldset className="suggestions" aria-label="Tags of the computers">
          {suggested.map(({ tag, numComputers }) => (
            <button
              key={tag}
              type="button"
              className="suggestion"
              aria-label={`Add tag ${tag}, ${count(numComputers, 'computer')}`}
              // Before the field loses the focus, which would add what was typed so far.
              onMouseDown={(event) => event.preventDefault()}
              onClick={() => add(tag)}
            >
              {tag} <span className="u-text--muted">{numComputers}</span>
            </button>
          ))}
        </fieldset>
      )}
    </Field>
  );
}
