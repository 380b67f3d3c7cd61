import type { Reporter, TestModule } from 'vitest/node';

/**
 * Reports the whole run in one last line, `N passed, N failed`, for a CI that reads no colours and no
 * tables. What fails outside of a test (an import, a hook, a stray rejection) counts as a failure, and
 * so does a test that never came to its end.
 */
export function makeClosingLine(): Reporter {
  return {
    onTestRunEnd(modules, unhandledErrors) {
      const { passed, failed, pending, skipped } = countOf(modules);
      const line = `${passed} passed, ${failed + pending + unhandledErrors.length} failed`;
      // At the exit: the coverage report comes after this event.
      process.once('exit', () => console.log(skipped > 0 ? `${line}, ${skipped} skipped` : line));
    },
  };
}

function countOf(modules: readonly TestModule[]) {
  const count = { passed: 0, failed: 0, pending: 0, skipped: 0 };
  for (const module of modules) {
    for (const test of module.children.allTests()) count[test.result().state]++;
    for (const suite of [module, ...module.children.allSuites()]) {
      count.failed += suite.errors().length;
    }
  }
  return count;
}
