import { readImports } from './imports.ts';
import type { Import } from './imports.ts';

/** What each folder of `src` may import from besides itself; `errors` is open to all. */
const MAY_IMPORT: Readonly<Record<string, string>> = {
  main: 'cli',
  cli: 'app config',
  app: `config room worker ops resilience adapters mode reply gateway recorder
        conversation memory character cost ports lib`,
  config: 'variables variable lib',
  variables: 'variable lib',
  variable: 'lib',
  room: 'recorder conversation mode reply memory character cost ports lib',
  mode: 'reply memory character cost ports lib',
  reply: 'memory character cost ports lib',
  memory: 'cost ports lib',
  character: 'ports lib',
  cost: 'ports lib',
  conversation: 'lib',
  recorder: 'conversation ports lib',
  worker: 'ports lib',
  gateway: 'ports lib',
  ops: 'ports lib',
  resilience: 'ports lib',
  adapters: 'ports lib',
  ports: 'lib',
  lib: '',
};

/** Files whose types are free to import from everywhere; they import only types themselves. */
const VOCABULARY = [
  'src/conversation/events.ts',
  'src/conversation/commands.ts',
  'src/conversation/state.ts',
  'src/memory/context.ts',
  'src/character/character.ts',
  'src/ports/bot.ts',
  'src/worker/activation.ts',
];

/** Packages that a vocabulary file may use as values. */
const VOCABULARY_PACKAGES: Readonly<Record<string, readonly string[]>> = {
  'src/worker/activation.ts': ['zod', 'node:crypto'],
  'src/memory/context.ts': ['zod'],
  'src/character/character.ts': ['zod'],
};

/** The rules of the house (design: The house) that the imports of `files` break; empty if none. */
export function findViolations(files: ReadonlyMap<string, string>): readonly string[] {
  return [...files].flatMap(([path, source]) =>
    readImports(path, source)
      .map((one) => ({ one, why: whyForbidden(one) }))
      .filter(({ why }) => why !== undefined)
      .map(({ one, why }) => `${one.from} imports ${one.to}: ${why}`),
  );
}

function whyForbidden(one: Import): string | undefined {
  const top = one.from.split('/')[0];
  if (top === 'dev' && one.to.startsWith('src/')) return 'a simulator must not share our mistakes';
  if (top === 'web') return whyForbiddenOnThePage(one);
  if (top !== 'src') return undefined;
  if (/^(?:dev|test|bench|web)\//.test(one.to)) return 'src imports nothing outside src';
  return whyForbiddenInSource(one);
}

/** Whatever else the page imported would go to browsers, keys and all. */
function whyForbiddenOnThePage(one: Import): string | undefined {
  if (!one.local || one.to.startsWith('web/')) return undefined;
  if (one.typeOnly && one.to === 'src/gateway/api.ts') return undefined;
  return 'the page takes only types, of gateway/api.ts';
}

function whyForbiddenInSource(one: Import): string | undefined {
  if (!one.typeOnly) {
    const why = whyForbiddenValue(one);
    if (why !== undefined) return why;
  }
  if (!one.local || one.to === 'src/errors.ts') return undefined;
  if (one.typeOnly && VOCABULARY.includes(one.to)) return undefined;
  return whyForbiddenBetween(placeOf(one.from), placeOf(one.to));
}

function whyForbiddenValue(one: Import): string | undefined {
  if (VOCABULARY_PACKAGES[one.from]?.includes(one.to) === true) return undefined;
  if (one.from.startsWith('src/ports/')) return 'ports are types only';
  if (isCore(one.from)) return whyForbiddenInCore(one);
  if (VOCABULARY.includes(one.from)) return 'a vocabulary file imports only types';
  return undefined;
}

function whyForbiddenInCore(one: Import): string | undefined {
  const own = `${one.from.split('/').slice(0, -1).join('/')}/`;
  if (one.local && one.to.startsWith(own) && isCore(one.to)) return undefined;
  return 'a core imports values only from cores of its own folder';
}

function whyForbiddenBetween(from: string, to: string): string | undefined {
  if (from === to) return undefined;
  const folder = (place: string): string => place.split('/')[0] ?? '';
  if (folder(from) === 'adapters' && folder(to) === 'adapters') return 'adapters share nothing';
  const allowed = MAY_IMPORT[folder(from)];
  if (allowed === undefined) return `the house has no place ${from}`;
  return allowed.split(/\s+/).includes(folder(to)) ? undefined : `${from} may not know ${to}`;
}

const OTHER_CORES = [
  'src/memory/context.ts',
  'src/memory/compaction.ts',
  'src/memory/ledger.ts',
  'src/room/seat.ts',
  'src/worker/admission.ts',
  'src/worker/fate.ts',
];

/** Pure files: no clock, no Node built-in, no values from elsewhere. */
function isCore(path: string): boolean {
  if (path.startsWith('src/conversation/')) return path !== 'src/conversation/conversation.ts';
  return OTHER_CORES.includes(path);
}

/** `src/adapters/sqs/queue.ts` is in `adapters/sqs`, `src/room/ears.ts` in `room`. */
function placeOf(path: string): string {
  const [, first = '', second = ''] = path.split('/');
  if (first.endsWith('.ts')) return first.slice(0, -'.ts'.length);
  return first === 'adapters' ? `adapters/${second}` : first;
}
