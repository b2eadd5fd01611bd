import { hotStatements } from './hot-statements.ts';

// So much that a plan that reads a whole table costs more than the right one. A million activities: test/slow.
hotStatements({ accounts: 50, profiles: 2000, computers: 200, activities: 40_000 });
