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
  description: 'Status of a script.',
  valuesConfig: {
    ACTIVE: { description: 'The script is active: profiles can be created for it.' },
    ARCHIVED: { description: 'The script is archived permanently. Its code stays readable.' },
    REDACTED: {
      description: 'The script is archived permanently, and its code is deleted in every version.',
    },
  },
});

@ObjectType('Script', {
  implements: NodeType,
  description: 'A script that computers run. Script profiles always run its newest version.',
  simpleResolvers: true,
})
export class ScriptType extends NodeType {
  @Field(() => String, {
    description: 'Title, unique among all scripts of the account, including archived ones.',
  })
  title!: string;

  @Field(() => ScriptStatusEnum, { description: 'Status: active, archived or redacted.' })
  status!: ScriptStatus;

  @Field(() => AccessGroupType, {
    description: 'Access group of the script and of its profiles.',
  })
  accessGroup!: AccessGroupType;

  @Field(() => Int, {
    description:
      'Number of the newest version. Starts at 1 and increases with each edit of the interpreter or code.',
  })
  versionNumber!: number;

  @Field(() => Int, {
    description:
      'Revision number for `expectedVersion`. Starts at 1 and increases each time the script is edited, archived or redacted, or its attachments change.',
  })
  revision!: number;

  @Field(() => String, { description: 'Absolute path of the program that runs the code, without `#!`.' })
  interpreter!: string;

  @Field(() => Int, { description: 'Suggested time limit for a manual run, in seconds.' })
  timeLimit!: number;

  @Field(() => String, { description: 'Suggested user for a manual run. Empty if there is none.' })
  username!: string;

  @Field(() => PersonType, { nullable: true, description: 'Creator. Null if the person was deleted.' })
  createdBy!: PersonType | null;

  @Field(() => DateTime, { description: 'Time of creation.' })
  createdAt!: string;

  @Field(() => PersonType, {
    nullable: true,
    description: 'Last editor. Null if the person was deleted.',
  })
  lastEditedBy!: PersonType | null;

  @Field(() => DateTime, { description: 'Time of the last edit, archiving or redaction.' })
  lastEditedAt!: string;
}

export const ScriptConnection = connectionType(ScriptType, 'Script', 'scripts');
