import { insertRows } from '../../src/demo/inserts.ts';
import { accountPermissions, groupPermissions } from '../../src/domain/accounts/access.ts';
import type { AccessGroup } from '../../src/domain/accounts/access-group.ts';
import type { RoleDraft } from '../../src/domain/accounts/role.ts';
import { accessGroupRepository } from '../../src/repositories/accounts/access-groups.ts';
import { savePerson } from '../../src/repositories/accounts/accounts.ts';
import { roleRepository } from '../../src/repositories/accounts/roles.ts';
import type { TestApp } from '../support/app.ts';
import { NOW } from '../support/builders.ts';
import { anAccount, aRun, insert, type TestAccount } from '../support/rows.ts';

/** A role in the form that tests use. */
export type RoleOf = Partial<Omit<RoleDraft, 'accessGroups' | 'persons' | 'name'>> & {
  readonly groups: readonly AccessGroup[];
};

/** The objects in one access group. */
export interface Things {
  readonly script: number;
  readonly profile: number;
  readonly computer: number;
  readonly pending: number;
  readonly run: number;
  readonly execution: number;
}

/** An account for tests that create their own access groups, and people with exactly the given roles. */
export class AccessWorld {
  /** Far above the numbers of the sequences. */
  private made = 100_000;
  private people = 0;

  private constructor(
    readonly app: TestApp,
    readonly account: TestAccount,
  ) {}

  static async in(app: TestApp, name = 'acme'): Promise<AccessWorld> {
    return new AccessWorld(app, await anAccount(app.database.prisma, name));
  }

  get prisma() {
    return this.app.database.prisma;
  }

  /** Token of a person with all permissions. */
  get admin(): string {
    return this.app.token('jane@example.com', this.account.name);
  }

  group(name: string, parent: AccessGroup = this.account.root): Promise<AccessGroup> {
    const group = { name, title: name, parentId: parent.id };
    return accessGroupRepository(this.prisma).insert(this.account.id, group);
  }

  /** Creates a person with exactly these roles, and returns their token. */
  async person(...roles: readonly RoleOf[]): Promise<string> {
    this.people += 1;
    const email = `person${this.people}@example.com`;
    const id = await savePerson(this.prisma, {
      accountId: this.account.id,
      email,
      name: email,
      passwordHash: null,
      now: NOW,
    });
    for (const [index, { groups, ...role }] of roles.entries()) {
      await roleRepository(this.prisma).insert(this.account.id, {
        description: '',
        permissions: [],
        accountPermissions: [],
        ...role,
        name: `role ${this.people}.${index}`,
        isGlobalAdmin: false,
        accessGroups: groups,
        persons: [{ id, email, name: email }],
      });
    }
    return this.app.token(email, this.account.name);
  }

  /** Creates a person with all permissions except for this one. */
  everythingBut(missing: string): Promise<string> {
    return this.person({
      permissions: groupPermissions.filter((permission) => permission !== missing),
      accountPermissions: accountPermissions.filter((permission) => permission !== missing),
      groups: [this.account.root],
    });
  }

  /** Creates objects in a group: a script, a profile that ran on one computer, and a pending computer. */
  async fill(group: AccessGroup): Promise<Things> {
    const accessGroupId = group.id;
    this.made += 10;
    const [script, profile, computer] = [this.made, this.made + 1, this.made + 2];
    const [pending, run] = [this.made + 3, this.made + 4];
    const one = (table: Parameters<typeof insert>[1], row: { id: number }) =>
      insert(this.prisma, table, this.account, [{ accessGroupId, ...row }]);
    await one('script', { id: script });
    await one('script_profile', { id: profile, scriptId: script, tags: ['tag'] } as never);
    await one('computer', { id: computer });
    await insertRows(this.prisma, 'computer_tag', this.account.id, [
      { computerId: computer, tag: `tag-${group.name}`, position: 1 },
    ]);
    await one('computer', { id: pending, status: 'pending', acceptedAt: null } as never);
    const activities = aRun(run, profile, [{ computerId: computer, status: 'undelivered' }]);
    await insert(this.prisma, 'activity', this.account, activities);
    const slot = { scriptProfileId: profile, status: 'skipped', reason: 'outage', runId: null, number: 1 };
    await insertRows(this.prisma, 'slot_entry', this.account.id, [
      { id: profile, ...slot, firstSlot: NOW, lastSlot: NOW },
    ]);
    return { script, profile, computer, pending, run, execution: run + 1 };
  }
}

/** The code of the first error or refusal in an answer, or `done`. */
export function outcomeOf({ data, errors = [] }: { data?: unknown; errors?: readonly unknown[] }): string {
  const [error] = errors as { extensions: { code: string } }[];
  const [refusal] = Object.values(
    (data ?? {}) as Record<string, { userErrors?: { code: string }[] } | null>,
  ).flatMap((field) => field?.userErrors ?? []);
  return error?.extensions.code ?? refusal?.code ?? 'done';
}
