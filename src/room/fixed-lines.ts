import type { Character } from '../character/character.ts';
import { phraseFor } from '../character/phrases.ts';
import type { FixedLine } from '../conversation/commands.ts';
import type { Clock } from '../lib/clock.ts';
import { backoffMs } from '../lib/retry.ts';
import type { BotLease } from '../ports/bot.ts';
import type { LeaseTable } from '../ports/lease-table.ts';
import type { Observe } from '../ports/observe.ts';

export interface FixedLineDeps {
  readonly leases: Pick<LeaseTable, 'claimJoined'>;
  readonly lease: BotLease;
  readonly clock: Clock;
  readonly observe: Observe;
  readonly random: () => number;
  readonly character: Character;
  readonly write: (text: string) => void;
  /** The joined line was ours, and is said. */
  readonly joined: () => void;
}

const CLAIM_TRIES = 5;
const BACKOFF = { firstMs: 200, maxMs: 3_000 };

/**
 * Makes the writer of fixed lines. The joined line is written by the first bot of a start and by none
 * that takes over: it is claimed under the epoch first, then sent.
 */
export function makeFixedLines(
  deps: FixedLineDeps,
  signal: AbortSignal,
): (line: FixedLine) => void {
  async function welcome(text: string): Promise<void> {
    if (!(await claim(deps, signal)) || signal.aborted) return;
    deps.write(text);
    deps.joined();
  }

  return (line) => {
    const text = phraseFor(line, deps.character);
    if (text === undefined) return;
    if (line === 'joined') void welcome(text);
    else deps.write(text);
  };
}

async function claim(deps: FixedLineDeps, signal: AbortSignal): Promise<boolean> {
  for (let attempt = 1; attempt <= CLAIM_TRIES && !signal.aborted; attempt += 1) {
    const claimed = await tryToClaim(deps, signal);
    if (claimed !== undefined) return claimed;
    const pauseMs = backoffMs(BACKOFF, attempt, deps.random());
    await deps.clock.delay(pauseMs, signal).catch(() => undefined);
  }
  return false;
}

/** Whether the line is ours to say; `undefined` where that is to be asked again. */
async function tryToClaim(
  { lease, leases, observe }: FixedLineDeps,
  signal: AbortSignal,
): Promise<boolean | undefined> {
  if (!lease.mayPublish()) return undefined;
  const epoch = lease.epoch();
  try {
    const claimed = await leases.claimJoined({ room: lease.room, epoch }, signal);
    if (claimed !== 'lost') {
      lease.met();
      return claimed === 'claimed';
    }
    // The worker may have adopted a newer epoch meanwhile: then this is no loss.
    lease.refused(epoch);
  } catch (error) {
    if (!signal.aborted) observe({ type: 'publish-failed', what: 'joined line', error });
  }
  return undefined;
}
