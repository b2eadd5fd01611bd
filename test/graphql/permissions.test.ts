import { describe } from '@jest/globals';
import { closeSharedApp } from '../support/shared-app.ts';
import { accessProperty } from './access-property.ts';
import { accessQueries } from './access-queries.ts';
import { newProfile } from './new-profile.ts';
import { people } from './people.ts';
import { roleLists } from './role-lists.ts';
import { roles } from './roles.ts';

// The visibility of objects and the permitted actions, depending on the caller's roles.

closeSharedApp();

describe('access property', accessProperty);
describe('access queries', accessQueries);
describe('people', people);
describe('roles', roles);
describe('role lists', roleLists);
describe('new profile', newProfile);
