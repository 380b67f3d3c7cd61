import { afterEach, expect, it } from 'vitest';
import { openProxy } from '../../dev/process/proxy.ts';
import type { Cut, Proxy } from '../../dev/process/proxy.ts';
import { useFleet } from '../support/fleet.ts';
import type { Fleet, FleetWorker } from '../support/fleet.ts';
import { addressOf } from '../support/fleet-path.ts';
import { ask, expectEachAnsweredOnce, linesLike, MY_NAME, openTalk } from '../support/talk.ts';

const fleet = useFleet();

// Each case has the fleet for itself.
afterEach(async () => {
  await fleet().endWorkers();
  await fleet().queue.purge();
});

it.each(['reset', 'hang'] as const)(
  'a worker cut off from everything (%s) while another takes over, then healed, neither evicts nor publishes',
  async (how) => {
    await using cutOff = await openWorkerBehindProxies(fleet());
    const { worker, paths } = cutOff;
    const { room, ada } = await openTalk(fleet(), how);
    await using _ada = ada;
    const heir = await fleet().openWorker({ MAX_CONCURRENT_ROOMS: '1' });
    cutOff.cut(how);
    await heir.joins(room);
    await ask(ada, 'Who answers this?', /Who answers this/);
    await worker.logged('bot-ended', 15_000, (line) => line['room'] === room.name);
    const dials = paths.livekit.dials();
    cutOff.heal();
    // The heir is full, so this one serves the next room: what it had queued for the first is out.
    await worker.ready();
    const other = await fleet().openRoom('other');
    await other.call();
    await worker.joins(other);
    await ask(ada, 'What is my name?', /Your name is Ada/);

    // The probe, unless it hung there already, and the next room.
    expect(paths.livekit.dials() - dials).toBeLessThanOrEqual(2);
    expect(worker.log).toContainEqual(
      expect.objectContaining({ event: 'bot-ended', room: room.name, how: 'lost', epoch: 1 }),
    );
    const told = heir.log.filter((line) => line['room'] === room.name).map(({ event }) => event);
    expect(told).not.toContain('link-lost');
    expect(await room.lease()).toMatchObject({ epoch: 2, worker: heir.name, status: 'live' });
    expect(linesLike(ada, /has joined/)).toHaveLength(1);
    expectEachAnsweredOnce(await room.memoryThat('three answers', ({ length }) => length === 6), [
      MY_NAME,
      'Who answers this?',
      'What is my name?',
    ]);
  },
);

/** A worker whose paths to LiveKit, queue and database can be cut. */
async function openWorkerBehindProxies(fleet: Fleet): Promise<CutOff> {
  const { stack } = fleet;
  const [livekit, queue, database] = await Promise.all(
    [stack.livekit.url, stack.queue.endpoint, stack.database.url].map((url) =>
      openProxy(addressOf(url)),
    ),
  );
  const paths = { livekit: livekit!, queue: queue!, database: database! };
  const all = Object.values(paths);
  return {
    paths,
    worker: await fleet.openWorker({
      LIVEKIT_URL: `ws://127.0.0.1:${paths.livekit.port}`,
      SQS_ENDPOINT: `http://127.0.0.1:${paths.queue.port}`,
      SUPABASE_URL: `http://127.0.0.1:${paths.database.port}`,
    }),
    cut: (how) => all.forEach((path) => path.cut(how)),
    heal: () => all.forEach((path) => path.heal()),
    async [Symbol.asyncDispose]() {
      await Promise.all(all.map((path) => path[Symbol.asyncDispose]()));
    },
  };
}

interface CutOff extends AsyncDisposable {
  readonly worker: FleetWorker;
  readonly paths: Readonly<Record<'livekit' | 'queue' | 'database', Proxy>>;
  cut(how: Cut): void;
  heal(): void;
}
