import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** JavaScript, since jest loads it without its transforms. The workers inherit the environment set here. */
export default function setup() {
  const prepared = JSON.parse(runTemplates('prepare'));
  process.env.TEST_TEMPLATE_DUMP = prepared.dumps.migrated;
  process.env.TEST_EMPTY_DUMP = prepared.dumps.empty;
  if (prepared.database) process.env.TEST_TEMPLATE_DATABASE = prepared.database;
}

export function runTemplates(...command) {
  const script = fileURLToPath(new URL('templates.ts', import.meta.url));
  // Without jest's own NODE_OPTIONS; what goes wrong there is printed, and stops the run here.
  const options = { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'], timeout: 120_000 };
  const env = { ...process.env, NODE_OPTIONS: '' };
  return execFileSync(process.execPath, ['--import', 'tsx', script, ...command], { ...options, env });
}
