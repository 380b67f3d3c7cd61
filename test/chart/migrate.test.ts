import { execFile } from 'node:child_process';
import { cp, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it, onTestFinished } from 'vitest';
import { findTool } from '../../dev/tools/tools.ts';
import { useDatabase } from '../support/stack.ts';
import { CHART } from './render.ts';

const database = useDatabase({ migrated: false });
/** The Job's own image has one; a machine that has none runs everything but this. */
const missing = await findTool('psql').then(
  () => undefined,
  (error: Error) => error.message,
);

/** Runs the Job's script as its container would, with the SQL in `folder`. */
async function migrate(folder = 'supabase/migrations'): Promise<readonly string[]> {
  const { stdout } = await promisify(execFile)('sh', ['-eu', `${CHART}/files/migrate.sh`], {
    env: {
      PATH: process.env['PATH'],
      DATABASE_URL: database().connectionString,
      SQL: folder,
    },
  });
  return stdout.trim().split('\n');
}

const entries = async (): Promise<readonly string[]> => {
  const rows = await database().sql<{ name: string }>(
    `select version || '_' || name as name from supabase_migrations.schema_migrations order by 1`,
  );
  return rows.map(({ name }) => name);
};

it.skipIf(missing !== undefined)(
  `runs every migration once, a broken one not by half, and goes on after it${missing === undefined ? '' : `; skipped: ${missing}`}`,
  async () => {
    const files = (await readdir('supabase/migrations'))
      .map((file) => file.replace('.sql', ''))
      .sort();
    expect(await migrate()).toEqual(files.map((name) => `${name}: done`));
    expect(await entries()).toEqual(files);
    expect(await migrate()).toEqual(files.map((name) => `${name}: there already`));

    const folder = await mkdtemp(join(tmpdir(), 'troupe-migrations-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    await cp('supabase/migrations', folder, { recursive: true });
    const next = join(folder, '99990101000000_next.sql');
    await writeFile(next, 'create table half (); select 1 / 0;');
    await expect(migrate(folder)).rejects.toThrow('division by zero');
    expect(await database().sql(`select to_regclass('half') as half`)).toEqual([{ half: null }]);
    expect(await entries()).toEqual(files);

    await writeFile(next, 'create table whole ();');
    expect((await migrate(folder)).at(-1)).toBe('99990101000000_next: done');
    expect(await entries()).toEqual([...files, '99990101000000_next']);
  },
  120_000,
);
