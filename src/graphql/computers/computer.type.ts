import { Field, ObjectType, registerEnumType } from 'type-graphql';
import type { ComputerStatus } from '../../domain/computers/computer.ts';
import { AccessGroupType } from '../accounts/access-group.type.ts';
import { connectionType } from '../common/connection.ts';
import { NodeType } from '../common/node.type.ts';
import { DateTime } from '../common/scalars.ts';

export const ComputerStatusEnum = {
  PENDING: 'pending',
  ACCEPTED: 'accepted',
} as const satisfies Record<string, ComputerStatus>;

registerEnumType(ComputerStatusEnum, {
  name: 'ComputerStatus',
  description: 'Status of a computer.',
  valuesConfig: {
    PENDING: {
      description: 'The computer waits to be accepted. No script profile runs on it.',
    },
    ACCEPTED: { description: 'The computer is managed.' },
  },
});

@ObjectType('Computer', {
  implements: NodeType,
  description: 'A machine that enrolled in the account.',
  simpleResolvers: true,
})
export class ComputerType extends NodeType {
  @Field(() => String, { description: 'Title for display.' })
  title!: string;

  @Field(() => String, { description: 'Hostname of the machine.' })
  hostname!: string;

  @Field(() => String, { description: 'Comment. Empty if there is none.' })
  comment!: string;

  @Field(() => ComputerStatusEnum, { description: 'Status: pending or accepted.' })
  status!: ComputerStatus;

  @Field(() => AccessGroupType, {
    description: 'Access group of the computer. While it is pending, the group that it asked for.',
  })
  accessGroup!: AccessGroupType;

  @Field(() => [String], {
    description:
      'Tags in the order in which they were given. While the computer is pending, the tags that it asked for.',
  })
  tags!: readonly string[];

  @Field(() => DateTime, { description: 'Time of enrolment.' })
  createdAt!: string;

  @Field(() => DateTime, { nullable: true, description: 'Time of acceptance. Null while pending.' })
  acceptedAt!: string | null;
}

export const ComputerConnection = connectionType(ComputerType, 'Computer', 'computers');
