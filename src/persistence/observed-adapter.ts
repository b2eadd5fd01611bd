import type { SqlDriverAdapterFactory, SqlQueryable } from '@prisma/driver-adapter-utils';
import type { Observer } from '../services/observer.ts';

/** The same adapter, whose every statement is heard of; COMMIT and ROLLBACK too, where the driver does not send them. */
export function observedAdapter(
  factory: SqlDriverAdapterFactory,
  observer: () => Pick<Observer, 'statement'>,
): SqlDriverAdapterFactory {
  return {
    provider: factory.provider,
    adapterName: factory.adapterName,
    connect: async () => {
      const adapter = await factory.connect();
      const startTransaction = adapter.startTransaction.bind(adapter);
      adapter.startTransaction = async (isolationLevel) =>
        observed(await startTransaction(isolationLevel), observer);
      return observed(adapter, observer);
    },
  };
}

function observed<Queryable extends SqlQueryable>(
  queryable: Queryable,
  observer: () => Pick<Observer, 'statement'>,
): Queryable {
  const queryRaw = queryable.queryRaw.bind(queryable);
  const executeRaw = queryable.executeRaw.bind(queryable);
  queryable.queryRaw = (query) => observer().statement(query.sql, () => queryRaw(query));
  queryable.executeRaw = (query) => observer().statement(query.sql, () => executeRaw(query));
  return queryable;
}
