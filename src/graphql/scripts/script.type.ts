import { Field, Int, ObjectType, registerEnumType } from 'type-graphql';
import type { ScriptStatus } from '../../domain/scripts/script.ts';
import { AccessGroupType } from '../accounts/access-group.type.ts';
import { PersonType } from '../accounts/person.type.ts';
import { connectionType } from '../common/connection.ts';
import { NodeType } from '../common/node.type.ts';
import { DateTime } from '../common/scalars.ts';

export const ScriptStatusEnum = {
  ACTIVE: 'ACTIVE',
  ARCHIVED: 'ARCHIVED',
  REDACTED: 'REDACTED',
} as const satisfies Record<string, ScriptStatus>;

registerEnumType(ScriptStatusEnum, {
  name: 'ScriptStatus',
  description: 'What may still be done with a script.',
  valuesConfig: {
    ACTIVE: { description: 'In use: profiles can be made of it.' },
    ARCHIVED: { description: 'Out of use, for good; its text stays readable.' },
    REDACTED: { description: 'Out of use, and its code is deleted in every version.' },
  },
});

@ObjectType('Script', {
  implements: NodeType,
  description: 'What is run. A profile runs the newest version of its script.',
  simpleResolvers: true,
})
export class ScriptType extends NodeType {
  @Field(() => String, { description: 'Unique among the account’s scripts, archived ones included.' })
  title!: string;

  @Field(() => ScriptStatusEnum, { description: 'What may still be done with it.' })
  status!: ScriptStatus;

  @Field(() => AccessGroupType, {
    description: 'The group that it is in; profiles made of it are in the same.',
  })
  accessGroup!: AccessGroupType;

  @Field(() => Int, {
    description: 'The newest version’s number, from 1: editing interpreter or code makes another.',
  })
  versionNumber!: number;

  @Field(() => Int, {
    description:
      'Number of changes of the script, from 1: edits, archiving, redacting, attachments. For `expectedVersion`.',
  })
  revision!: number;

  @Field(() => String, { description: 'The absolute path of the program that runs it, without `#!`.' })
  interpreter!: string;

  @Field(() => Int, { description: 'In seconds: what is offered to whoever runs it by hand.' })
  timeLimit!: number;

  @Field(() => String, { description: 'As whom it runs when run by hand; empty when unset.' })
  username!: string;

  @Field(() => PersonType, { nullable: true, description: 'Who made it; null when the person is gone.' })
  createdBy!: PersonType | null;

  @Field(() => DateTime, { description: 'When it was made.' })
  createdAt!: string;

  @Field(() => PersonType, {
    nullable: true,
    description: 'Who edited it last; null when the person is gone.',
  })
  lastEditedBy!: PersonType | null;

  @Field(() => DateTime, { description: 'When it was edited last, archiving and redacting included.' })
  lastEditedAt!: string;
}

export const ScriptConnection = connectionType(ScriptType, 'Script', 'scripts');
