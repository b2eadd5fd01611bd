import { createConfig, lintFromString } from '@redocly/openapi-core';
import spectral, { type RulesetDefinition } from '@stoplight/spectral-core';
import { oas } from '@stoplight/spectral-rulesets';
import { legacyActions } from '../../src/rest/actions/actions.ts';
import { openapi } from '../../src/rest/openapi/openapi.ts';
import { subjects } from '../../src/rest/rest-api.ts';

// Part of `npm run check`: checks the OpenAPI document with the rules of Spectral and Redocly.
const source = JSON.stringify(openapi(subjects, legacyActions));

const linter = new spectral.Spectral();
linter.setRuleset({
  extends: [oas as RulesetDefinition],
  // The contact is the operator, and a complete summary needs no description.
  rules: { 'info-contact': 'off', 'operation-description': 'off' },
});
const bySpectral = (await linter.run(source)).map(
  ({ code, message, path }) => `${path.join('.')}: ${message} (spectral, ${code})`,
);

const byRedocly = (
  await lintFromString({
    source,
    absoluteRef: 'openapi.json',
    // No license is declared, because the package is private.
    config: await createConfig({ extends: ['recommended'], rules: { 'info-license': 'off' } }),
  })
).map(({ ruleId, message, location }) => `${location[0]?.pointer ?? ''}: ${message} (redocly, ${ruleId})`);

const problems = [...bySpectral, ...byRedocly];
if (problems.length > 0) {
  console.error(['The OpenAPI description breaks rules:', ...problems].join('\n  '));
  process.exitCode = 1;
}
