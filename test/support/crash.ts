import type { Database } from '../../src/persistence/database.ts';

/** A client whose transactions break off before the statement with this number, from 1, as if the process had died. */
export function breakingOff(prisma: Database['prisma'], before: number): Database['prisma'] {
  let number = 0;
  const counting = <Target extends object>(tx: Target): Target =>
    new Proxy(tx, {
      get(object, name) {
        const member: unknown = Reflect.get(object, name);
        if (name !== '$queryRaw' && name !== '$executeRaw') return member;
        return (...statement: unknown[]) => {
          number += 1;
          if (number === before) throw new Error('It broke off.');
          return (member as (...statement: unknown[]) => unknown).apply(object, statement);
        };
      },
    });
  return new Proxy(prisma, {
    get(object, name) {
      const member: unknown = Reflect.get(object, name);
      if (name !== '$transaction') return member;
      return (work: (tx: object) => unknown, ...options: unknown[]) =>
        (member as (...call: unknown[]) => unknown).call(
          object,
          (tx: object) => work(counting(tx)),
          ...options,
        );
    },
  });
}
