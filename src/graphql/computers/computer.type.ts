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
  description: 'Whether a computer is managed.',
  valuesConfig: {
    PENDING: {
      description: 'It asked to be managed and waits to be accepted; no script profile reaches it.',
    },
    ACCEPTED: { description: 'It is managed.' },
  },
});

@ObjectType('Computer', { implements: NodeType, description: 'An enrolled machine.', simpleResolvers: true })
export class ComputerType extends NodeType {
  @Field(() => String, { description: 'The name that people gave it.' })
  title!: string;

  @Field(() => String, { description: 'The name that it gave itself.' })
  hostname!: string;

  @Field(() => String, { description: 'A note; empty when there is none.' })
  comment!: string;

  @Field(() => ComputerStatusEnum, { description: 'Whether it is managed.' })
  status!: ComputerStatus;

  @Field(() => AccessGroupType, {
    description: 'The group that it is in; while pending, the one that it asked for.',
  })
  accessGroup!: AccessGroupType;

  @Field(() => [String], {
    description: 'Its tags in the order given; while pending, those that it asked for.',
  })
  tags!: readonly string[];

  @Field(() => DateTime, { description: 'When it enrolled.' })
  createdAt!: string;

  @Field(() => DateTime, { nullable: true, description: 'When it was accepted; null while pending.' })
  acceptedAt!: string | null;
}

export const ComputerConnection = connectionType(ComputerType, 'Computer', 'computers');
