import { globSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { LINES } from '../../src/ops/observe.ts';

/** Every `what` of a warning in the source: as it stands, or the constant of that file that it names. */
function warningsIn(path: string): readonly string[] {
  const source = readFileSync(path, 'utf8');
  const constants = new Map(
    [...source.matchAll(/const (\w+) =\s+'([^']+)'/g)].map(([, name, text]) => [name, text]),
  );
  const told = source.matchAll(/type: 'warning',\s*what(?:: (?:'(?<text>[^']+)'|(?<name>\w+)))?/g);
  return [...told].map(({ groups }) => {
    const text = groups?.['text'] ?? constants.get(groups?.['name'] ?? 'what');
    if (text === undefined) throw new Error(`${path}: this test cannot find what is warned of`);
    return `warn warning: ${text}`;
  });
}

/** `level line` of every row of the runbook's table. */
function documented(): readonly string[] {
  const [, section = ''] = readFileSync('docs/runbook.md', 'utf8').split('\n## Log lines\n');
  const [own = ''] = section.split('\n## ');
  const rows = [...own.matchAll(/^\| (warn|error) \| `([^`]+)` \| ([^|]+) \| ([^|]+) \|$/gm)];
  return rows.map(([, level, line]) => `${level} ${line}`);
}

it('the runbook explains every line of level warn and error, and no other', () => {
  const lines = Object.entries(LINES)
    .filter(([type, [level]]) => type !== 'warning' && (level === 'warn' || level === 'error'))
    .map(([, [level, message]]) => `${level} ${message}`);
  const files = globSync('src/**/*.ts').filter((path) => path !== 'src/ports/observe.ts');
  const warnings = files.flatMap(warningsIn);
  expect(warnings.length).toBeGreaterThan(5);
  expect(documented().toSorted()).toEqual([...lines, ...new Set(warnings)].toSorted());
});
