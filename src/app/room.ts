import type { Config } from '../config.ts';
import { systemClock } from '../lib/clock.ts';
import { newId } from '../lib/ids.ts';
import { openScope } from '../lib/scope.ts';
import type { BotOutcome } from '../ports/bot.ts';
import { leaseTimes } from '../worker/lease-times.ts';
import { runLoneBot } from '../worker/lone-bot.ts';
import { holdLoneLease } from '../worker/lone-lease.ts';
import { makeStartBot } from './bots.ts';
import { openMetering } from './metering.ts';
import { openProcess } from './process.ts';
import type { Shutdown } from './process.ts';
import { keepRecordings } from './recordings.ts';
import { makeStores } from './stores.ts';

/**
 * Serves one room without a queue, until its bot has left; a start for the same room from a queue
 * takes it over.
 * @throws TroupeError when the database does not answer, refuses the key or the lease.
 */
export async function serveRoom(
  config: Config,
  room: string,
  shutdown: Shutdown,
): Promise<BotOutcome> {
  await using own = await openProcess(config);
  const { worker } = own;
  const stores = makeStores(config);
  await using metering = openMetering(config, stores, own.observe);
  const { observe } = metering;
  using _retention = keepRecordings(config, observe);
  await stores.directory.check(shutdown.graceful);
  using life = openScope();
  const lone = await holdLoneLease(
    { clock: systemClock, leases: stores.leases, observe, random: Math.random },
    { room, messageId: newId(), worker },
    leaseTimes(config.VISIBILITY_TIMEOUT_S * 1_000),
    life.signal,
  );
  // Nothing is received here that trouble could stop: the bot tells it and goes on.
  const startBot = makeStartBot(config, stores, observe, () => undefined);
  const bot = startBot({
    room,
    session: lone.lease.session,
    characterId: undefined,
    mode: undefined,
    requestedAt: systemClock.wallMs(),
    arrival: lone.arrival,
    lease: lone.lease,
  });
  return await runLoneBot({ clock: systemClock, observe }, bot, lone, shutdown);
}
