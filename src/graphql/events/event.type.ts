import { Field, ObjectType, registerEnumType } from 'type-graphql';
import { type EventAction, eventActions } from '../../domain/event.ts';
import { PersonType } from '../accounts/person.type.ts';
import { connectionType } from '../common/connection.ts';
import { NodeType } from '../common/node.type.ts';
import { DateTime, SafeInt } from '../common/scalars.ts';

export const EventActionEnum = Object.fromEntries(eventActions.map((action) => [action, action]));

registerEnumType(EventActionEnum, {
  name: 'EventAction',
  description: 'Kind of event. Later releases may add values.',
  valuesConfig: {
    ACCOUNT_CREATED: { description: 'The account was created, with its first administrator.' },
    LOGGED_IN: { description: 'A person logged in.' },
    LOG_IN_REFUSED: { description: 'A log-in failed, or a computer sent a wrong registration key.' },
    LOGGED_OUT: { description: 'A person logged out.' },
    TOKEN_MADE: { description: 'A token or an access key was created.' },
    TOKEN_REVOKED: { description: 'Tokens or an access key were revoked.' },
    PERMISSION_REFUSED: { description: 'A person lacked the permission for an action.' },
    PERSON_CREATED: { description: 'A person was created.' },
    PERSON_EDITED: { description: 'The name, e-mail address or roles of a person were changed.' },
    PERSON_REMOVED: { description: 'A person was removed from the account.' },
    PASSWORD_LINK_MADE: { description: 'A one-time link for setting a password was created for a person.' },
    PASSWORD_SET: { description: 'A person set their password with a one-time link.' },
    PASSWORD_CHANGED: { description: 'A person changed their password.' },
    PASSWORD_REFUSED: {
      description: 'A person could not change their password, because the current one was wrong.',
    },
    ROLE_CREATED: { description: 'A role was created.' },
    ROLE_EDITED: { description: 'A role or the list of its people was changed.' },
    ROLE_DELETED: { description: 'A role was deleted.' },
    LIMITS_EDITED: { description: 'The account’s limits were set.' },
    PREFERENCES_EDITED: { description: 'The preferences of the account were changed.' },
    ACCESS_GROUP_CREATED: { description: 'An access group was created.' },
    ACCESS_GROUP_EDITED: { description: 'An access group was renamed or moved.' },
    ACCESS_GROUP_DELETED: {
      description: 'An access group was deleted, and its contents moved to its parent.',
    },
    SAVED_SEARCH_CREATED: { description: 'A search for computers was saved.' },
    SAVED_SEARCH_EDITED: { description: 'A saved search was changed.' },
    SAVED_SEARCH_DELETED: { description: 'A saved search was deleted.' },
    SCRIPT_CREATED: { description: 'A script was created.' },
    SCRIPT_EDITED: {
      description: 'A script was changed. The event shows the number of the new version, not its code.',
    },
    SCRIPT_ARCHIVED: { description: 'A script was archived.' },
    SCRIPT_REDACTED: { description: 'A script’s code was deleted.' },
    SCRIPT_RUN: { description: 'A script was run without a profile.' },
    SCRIPT_PROFILE_CREATED: { description: 'A script profile was created.' },
    SCRIPT_PROFILE_EDITED: { description: 'A script profile was changed.' },
    SCRIPT_PROFILE_PAUSED: { description: 'A script profile was paused, or its pause note was changed.' },
    SCRIPT_PROFILE_RESUMED: { description: 'A script profile was resumed.' },
    SCRIPT_PROFILE_RUN: {
      description: 'A script profile was run manually. The slot ledger records scheduled runs.',
    },
    SCRIPT_PROFILE_ARCHIVED: {
      description: 'A script profile was archived, directly or together with its script.',
    },
    ACTIVITY_APPROVED: { description: 'An execution that waited for approval was approved.' },
    ACTIVITY_CANCELED: { description: 'A run, or one execution of a run, was canceled.' },
    COMPUTER_ENROLLED: { description: 'A computer enrolled.' },
    COMPUTER_ACCEPTED: { description: 'A computer was accepted.' },
    COMPUTER_EDITED: { description: 'A computer’s tags or access group were changed.' },
    COMPUTER_REJECTED: { description: 'A pending computer was rejected.' },
    COMPUTER_REMOVED: { description: 'A computer was removed.' },
    COMPUTER_REPLACED: { description: 'A pending computer was replaced when its machine registered again.' },
  } satisfies Record<EventAction, object>,
});

@ObjectType('EventChange', { description: 'Change of one field.', simpleResolvers: true })
export class EventChangeType {
  @Field(() => String, { description: 'Name of the field.' })
  field!: string;

  @Field(() => String, { description: 'Value before the event, as JSON. `null` if there was none.' })
  from!: string;

  @Field(() => String, { description: 'Value after the event, as JSON.' })
  to!: string;
}

@ObjectType('Event', {
  implements: NodeType,
  description:
    'An entry of the event log: an action of a person or computer, or its refusal. Events never change.',
  simpleResolvers: true,
})
export class EventType extends NodeType {
  @Field(() => EventActionEnum, { description: 'Kind of event.' })
  action!: EventAction;

  @Field(() => DateTime, { description: 'Time of the event.' })
  createdAt!: string;

  @Field(() => PersonType, {
    nullable: true,
    description:
      'Person who acted, as recorded at that time. Null for a computer, for a registration key, and for a failed log-in.',
  })
  person!: object | null;

  @Field(() => SafeInt, {
    nullable: true,
    description: 'Number of the computer that acted. Null for a person.',
  })
  computerId!: number | null;

  @Field(() => String, {
    nullable: true,
    description: 'IP address of the caller, or of the proxy if `TRUSTED_PROXIES` does not include it.',
  })
  address!: string | null;

  @Field(() => String, { nullable: true, description: 'Id of the request in the server’s log.' })
  requestId!: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Type of the object, such as `ScriptProfile`. Null if the event is not about an existing object.',
  })
  entityType!: string | null;

  @Field(() => SafeInt, { nullable: true, description: 'Number of the object. It may be deleted.' })
  entityId!: number | null;

  @Field(() => String, { nullable: true, description: 'Title of the object at that time.' })
  entityTitle!: string | null;

  @Field(() => [EventChangeType], {
    description: 'Changed fields. For a new object, all its initial values.',
  })
  changes!: readonly EventChangeType[];
}

export const EventConnection = connectionType(EventType, 'Event', 'events');
