import { hostname } from 'node:os';
import type { Config } from '../config.ts';
import { TroupeError } from '../errors.ts';
import { systemClock } from '../lib/clock.ts';
import { newId } from '../lib/ids.ts';
import { openScope } from '../lib/scope.ts';
import { makeLog } from '../ops/log.ts';
import { observeInto } from '../ops/observe.ts';
import type { BotOutcome } from '../worker/bot.ts';
import { makeLateWatch } from '../worker/late-watch.ts';
import { leaseTimes } from '../worker/lease-times.ts';
import { nowOn, openLease } from '../worker/lease.ts';
import type { Lease } from '../worker/lease.ts';
import { runWheel } from '../worker/wheel.ts';
import { makeStartBot } from './bots.ts';
import { makeStores } from './stores.ts';
import type { Stores } from './stores.ts';
import { NO_VOICE, surviveDefects } from './worker.ts';
import type { Ends } from './worker.ts';

/**
 * Serves one room without a queue, until its bot has left. There is no message to hold, so the
 * database alone says, every few seconds, whether the room is still ours; a start for the same room
 * from a queue takes it over.
 * @throws TroupeError when the database does not answer, refuses the key or the lease.
 */
export async function serveRoom(config: Config, room: string, ends: Ends): Promise<BotOutcome> {
  const worker = config.WORKER_NAME ?? `${hostname()}-${process.pid}`;
  const observe = observeInto(makeLog(config.LOG_LEVEL, worker));
  surviveDefects(observe);
  if (config.AUDIO_ENABLED) observe({ type: 'warning', what: NO_VOICE });
  const stores = makeStores(config);
  await stores.directory.check(ends.graceful);

  const times = leaseTimes(config.VISIBILITY_TIMEOUT_S * 1_000);
  const deps = { clock: systemClock, leases: stores.leases, observe };
  const receipt = { handle: '', groupId: '' };
  const session = room;
  const lease = openLease(deps, { room, session, receipt }, nowOn(systemClock), times);
  const arrival = await acquire(stores, lease, worker);
  lease.handOn();
  // No beat is to be trusted where there is no message.
  lease.expired();
  await lease.confirm(ends.graceful);
  using life = openScope();
  const watch = makeLateWatch(deps, times);
  const look = (): number => {
    watch.look(new Set([lease]));
    return times.tickMs;
  };
  void runWheel(deps, times.tickMs, look, life.signal);

  // Nothing is received here that trouble could stop: the bot tells it and goes on.
  const startBot = makeStartBot(config, stores, observe, () => undefined);
  const bot = startBot({
    room,
    session,
    characterId: undefined,
    mode: undefined,
    requestedAt: systemClock.wallMs(),
    arrival,
    lease,
  });
  const leave = (): void => bot.leave('stop');
  if (ends.graceful.aborted) leave();
  else ends.graceful.addEventListener('abort', leave, { once: true });
  const outcome = await bot.outcome;
  const held = lease.held();
  if (held !== undefined && !lease.lost.aborted) {
    await stores.leases.markLeft(held, outcome.kind === 'failed' ? 'failed' : 'left');
  }
  return outcome;
}

/** Takes the lease as the bearer of a message that nobody else will ever receive. */
async function acquire({ leases }: Stores, lease: Lease, worker: string) {
  const { room, session } = lease;
  const answer = await leases.acquire({
    room,
    session,
    messageId: newId(),
    receiveCount: 1,
    requestedAt: systemClock.wallMs(),
    deferrals: 0,
    worker,
  });
  if (answer.granted) {
    lease.grant(answer);
    return answer.arrival;
  }
  throw new TroupeError(`room ${room} is refused: ${answer.refusal}`, {
    kind: 'rejected',
    fault: 'room',
    service: 'lease',
  });
}
