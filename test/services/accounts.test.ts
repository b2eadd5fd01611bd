import { describe } from '@jest/globals';
import { emailAddresses } from './email-addresses.ts';
import { logIns } from './log-ins.ts';
import { password } from './password.ts';
import { permissionFirst } from './permission-first.ts';

// People, their log-ins and their permissions.

describe('email addresses', emailAddresses);
describe('log ins', logIns);
describe('password', password);
describe('permission first', permissionFirst);
