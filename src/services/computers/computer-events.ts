import type { Computer } from '../../domain/computers/computer.ts';
import { changesBetween, type Deed, type Entity, type EventAction } from '../../domain/event.ts';

// Events about computers.

export const asEntity = ({ id, title, accessGroup }: Computer): Entity => ({
  type: 'Computer',
  id,
  title,
  accessGroupId: accessGroup.id,
});

export const deedsTo = (computers: readonly Computer[], action: EventAction): Deed[] =>
  computers.map((computer) => ({ action, entity: asEntity(computer) }));

/** Returns one edit event for each computer that changed. */
export const editsOf = (before: readonly Computer[], after: readonly Computer[]): Deed[] =>
  before.flatMap((computer, index) => {
    const changes = changesBetween(shown(computer), shown(after[index]!), edited);
    return Object.keys(changes).length > 0
      ? [{ action: 'COMPUTER_EDITED', entity: asEntity(computer), changes }]
      : [];
  });

const edited = ['title', 'comment', 'tags', 'accessGroup'] as const;
const shown = (computer: Computer) => ({ ...computer, accessGroup: computer.accessGroup.name });
