import { runTemplates } from './global-setup.js';

export default function teardown() {
  if (process.env.TEST_TEMPLATE_DATABASE) runTemplates('drop', process.env.TEST_TEMPLATE_DATABASE);
}
