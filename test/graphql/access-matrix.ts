import { afterAll, beforeAll, expect } from '@jest/globals';
import type { GroupPermission } from '../../src/domain/accounts/access.ts';
import type { AccessGroup } from '../../src/domain/accounts/access-group.ts';
import { startApp, type TestApp } from '../support/app.ts';
import { NOW } from '../support/builders.ts';
import { AccessWorld, outcomeOf, type Things } from './access-world.ts';

/** The place where a permission is held, relative to the group of the objects. */
export type Place =
  | 'the root'
  | 'the group above'
  | 'the group'
  | 'the group below'
  | 'another group'
  | 'nowhere';
export const holding: readonly Place[] = ['the root', 'the group above', 'the group'];
export const notHolding: readonly Place[] = ['the group below', 'another group', 'nowhere'];
export const everywhere: readonly Place[] = [...holding, ...notHolding];

export interface Operation {
  readonly does: string;
  readonly sees: GroupPermission;
  readonly takes: GroupPermission;
  /** The mutation and its input. */
  of(things: Things): readonly [mutation: string, input: object];
  /** The code if the caller does not see the thing. Defaults to NOT_FOUND. */
  readonly unseen?: string;
}

/** A server with a tree of access groups. It is started before the tests of a file. */
export class AccessMatrix {
  app!: TestApp;
  world!: AccessWorld;
  private places!: Record<Place, AccessGroup | undefined>;

  constructor() {
    beforeAll(async () => {
      this.app = await startApp({ seed: 'none', now: NOW });
      this.world = await AccessWorld.in(this.app);
      const above = await this.world.group('above');
      const here = await this.world.group('here', above);
      this.places = {
        'the root': this.world.account.root,
        'the group above': above,
        'the group': here,
        'the group below': await this.world.group('below', here),
        'another group': await this.world.group('other', above),
        nowhere: undefined,
      };
      const limits =
        'mutation { updateLimits(input: { maxNumProfiles: 100000, maxNumComputers: 100000 }) { userErrors { code } } }';
      await this.app.graphql(limits, {}, this.world.admin);
    });
    afterAll(() => this.app?.close());
  }

  /** The group at a place. Must not be called for `nowhere`. */
  group = (place: Place): AccessGroup => this.places[place]!;

  private held = (permission: GroupPermission, place: Place) => ({
    permissions: [permission],
    groups: this.places[place] ? [this.places[place]] : [],
  });

  async act(token: string, mutation: string, input: object) {
    const type = `${mutation.charAt(0).toUpperCase()}${mutation.slice(1)}Input`;
    const document = `mutation ($input: ${type}!) { done: ${mutation}(input: $input) { userErrors { code } } }`;
    return this.app.graphql(document, { input }, token);
  }

  /** Checks an operation on new objects, as a person whose two permissions are held in these places. */
  async expectRule({ sees, takes, of, unseen = 'NOT_FOUND' }: Operation, seen: Place, taken: Place) {
    const token = await this.world.person(this.held(sees, seen), this.held(takes, taken));
    const things = await this.world.fill(this.group('the group'));
    // A caller without the permission in any group is refused before the object is searched.
    const nowhere = unseen === 'SCRIPT_NOT_FOUND' && taken === 'nowhere' ? 'FORBIDDEN' : unseen;
    const mayDo = holding.includes(taken) ? 'done' : 'FORBIDDEN';
    const expected = holding.includes(seen) ? mayDo : nowhere;
    const answer = await this.act(token, ...of(things));
    expect({ seen, taken, outcome: outcomeOf(answer) }).toEqual({ seen, taken, outcome: expected });
    if (expected === 'FORBIDDEN') expect(answer.errors![0].message).toContain(takes);
  }
}

let titles = 0;
export function title(): string {
  titles += 1;
  return `Title ${titles}`;
}
const profiles = { sees: 'ViewScriptProfile', takes: 'ManageScriptProfile' } as const;
const scripts = { sees: 'ViewScript', takes: 'ManageScript' } as const;
const computers = { sees: 'ViewComputer', takes: 'ManageComputer' } as const;
const pendings = { sees: 'ViewComputer', takes: 'ManagePendingComputer' } as const;

export const operations: readonly Operation[] = [
  {
    does: 'makes a profile of a script',
    sees: 'ViewScript',
    takes: 'ManageScriptProfile',
    of: ({ script }) => [
      'createScriptProfile',
      {
        title: title(),
        scriptId: script,
        username: 'root',
        timeLimit: 1,
        trigger: { event: { eventType: 'POST_ENROLLMENT' } },
      },
    ],
    unseen: 'SCRIPT_NOT_FOUND',
  },
  {
    does: 'edits a profile',
    ...profiles,
    of: ({ profile }) => ['updateScriptProfile', { id: profile, timeLimit: 7 }],
  },
  { does: 'archives a profile', ...profiles, of: ({ profile }) => ['archiveScriptProfile', { id: profile }] },
  { does: 'pauses a profile', ...profiles, of: ({ profile }) => ['pauseScriptProfile', { id: profile }] },
  { does: 'resumes a profile', ...profiles, of: ({ profile }) => ['resumeScriptProfile', { id: profile }] },
  {
    does: 'runs a profile',
    ...profiles,
    of: ({ profile }) => ['runScriptProfile', { id: profile, idempotencyKey: 'key' }],
  },
  {
    does: 'runs a script',
    sees: 'ViewScript',
    takes: 'ManageScriptProfile',
    of: ({ script, computer }) => [
      'runScript',
      { scriptId: script, computerIds: [computer], username: 'root' },
    ],
  },
  { does: 'cancels a run', ...profiles, of: ({ run }) => ['cancelActivity', { id: run }] },
  {
    does: 'cancels a part of a run',
    ...profiles,
    of: ({ execution }) => ['cancelActivity', { id: execution }],
  },
  {
    does: 'edits a script',
    ...scripts,
    of: ({ script }) => ['updateScript', { id: script, title: title() }],
  },
  { does: 'archives a script', ...scripts, of: ({ script }) => ['archiveScript', { id: script }] },
  {
    does: 'redacts a script',
    sees: 'ViewScript',
    takes: 'RedactScript',
    of: ({ script }) => ['redactScript', { id: script }],
  },
  {
    does: 'retags a computer',
    ...computers,
    of: ({ computer }) => ['retagComputers', { ids: [computer], add: ['a'] }],
  },
  { does: 'removes a computer', ...computers, of: ({ computer }) => ['removeComputer', { id: computer }] },
  {
    does: 'moves a computer to where it is',
    ...computers,
    of: ({ computer }) => ['regroupComputers', { ids: [computer], accessGroup: 'here' }],
  },
  { does: 'accepts a computer', ...pendings, of: ({ pending }) => ['acceptComputers', { ids: [pending] }] },
  { does: 'rejects a computer', ...pendings, of: ({ pending }) => ['rejectComputers', { ids: [pending] }] },
];
