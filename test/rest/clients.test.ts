import { describe } from '@jest/globals';
import { closeSharedApp } from '../support/shared-app.ts';
import { boot } from './boot.ts';
import { dashboard } from './dashboard.ts';
import { logIn } from './log-in.ts';
import { neighbourPages } from './neighbours.ts';
import { openapiDescription } from './openapi.ts';
import { openapiExamples } from './openapi-examples.ts';
import { people } from './people.ts';
import { roles } from './roles.ts';
import { scriptPages } from './script-pages.ts';
import { terraform } from './terraform.ts';

// The requests of clients of the real system, step by step. All parts share one server: see shared-app.ts.

closeSharedApp();

describe('boot', boot);
describe('log in', logIn);
describe('neighbours', neighbourPages);
describe('script pages', scriptPages);
describe('terraform', terraform);
describe('examples of the OpenAPI description', openapiExamples);
describe('dashboard', dashboard);
describe('roles', roles);
describe('people', people);
describe('OpenAPI description', openapiDescription);
