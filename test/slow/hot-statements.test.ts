import { hotStatements } from '../repositories/hot-statements.ts';

hotStatements({ accounts: 50, profiles: 20_000, computers: 1000, activities: 1_000_000 });
