import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { judgeAudit } from './judge.ts';
import type { Exception } from './judge.ts';
import { runNpm } from './npm.ts';

/*
 * Asks the registry for advisories on what production installs, and holds them against
 * exceptions.json. Where the registry does not answer, as behind a mirror of packages alone, it says
 * so and passes; `--must-answer`, for a release, fails then.
 */
const { values } = parseArgs({
  options: {
    'must-answer': { type: 'boolean', default: false },
    exceptions: { type: 'string', default: join(import.meta.dirname, 'exceptions.json') },
  },
});
const exceptions = JSON.parse(await readFile(values.exceptions, 'utf8')) as readonly Exception[];
const report = await runNpm([
  'audit',
  '--omit=dev',
  '--json',
  '--fetch-retries=0',
  '--fetch-timeout=20000',
]);
const today = new Date().toISOString().slice(0, 10);
const { problems, answered, notes } = judgeAudit(JSON.parse(report) as object, exceptions, today);

for (const line of [...notes, ...problems]) console.log(line);
if (answered) console.log(`audit: ${problems.length} problems, ${exceptions.length} exceptions`);
else console.log('audit: NOT DONE, no advisory was seen');
if (problems.length > 0 || (!answered && values['must-answer'])) process.exitCode = 1;
