import type { Part } from '../../dev/process/part.ts';
import type { Proxy } from '../../dev/process/proxy.ts';
import type { KindName, PathName } from './kinds.ts';
import type { PlannedFault } from './schedule.ts';
import type { Place } from './place.ts';
import type { World } from './world.ts';

/** Takes a fault back; also when nothing is left of what it struck. */
export type Heal = () => Promise<void> | void;
type Strike = (world: World, fault: PlannedFault) => Promise<Heal> | Heal;

/** Strikes, and returns how to heal. */
export async function strike(world: World, fault: PlannedFault): Promise<Heal> {
  return await FAULTS[fault.kind](world, fault);
}

/** What each kind does. Bad messages are the backend's (bad-messages.ts): they need no healing. */
const FAULTS: Readonly<Record<KindName, Strike>> = {
  kill(world, fault) {
    const place = placeOf(world, fault);
    end(place, 'SIGKILL');
    return () => void place.start();
  },
  'pause-short': pause,
  'pause-long': pause,
  terminate(world, fault) {
    const place = placeOf(world, fault);
    end(place, 'SIGTERM');
    place.start();
    return nothing;
  },
  'cut-reset': (world, fault) => cut(pathsOf(world, fault), 'reset'),
  'cut-hang': (world, fault) => cut(pathsOf(world, fault), 'hang'),
  slow(world, fault) {
    const paths = pathsOf(world, fault);
    for (const path of paths) path.delay(50 + fault.dice[0] * 1_000);
    return () => paths.forEach((path) => path.delay(0));
  },
  'clock-step'(world, fault) {
    const place = placeOf(world, fault);
    const { name, health } = place.worker();
    // A process that is not through its first milliseconds would take the signal for its end.
    if (health.url === undefined) return nothing;
    place.stepClock(Math.round((fault.dice[0] - 0.5) * 40_000));
    return () => {
      if (place.worker().name === name) place.stepClock(0);
    };
  },
  'queue-restart': ({ stack }) => takeDown(stack.queue),
  'queue-refusals'({ stack: { queue } }, { dice }) {
    const [call, how] = [pick(CALLS, dice[0]), Math.floor(dice[1] * 4)];
    if (how === 0) queue.faults.loseNextReceive();
    else if (how === 1) queue.faults.failNextEntry('ChangeMessageVisibilityBatch', 'InternalError');
    else if (how === 2) queue.faults.delay(call, 2_500);
    else queue.faults.failNext(call, 'InternalError', { times: 6, status: 500 });
    return () => queue.faults.heal();
  },
  'postgres-restart': ({ stack }) => takeDown(stack.cluster),
  'postgrest-restart': ({ stack }) => takeDown(stack.database.postgrest),
  'database-refusals'({ stack: { database } }, { dice }) {
    const how = dice[0] < 0.5 ? { status: 503 } : { delayMs: 500 + dice[1] * 2_000 };
    database.gateway.interfere(how);
    return () => database.gateway.interfere({});
  },
  'livekit-restart': ({ stack }) => takeDown(stack.livekit),
  'llm-fault'({ stack: { llm } }, { dice }) {
    const kind = pick(LLM_FAULTS, dice[0]);
    const { id } = llm.arm({ kind, times: 1 + Math.floor(dice[1] * 6) });
    return () => void llm.disarm(id);
  },
  'stt-fault'({ stack: { voice } }, { dice }) {
    const ear = dice[1] < 0.6 ? voice.gladia : voice.deepgram;
    const { id } = ear.arm({ kind: pick(STT_FAULTS, dice[0]), times: 3 });
    return () => void ear.disarm(id);
  },
  'tts-fault'({ stack: { voice } }, { dice }) {
    const mouth = dice[1] < 0.6 ? voice.cartesia : voice.elevenlabs;
    const { id } = mouth.arm({ kind: pick(TTS_FAULTS, dice[0]), times: 3 });
    return () => void mouth.disarm(id);
  },
  'bad-message': () => nothing,
};

const CALLS = [
  'ReceiveMessage',
  'SendMessage',
  'DeleteMessage',
  'ChangeMessageVisibilityBatch',
  'ChangeMessageVisibility',
];
/**
 * All but what no patience mends (a refused key, a model that does not exist), and an endless answer,
 * which repeats itself: nobody could tell it from answering twice.
 */
const LLM_FAULTS = [
  'rate-limited',
  'server-error',
  'hang',
  'reset',
  'empty-answer',
  'stall',
  'cut',
  'ends-early',
  'malformed-chunk',
  'stream-error',
  'content-filter',
] as const;
const STT_FAULTS = [
  'rate-limited',
  'unavailable',
  'hang',
  'stall',
  'cut',
  'server-error',
  'idle',
  'garbage',
  'slow',
] as const;
const TTS_FAULTS = [
  'too-many',
  'unavailable',
  'hang',
  'rate-limited',
  'no-sound',
  'slow',
  'stall',
  'server-error',
  'cut',
  'garbage',
] as const;

/** What is done to each part, one after the other: one that still comes back is not struck on its way. */
const turns = new WeakMap<Part, Promise<void>>();

async function takeDown(part: Part): Promise<Heal> {
  const inTurn = async (work: () => Promise<void>): Promise<void> => {
    const before = turns.get(part) ?? Promise.resolve();
    const done = before.then(work);
    turns.set(
      part,
      done.catch(() => undefined),
    );
    await done;
  };
  await inTurn(() => part.stop());
  return () => inTurn(() => part.start());
}

function nothing(): void {
  // What was done heals by itself.
}

function pause(world: World, fault: PlannedFault): Heal {
  const { process } = placeOf(world, fault).worker();
  process.signal('SIGSTOP');
  return () => process.signal('SIGCONT');
}

function end(place: Place, signal: NodeJS.Signals): void {
  const { fate, health, process } = place.worker();
  // One that is still starting has not learnt to drain.
  fate.done = signal === 'SIGTERM' && health.url !== undefined ? 'drained' : 'killed';
  process.signal(signal);
}

function cut(paths: readonly Proxy[], how: 'reset' | 'hang'): Heal {
  for (const path of paths) path.cut(how);
  return () => paths.forEach((path) => path.heal());
}

/** A part with two providers loses the first one alone, or both. */
function pathsOf(world: World, fault: PlannedFault): readonly Proxy[] {
  const name: PathName = fault.path ?? 'queue';
  const paths = placeOf(world, fault).paths[name];
  return fault.dice[1] < 0.5 ? paths.slice(0, 1) : paths;
}

function placeOf({ places }: World, { id, worker }: PlannedFault): Place {
  const place = places[worker ?? -1];
  if (place === undefined) throw new Error(`fault ${id} strikes no worker of this world`);
  return place;
}

function pick<T>(from: readonly T[], dice: number): T {
  const picked = from[Math.floor(dice * from.length)];
  if (picked === undefined) throw new Error('nothing to pick from');
  return picked;
}
