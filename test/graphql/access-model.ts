import type { Permission } from '../../src/domain/accounts/access.ts';

/** A generated world. Each group is numbered after its parent. */
export interface Drawing {
  /** The parent of each group from group 1 on. Group 0 is the root. */
  readonly tree: readonly number[];
  readonly scripts: readonly { id: number; group: number }[];
  readonly profiles: readonly {
    id: number;
    script: number;
    group: number;
    tags: readonly string[] | 'all';
  }[];
  readonly computers: readonly { id: number; group: number; tags: readonly string[]; pending: boolean }[];
  readonly runs: readonly { id: number; profile: number; computers: readonly number[] }[];
}

export interface DrawnRole {
  readonly permissions: readonly Permission[];
  readonly groups: readonly number[];
}

/** A naive implementation of the rules: the objects that a person with these roles sees. */
export class Model {
  constructor(
    private readonly world: Drawing,
    private readonly roles: readonly DrawnRole[],
  ) {}

  private above = (group: number): number[] =>
    group === 0 ? [0] : [group, ...this.above(this.world.tree[group - 1]!)];

  private accountWide = (permission: Permission) => /Role|Account|Event/.test(permission);

  holds = (permission: Permission, group: number) =>
    this.roles.some(
      (role) =>
        role.permissions.includes(permission) &&
        (this.accountWide(permission) || role.groups.some((granted) => this.above(group).includes(granted))),
    );

  holdsSomewhere = (permission: Permission) => this.groups().some((group) => this.holds(permission, group));

  groups = () => [0, ...this.world.tree.map((_, index) => index + 1)];

  knownGroups = () =>
    this.groups().filter((group) =>
      this.roles.some((role) => role.permissions.some((permission) => this.holds(permission, group))),
    );

  scripts = () => this.world.scripts.filter(({ group }) => this.holds('ViewScript', group));
  profiles = () => this.world.profiles.filter(({ group }) => this.holds('ViewScriptProfile', group));
  computers = () => this.world.computers.filter(({ group }) => this.holds('ViewComputer', group));
  runs = () => this.world.runs.filter((run) => this.profiles().some(({ id }) => id === run.profile));

  /** Profiles in a group or its descendants, if the caller knows the group. */
  profilesIn = (named: number) =>
    this.profiles().filter(
      ({ group }) => this.above(group).includes(named) && this.knownGroups().includes(named),
    );

  reached = (profile: Drawing['profiles'][number]) =>
    this.world.computers.filter(
      ({ group, tags, pending }) =>
        !pending &&
        this.above(group).includes(profile.group) &&
        (profile.tags === 'all' || profile.tags.some((tag) => tags.includes(tag))),
    );

  tags = () => [...new Set(this.computers().flatMap(({ pending, tags }) => (pending ? [] : tags)))].sort();
}
