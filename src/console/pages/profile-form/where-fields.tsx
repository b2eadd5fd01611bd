import { RadioInput } from '@canonical/react-components';
import type { FieldsProps } from './fields.ts';
import { TagField } from './tag-field.tsx';

/** Which computers the profile reaches. */
export function WhereFields({ values: { allComputers, tags }, set, problems, touch }: FieldsProps) {
  return (
    <fieldset className="form__group">
      <legend className="form__legend">Where</legend>
      <div className="form__choices">
        <RadioInput
          name="allComputers"
          inline
          label="Computers with certain tags"
          checked={!allComputers}
          onChange={() => set({ allComputers: false })}
        />
        <RadioInput
          name="allComputers"
          inline
          label="All computers of the access group"
          checked={allComputers}
          onChange={() => set({ allComputers: true })}
        />
      </div>
      {!allComputers && (
        <TagField
          problems={problems}
          value={tags}
          onChange={(next) => set({ tags: next })}
          onBlur={() => touch('tags')}
        />
      )}
    </fieldset>
  );
}
