import { afterEach, expect, it } from 'vitest';
import { openProxy } from '../../dev/process/proxy.ts';
import type { Proxy } from '../../dev/process/proxy.ts';
import { useFleet } from '../support/fleet.ts';
import type { FleetWorker } from '../support/fleet.ts';
import { addressOf } from '../support/fleet-path.ts';
import { ask, linesLike, openTalk } from '../support/talk.ts';

const fleet = useFleet();
/** The fleet's visibility, in ms, and what beside it a takeover may take on a busy machine. */
const [V, MARGIN] = [3_000, 7_000];

// Each case has the fleet for itself.
afterEach(async () => {
  await fleet().endWorkers();
  await fleet().queue.purge();
});

it('a worker that alone loses LiveKit for good gives its talk to another after V', async () => {
  await using cutOff = await openWorkerBehindPath();
  const { room, ada } = await openTalk(fleet(), 'cut');
  await using _ada = ada;
  const heir = await fleet().openWorker();
  cutOff.path.cut('reset');
  await cutOff.worker.notReadyFor(/livekit/);
  await heir.joins(room, V + MARGIN);
  await ask(ada, 'What is my name?', /Your name is Ada/);
  expect(linesLike(ada, /has joined/)).toHaveLength(1);
  expect(await room.lease()).toMatchObject({
    worker: heir.name,
    arrival: 'takeover',
    epoch: 2,
    crashes: 0,
  });
  expect(await cutOff.worker.statusOf(room.name)).toBeUndefined();
});

it('out of the reach of all, a room is tried once by each and then waits; the first back has it', async () => {
  await using first = await openWorkerBehindPath();
  const { room, ada } = await openTalk(fleet(), 'all-cut');
  await using second = await openWorkerBehindPath();
  for (const { path } of [first, second]) path.cut('reset');
  await ada[Symbol.asyncDispose]();
  await second.worker.notReadyFor(/livekit/, V + MARGIN);
  await fleet().queue.holds({ waiting: 1, inFlight: 0 }, 2 * V + MARGIN);
  expect(await room.lease()).toMatchObject({ worker: second.worker.name, epoch: 2, crashes: 0 });
  first.path.heal();
  await first.worker.logged('room-joined', 20_000, ({ epoch }) => epoch === 3);
  expect(await room.lease()).toMatchObject({ worker: first.worker.name, epoch: 3, crashes: 0 });
});

interface CutOff extends AsyncDisposable {
  readonly worker: FleetWorker;
  readonly path: Proxy;
}

/** A worker whose path to LiveKit can be cut. */
async function openWorkerBehindPath(): Promise<CutOff> {
  const path = await openProxy(addressOf(fleet().stack.livekit.url));
  const worker = await fleet().openWorker({ LIVEKIT_URL: `ws://127.0.0.1:${path.port}` });
  return { worker, path, [Symbol.asyncDispose]: () => path[Symbol.asyncDispose]() };
}
