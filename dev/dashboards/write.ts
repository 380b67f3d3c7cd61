import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ask } from './ask.ts';
import { BOARDS } from './boards.ts';
import { toGrafana } from './grafana.ts';

/**
 * Writes the dashboards into the chart. With `--ask http://127.0.0.1:9090` it also puts every query to
 * that Prometheus, over the last `--minutes 15`, and tells which have no data there.
 */
const { values } = parseArgs({
  options: { ask: { type: 'string' }, minutes: { type: 'string', default: '15' } },
});

const FOLDER = join(import.meta.dirname, '../../helm/troupe/dashboards');
const STEP_S = 15;

await mkdir(FOLDER, { recursive: true });
for (const board of BOARDS) {
  const json = JSON.stringify(toGrafana(board), undefined, 2);
  await writeFile(join(FOLDER, `${board.name}.json`), `${json}\n`);
}
if (values.ask !== undefined) {
  const end = Math.floor(Date.now() / 1000);
  await ask(values.ask, BOARDS, {
    start: end - Number(values.minutes) * 60,
    end,
    step: STEP_S,
  });
}
