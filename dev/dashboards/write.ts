import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ask } from './ask.ts';
import { BOARDS } from './boards.ts';
import { toGrafana } from './grafana.ts';
import { writePicture } from './picture/pictures.ts';

/**
 * Writes the dashboards into the chart. With `--ask http://127.0.0.1:9090` it also puts every query to
 * that Prometheus, over the `--minutes 15` before `--until` (a time as in 2026-01-31T12:00Z; now), and
 * tells which have no data there; with `--pictures docs` it draws into that folder what the dashboards
 * then look like.
 */
const { values } = parseArgs({
  options: {
    ask: { type: 'string' },
    minutes: { type: 'string', default: '15' },
    until: { type: 'string', default: new Date().toISOString() },
    pictures: { type: 'string' },
  },
});

const FOLDER = join(import.meta.dirname, '../../helm/troupe/dashboards');
const STEP_S = 15;

await mkdir(FOLDER, { recursive: true });
for (const board of BOARDS) {
  const json = JSON.stringify(toGrafana(board), undefined, 2);
  await writeFile(join(FOLDER, `${board.name}.json`), `${json}\n`);
}
if (values.ask !== undefined) await look(values.ask, Number(values.minutes));
else if (values.pictures !== undefined) {
  throw new Error('--pictures needs data: name a Prometheus by --ask http://HOST:PORT');
}

async function look(address: string, minutes: number): Promise<void> {
  if (!(minutes > 0)) throw new Error(`--minutes is a number above 0, not ${minutes}`);
  const end = Math.floor(Date.parse(values.until) / 1000);
  if (Number.isNaN(end))
    throw new Error(`--until is a time as in 2026-01-31T12:00Z, not ${values.until}`);
  const span = { start: end - minutes * 60, end, step: STEP_S };
  await ask(address, BOARDS, span);
  if (values.pictures === undefined) return;
  for (const board of BOARDS) {
    await writePicture(board.name, toGrafana(board), { address, span, folder: values.pictures });
  }
}
