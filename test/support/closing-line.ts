import type { Reporter, TestModule } from 'vitest/node';

/**
 * Reports the whole run in one last line, `N passed, N failed`, for a CI that reads no colours and no
 * tables. What fails outside of a test (an import, a hook, a stray rejection) counts as a failure too.
 */
export function makeClosingLine(): Reporter {
  return {
    onTestRunEnd(modules, unhandledErrors) {
      const count = countOf(modules);
      const failed = count.failed + unhandledErrors.length;
      const skipped = count.skipped > 0 ? `, ${count.skipped} skipped` : '';
      // At the exit: the coverage report comes after this event.
      process.once('exit', () => console.log(`${count.passed} passed, ${failed} failed${skipped}`));
    },
  };
}

function countOf(modules: readonly TestModule[]) {
  const count = { passed: 0, failed: 0, skipped: 0, pending: 0 };
  for (const module of modules) {
    for (const test of module.children.allTests()) count[test.result().state]++;
    for (const suite of [module, ...module.children.allSuites()]) count.failed += suite.errors().length;
  }
  return count;
}
