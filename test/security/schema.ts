import type { Database } from '../../dev/database/database.ts';

/** What the catalog knows of the schema that PostgREST serves. */
export interface Schema {
  readonly tables: readonly SchemaTable[];
  readonly functions: readonly SchemaFunction[];
}

/** A table or view. */
export interface SchemaTable {
  readonly name: string;
  readonly isView: boolean;
  readonly hasRls: boolean;
  readonly policies: number;
  /** Columns that may be written, each with a value that it takes. */
  readonly writable: readonly { readonly name: string; readonly value: unknown }[];
}

/** A function, with a value for each of its arguments. */
export interface SchemaFunction {
  readonly name: string;
  readonly args: Readonly<Record<string, unknown>>;
  /** Whether it acts with its owner's rights instead of its caller's. */
  readonly isDefiner: boolean;
}

/** Reads the catalog. @throws Error for a type of which no value is known here. */
export async function readSchema(database: Database): Promise<Schema> {
  const tables = await database.sql<{
    name: string;
    is_view: boolean;
    has_rls: boolean;
    policies: number;
    columns: readonly { name: string; type: string }[];
  }>(`
    select c.relname as name, c.relkind in ('v', 'm') as is_view, c.relrowsecurity as has_rls,
      (select count(*)::int from pg_policy where polrelid = c.oid) as policies,
      (select coalesce(jsonb_agg(jsonb_build_object(
          'name', attname, 'type', format_type(atttypid, null)) order by attnum), '[]')
        from pg_attribute
        where attrelid = c.oid and attnum > 0 and not attisdropped
          and attidentity = '' and attgenerated = '') as columns
    from pg_class c
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v', 'm', 'f')
    order by name`);
  const functions = await database.sql<{
    name: string;
    is_definer: boolean;
    args: readonly { name: string; type: string }[];
  }>(`
    select p.proname as name, p.prosecdef as is_definer,
      (select coalesce(jsonb_agg(jsonb_build_object(
          'name', p.proargnames[place], 'type', format_type(type, null)) order by place), '[]')
        from unnest(p.proargtypes) with ordinality as listed (type, place)) as args
    from pg_proc p
    where p.pronamespace = 'public'::regnamespace and p.prokind = 'f'
      and p.prorettype not in ('trigger'::regtype, 'event_trigger'::regtype)
      and not exists (select from pg_depend where objid = p.oid and deptype = 'e')
    order by name`);
  return {
    tables: tables.map(({ name, is_view, has_rls, policies, columns }) => ({
      name,
      isView: is_view,
      hasRls: has_rls,
      policies,
      writable: columns.map((column) => ({ name: column.name, value: valueOf(column.type) })),
    })),
    functions: functions.map(({ name, is_definer, args }) => ({
      name,
      isDefiner: is_definer,
      args: Object.fromEntries(args.map((one) => [one.name, valueOf(one.type)])),
    })),
  };
}

/** Puts a row into every table that has none; rules on values that stand against it are dropped. */
export async function fillTables(database: Database): Promise<void> {
  const { tables } = await readSchema(database);
  for (const { name, isView, writable } of tables) {
    const rows = await database.sql(`select from public.${quote(name)} limit 1`);
    if (isView || rows.length > 0) continue;
    const rules = await database.sql<{ conname: string }>(
      `select conname from pg_constraint where contype in ('c', 'f') and conrelid = $1::regclass`,
      [`public.${quote(name)}`],
    );
    for (const { conname } of rules) {
      await database.sql(`alter table public.${quote(name)} drop constraint ${quote(conname)}`);
    }
    const columns = writable.map((column) => quote(column.name)).join(', ');
    const row = JSON.stringify(Object.fromEntries(writable.map((one) => [one.name, one.value])));
    await database.sql(
      `insert into public.${quote(name)} (${columns})
       select ${columns} from jsonb_populate_record(null::public.${quote(name)}, $1)`,
      [row],
    );
  }
}

function valueOf(type: string): unknown {
  const known = VALUES.find(([pattern]) => pattern.test(type));
  if (known === undefined) throw new Error(`give a value of ${type} to test/security/schema.ts`);
  return known[1];
}

const VALUES: readonly (readonly [RegExp, unknown])[] = [
  [/\[\]$/, []],
  [/^(?:text|character)/, 'x'],
  [/^(?:smallint|integer|bigint|numeric|real|double)/, 1],
  [/^boolean/, true],
  [/^jsonb?$/, []],
  [/^(?:timestamp|date)/, '2026-01-01T00:00:00Z'],
  [/^interval/, '1 second'],
  [/^uuid/, '00000000-0000-4000-8000-000000000000'],
  [/^bytea/, '\\x00'],
];

function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
