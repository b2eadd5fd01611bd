import { hotStatements } from './hot-statements.ts';

// Enough rows that reading a whole table costs more than the right plan. test/slow has a million activities.
hotStatements({ accounts: 50, profiles: 2000, computers: 200, activities: 40_000 });
