import { parseArgs } from 'node:util';
import type { Bench } from './lib/bench.ts';
import type { CaseResult } from './overload/case-result.ts';
import { fewFiles, fullDisk, noLogReader } from './overload/poor-hosts.ts';
import { silentModel, slowProviders } from './overload/slow-providers.ts';
import { tooManyRooms } from './overload/too-many-rooms.ts';

/**
 * What a worker does when there is too much of the work or too little of what it needs: all cases, or
 * those named by `--only many-rooms`, `slow-providers`, `silent-model`, `full-disk`, `no-log-reader`,
 * `few-files`. Nothing may crash, no talk may be lost, and who is refused must be told.
 */
export const overload: Bench = async (args) => {
  const { values } = parseArgs({
    args: [...args],
    options: { only: { type: 'string', multiple: true, default: Object.keys(CASES) } },
  });
  const cases: CaseResult[] = [];
  for (const name of values.only) {
    const run = CASES[name];
    if (run === undefined) {
      throw new Error(`no case ${name}; there are ${Object.keys(CASES).join(', ')}`);
    }
    cases.push(await run());
    console.error(`overload: ${JSON.stringify(cases.at(-1))}`);
  }
  console.table(cases.map(({ figures: _figures, ...columns }) => columns));
  return { cases };
};

const CASES: Readonly<Record<string, () => Promise<CaseResult>>> = {
  'many-rooms': tooManyRooms,
  'slow-providers': slowProviders,
  'silent-model': silentModel,
  'full-disk': fullDisk,
  'no-log-reader': noLogReader,
  'few-files': () => fewFiles(64, 12),
};
