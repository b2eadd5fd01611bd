/**
 * A process that opens the database of the given URL, and executes the lines on its standard input: `write <name>`,
 * `names`, `close`. It answers each with one line of JSON.
 */
import { createInterface } from 'node:readline';
import { openDatabase } from '../../src/database/database.ts';

const say = (value: unknown) => console.log(JSON.stringify(value));

try {
  const database = await openDatabase({ url: process.argv[2] ?? '' });
  say({ opened: process.pid });
  for await (const line of createInterface({ input: process.stdin })) {
    const [verb, name = ''] = line.split(' ');
    if (verb === 'write') {
      const data = { name, title: name, createdAt: new Date('2024-01-01T00:00:00Z') };
      await database.prisma.account.create({ data });
      say({ written: name });
    }
    if (verb === 'names') {
      const accounts = await database.prisma.account.findMany({ orderBy: { id: 'asc' } });
      say({ names: accounts.map((account) => account.name) });
    }
    if (verb === 'close') {
      await database.close();
      say({ closed: process.pid });
      break;
    }
  }
} catch (error) {
  say({ refused: (error as Error).message });
}
process.exit();
