import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Database } from '../../src/database/database.ts';
import { epochSeconds, type Instant, instantOf } from '../../src/domain/time.ts';
import { createStore } from '../../src/repositories/store.ts';
import { hashPassword } from '../../src/services/accounts/password.ts';
import { createServices, type Services } from '../../src/services/index.ts';
import { CHEAP, NOW } from '../support/builders.ts';
import { freshDatabase, resetDatabase } from '../support/database.ts';
import { anAccount } from '../support/rows.ts';

export function logIns(): void {
  // Two replicas with separate services and one database. The test moves the time.

  const EMAIL = 'jane@example.com';
  const HERE = '192.0.2.1';
  const from = (address: string) => ({ address, requestId: 'request' });
  const PASSWORD = 'correct horse battery staple';

  let database: Database;
  let replicas: readonly [Services, Services];
  let now: Instant;
  let passwordHash: string;
  beforeAll(async () => {
    database = await freshDatabase();
    const replica = () => createServices(createStore(database.prisma, async () => now));
    replicas = [replica(), replica()];
    passwordHash = await hashPassword(PASSWORD, CHEAP);
  });
  afterAll(() => database.close());
  beforeEach(async () => {
    now = NOW;
    await resetDatabase(database);
    const { caller } = await anAccount(database.prisma, 'acme', EMAIL);
    await database.prisma.person.updateMany({ where: { id: caller.personId }, data: { passwordHash } });
  });

  const wait = (seconds: number) => {
    now = instantOf(epochSeconds(now) + seconds);
  };

  /** `in`, `wrong`, or the number of seconds until a retry. */
  async function attempt({ email = EMAIL, password = 'wrong', address = HERE, replica = 0 as 0 | 1 } = {}) {
    try {
      await replicas[replica].logIns.withPassword({ email, password }, from(address));
      return 'in';
    } catch (error) {
      const { code, retryAfter } = error as { code: string; retryAfter?: number };
      return code === 'UNAUTHENTICATED' ? 'wrong' : retryAfter;
    }
  }
  const right = (at: { address?: string; replica?: 0 | 1 } = {}) => attempt({ ...at, password: PASSWORD });

  /** Records failures directly, because each real one would take time. */
  const failed = async (subject: 'email' | 'network', failures: number) => {
    await attempt();
    const { count } = await database.prisma.logInAttempts.updateMany({
      where: { subject: { startsWith: `${subject}:` } },
      data: { failures },
    });
    expect(count).toBe(1);
  };

  describe('guessing one person’s password', () => {
    test('is slowed down after ten failures, from any network and on any replica', async () => {
      const outcomes = [];
      for (let guess = 0; guess < 12; guess++) {
        outcomes.push(await attempt({ address: `192.0.2.${guess}`, replica: guess % 2 ? 1 : 0 }));
      }
      expect(outcomes).toEqual([...Array(10).fill('wrong'), 1, 1]);
      wait(1);
      expect([await attempt(), await attempt()]).toEqual(['wrong', 2]);
    });

    test('is slowed down in the same way for an unknown e-mail address', async () => {
      await failed('email', 10);
      const known = await attempt();
      await database.prisma.logInAttempts.deleteMany();
      const email = 'nobody@example.com';
      await attempt({ email });
      await database.prisma.logInAttempts.updateMany({
        where: { subject: { startsWith: 'email:' } },
        data: { failures: 10 },
      });
      expect(await attempt({ email })).toBe(known);
    });

    test('with another spelling of the address does not help', async () => {
      await failed('email', 10);
      expect(await attempt({ email: 'JANE@example.com' })).toBe(1);
    });

    test('with concurrent attempts does not help, because each counts from its start', async () => {
      const outcomes = await Promise.all(
        Array.from({ length: 16 }, (_, guess) => attempt({ replica: guess % 2 ? 1 : 0 })),
      );
      expect(outcomes.filter((outcome) => outcome === 'wrong')).toHaveLength(10);
    });

    test('does not lock the owner out: after at most a minute they log in, and the failures are forgotten', async () => {
      await failed('email', 1_000_000);
      expect(await right()).toBe(60);
      wait(30);
      expect([await right(), await attempt(), await right()]).toEqual([30, 30, 30]);
      wait(30);
      expect(await right()).toBe('in');
      expect([await attempt(), await right()]).toEqual(['wrong', 'in']);
    });
  });

  describe('a network from which the person has logged in', () => {
    const HOME = '2001:db8:1:2::1';

    test('lets the owner log in immediately, however often others guess from elsewhere', async () => {
      expect(await right({ address: HOME })).toBe('in');
      await failed('email', 1_000_000);
      expect([await attempt(), await right()]).toEqual([60, 60]);
      expect(await right({ address: HOME, replica: 1 })).toBe('in');
      expect(await right({ address: '2001:db8:1:2:ffff::2' })).toBe('in');
      expect(await right({ address: '2001:db8:1:3::1' })).toBe(60);
      // The log-in of the owner does not shorten the delay of the others.
      expect(await right()).toBe(60);
    });

    test('has its own count of failures, of which ten are free', async () => {
      await right({ address: HOME });
      const outcomes = [];
      for (let guess = 0; guess < 12; guess++) outcomes.push(await attempt({ address: HOME }));
      expect(outcomes).toEqual([...Array(10).fill('wrong'), 1, 1]);
      expect(await right()).toBe('in');
    });

    test('is remembered for that person only, and for half a year', async () => {
      await right({ address: HOME });
      const email = 'nobody@example.com';
      await attempt({ email });
      await database.prisma.logInAttempts.updateMany({ data: { failures: 11 } });
      expect(await attempt({ email, address: HOME })).toBe(2);
      wait(180 * 86_400 + 1);
      await right({ address: '192.0.2.99' });
      expect(await database.prisma.logInNetwork.count()).toBe(1);
    });
  });

  describe('guessing from one network', () => {
    test('is slowed down after fifty failures for any people, while other networks are not affected', async () => {
      await failed('network', 50);
      expect(await attempt({ email: 'somebody@example.com', replica: 1 })).toBe(1);
      expect(await right({ address: '192.0.2.2' })).toBe('in');
    });

    test('is not compensated by a successful log-in, which counts neither as a failure nor against one', async () => {
      await failed('network', 50);
      wait(1);
      expect(await right()).toBe('in');
      expect(await right()).toBe('in');
      expect(await attempt()).toBe('wrong');
      expect(await right()).toBe(2);
    });

    test('includes access keys', async () => {
      await failed('network', 50);
      const credentials = { accessKey: 'KEY', secretKey: 'secret' };
      await expect(replicas[0].logIns.withAccessKey(credentials, from(HERE))).rejects.toMatchObject({
        code: 'RATE_LIMITED',
        retryAfter: 1,
      });
    });
  });

  test('failures older than an hour are deleted, so that the table cannot be filled', async () => {
    await attempt({ email: 'a@example.com' });
    wait(3601);
    await attempt({ email: 'b@example.com', address: '192.0.2.9' });
    const left = await database.prisma.logInAttempts.findMany();
    expect(left.map(({ subject }) => subject.split(':')[0]).sort()).toEqual(['email', 'network']);
  });

  test('the record of an attempt contains neither the e-mail address nor the network address', async () => {
    await right();
    await attempt();
    const { logInAttempts, logInNetwork } = database.prisma;
    const stored = JSON.stringify([await logInAttempts.findMany(), await logInNetwork.findMany()]);
    expect(stored).not.toMatch(/jane|192\.0\.2/i);
  });

  test('at most 32 passwords are checked at once, and further attempts must wait a second', async () => {
    const outcomes = await Promise.all(
      Array.from({ length: 40 }, (_, one) =>
        attempt({ email: `${one}@example.com`, address: `10.0.0.${one}` }),
      ),
    );
    expect(outcomes.filter((outcome) => outcome === 1)).toHaveLength(8);
    expect(outcomes.filter((outcome) => outcome === 'wrong')).toHaveLength(32);
  });

  describe('a revoked token', () => {
    const token = { id: 'a token', issuedAt: NOW, expiresAt: instantOf(epochSeconds(NOW) + 3600) };
    const bearer = (replica: 0 | 1) => replicas[replica].people.caller('acme', EMAIL, token);

    test('is refused by every replica from then on, and forgotten after it would have expired on any clock', async () => {
      const caller = (await bearer(1))!;
      await replicas[0].tokens.logOut({ kind: 'person', caller, token });
      expect(await bearer(1)).toBeUndefined();
      wait(3601);
      const expired = { ...token, id: 'expired', expiresAt: now };
      await replicas[0].tokens.logOut({ kind: 'person', caller, token: expired });
      expect(await bearer(1)).toBeUndefined();
      wait(3601);
      await replicas[0].tokens.logOut({
        kind: 'person',
        caller,
        token: { ...token, id: 'another', expiresAt: now },
      });
      expect((await database.prisma.revokedToken.findMany()).map(({ tokenId }) => tokenId)).toEqual([
        'another',
      ]);
    });

    test('together with all others of the person, or of the account, is refused by every replica', async () => {
      const caller = (await bearer(1))!;
      await replicas[0].tokens.invalidateAccount(caller, token);
      expect(await bearer(1)).toBeUndefined();
      const later = { ...token, id: 'later', issuedAt: instantOf(epochSeconds(NOW) + 1) };
      expect(await replicas[1].people.caller('acme', EMAIL, later)).toEqual(caller);
      await replicas[0].tokens.logOut({ kind: 'person', caller, token: later }, { everywhere: true });
      expect(await replicas[1].people.caller('acme', EMAIL, { ...later, id: 'third' })).toBeUndefined();
    });
  });
}
