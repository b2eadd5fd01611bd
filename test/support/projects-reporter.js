/** Ends the run with what ran where: a suite that ran on no database would otherwise not be missed. */
export default class ProjectsReporter {
  onRunComplete(_contexts, { testResults }) {
    const counts = new Map();
    for (const { displayName, numPassingTests } of testResults) {
      const { suites, tests } = counts.get(displayName?.name) ?? { suites: 0, tests: 0 };
      counts.set(displayName?.name, { suites: suites + 1, tests: tests + numPassingTests });
    }
    const lines = [...counts].map(
      ([name, { suites, tests }]) => `${name}: ${suites} suites, ${tests} tests passed`,
    );
    process.stderr.write(`\n${['Projects', ...lines].join('\n  ')}\n`);
  }
}
