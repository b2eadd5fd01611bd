import { Field, ObjectType, registerEnumType } from 'type-graphql';
import { type EventAction, eventActions } from '../../domain/event.ts';
import { PersonType } from '../accounts/person.type.ts';
import { connectionType } from '../common/connection.ts';
import { NodeType } from '../common/node.type.ts';
import { DateTime, SafeInt } from '../common/scalars.ts';

export const EventActionEnum = Object.fromEntries(eventActions.map((action) => [action, action]));

registerEnumType(EventActionEnum, {
  name: 'EventAction',
  description: 'What was done. More may come.',
  valuesConfig: {
    LOGGED_IN: { description: 'Somebody logged in.' },
    LOG_IN_REFUSED: { description: 'A person could not log in, or a registration key was wrong.' },
    LOGGED_OUT: { description: 'Somebody logged out.' },
    TOKEN_MADE: { description: 'A token or an access key was made.' },
    TOKEN_REVOKED: { description: 'Tokens or an access key were revoked.' },
    PERMISSION_REFUSED: { description: 'Somebody lacked the permission for what they tried.' },
    ROLE_CREATED: { description: 'A role was made.' },
    ROLE_EDITED: { description: 'A role was changed, or who has it.' },
    ROLE_DELETED: { description: 'A role was deleted.' },
    LIMITS_EDITED: { description: 'The account’s limits were set.' },
    PREFERENCES_EDITED: { description: 'How computers join the account was changed.' },
    ACCESS_GROUP_CREATED: { description: 'An access group was made.' },
    ACCESS_GROUP_EDITED: { description: 'An access group was renamed or moved.' },
    ACCESS_GROUP_DELETED: {
      description: 'An access group was deleted; what was in it went to the group above.',
    },
    SAVED_SEARCH_CREATED: { description: 'A search for computers was saved.' },
    SAVED_SEARCH_EDITED: { description: 'A saved search was changed.' },
    SAVED_SEARCH_DELETED: { description: 'A saved search was deleted.' },
    SCRIPT_CREATED: { description: 'A script was made.' },
    SCRIPT_EDITED: { description: 'A script was changed; its code is told by the version’s number.' },
    SCRIPT_ARCHIVED: { description: 'A script was archived.' },
    SCRIPT_REDACTED: { description: 'A script’s code was deleted.' },
    SCRIPT_RUN: { description: 'A script was run by itself.' },
    SCRIPT_PROFILE_CREATED: { description: 'A script profile was made.' },
    SCRIPT_PROFILE_EDITED: { description: 'A script profile was changed.' },
    SCRIPT_PROFILE_PAUSED: { description: 'A script profile was paused, or the note why changed.' },
    SCRIPT_PROFILE_RESUMED: { description: 'A script profile was resumed.' },
    SCRIPT_PROFILE_RUN: {
      description: 'A script profile was run by hand. Runs of the clock are in the slot ledger.',
    },
    SCRIPT_PROFILE_ARCHIVED: { description: 'A script profile was archived, by itself or with its script.' },
    ACTIVITY_APPROVED: { description: 'An execution that waited for approval was approved.' },
    ACTIVITY_CANCELED: { description: 'A run, or its part on one computer, was canceled.' },
    COMPUTER_ENROLLED: { description: 'A computer asked to be managed.' },
    COMPUTER_ACCEPTED: { description: 'A computer was accepted.' },
    COMPUTER_EDITED: { description: 'A computer’s tags or access group were changed.' },
    COMPUTER_REJECTED: { description: 'A pending computer was rejected.' },
    COMPUTER_REMOVED: { description: 'A computer was removed.' },
    COMPUTER_REPLACED: { description: 'A pending computer was replaced when its machine registered again.' },
  } satisfies Record<EventAction, object>,
});

@ObjectType('EventChange', { description: 'What became of one field.', simpleResolvers: true })
export class EventChangeType {
  @Field(() => String, { description: 'The field.' })
  field!: string;

  @Field(() => String, { description: 'Its value before, as JSON; `null` where there was none.' })
  from!: string;

  @Field(() => String, { description: 'Its value from then on, as JSON.' })
  to!: string;
}

@ObjectType('Event', {
  implements: NodeType,
  description: 'An entry of the event log: who did what, or was refused. It never changes.',
  simpleResolvers: true,
})
export class EventType extends NodeType {
  @Field(() => EventActionEnum, { description: 'What was done.' })
  action!: EventAction;

  @Field(() => DateTime, { description: 'When.' })
  createdAt!: string;

  @Field(() => PersonType, {
    nullable: true,
    description:
      'Who, as they were then; null for a computer, for whoever came with a registration key, and for whoever could not log in.',
  })
  person!: object | null;

  @Field(() => SafeInt, {
    nullable: true,
    description: 'The number of the computer that did it; null for a person.',
  })
  computerId!: number | null;

  @Field(() => String, {
    nullable: true,
    description:
      'The IP address that the request came from: behind a proxy that `TRUSTED_PROXIES` does not name, the proxy’s.',
  })
  address!: string | null;

  @Field(() => String, { nullable: true, description: 'The request, as the server’s log has it.' })
  requestId!: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'The type of what it was done to, such as `ScriptProfile`; null when it was done to nothing that is there.',
  })
  entityType!: string | null;

  @Field(() => SafeInt, { nullable: true, description: 'The number of what it was done to; it may be gone.' })
  entityId!: number | null;

  @Field(() => String, { nullable: true, description: 'The title that it had then.' })
  entityTitle!: string | null;

  @Field(() => [EventChangeType], {
    description: 'From what to what; of something new, all that it began with.',
  })
  changes!: readonly EventChangeType[];
}

export const EventConnection = connectionType(EventType, 'Event', 'events');
