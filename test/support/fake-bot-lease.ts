import { TroupeError } from '../../src/errors.ts';
import type { BotLease } from '../../src/ports/bot.ts';
import type { Arrival, LeaseTable } from '../../src/ports/lease-table.ts';

/** A bot's lease in the hand of the test, held in a table of leases. */
export interface FakeBotLease extends BotLease {
  /** How it came. */
  readonly arrival: Arrival;
  /** Whether the bot may publish and write; it may until this says otherwise. */
  permit(may: boolean): void;
  /** The worker takes a newer delivery for this very bot: a new epoch. */
  adopt(): Promise<void>;
  /** The successor was sent: from now on a refused write is no loss, eviction is. */
  handOn(): void;
  lose(): void;
}

/** Takes the room's lease as a worker does, for a new message each time. */
export async function takeLease(
  leases: Pick<LeaseTable, 'acquire' | 'holds'>,
  room: string,
  more: { readonly session?: string; readonly generation?: number } = {},
): Promise<FakeBotLease> {
  const { session = room } = more;
  const scope = new AbortController();
  const acquire = async () => {
    deliveries += 1;
    const answer = await leases.acquire({
      room,
      session,
      messageId: `message ${deliveries}`,
      receiveCount: 1,
      requestedAt: Date.now(),
      deferrals: 0,
      worker: 'test',
      ...(more.generation !== undefined && { generation: more.generation }),
    });
    if (!answer.granted) throw new Error(`the lease was refused: ${answer.refusal}`);
    return answer;
  };
  let { epoch, arrival, joined } = await acquire();
  let [may, handedOn] = [true, false];
  const lose = (): void => scope.abort(lost(room));
  return {
    room,
    session,
    arrival,
    epoch: () => epoch,
    lost: scope.signal,
    lose,
    mayPublish: () => may && !scope.signal.aborted,
    permit: (next) => void (may = next),
    async adopt() {
      // As a holder whose message lapsed: who has asked has not crashed.
      await leases.holds([{ room, epoch }]);
      ({ epoch, joined } = await acquire());
    },
    handOn: () => void (handedOn = true),
    hasMet: () => joined,
    met: () => void (joined = true),
    present: () => undefined,
    refused: (at) => at === epoch && !handedOn && lose(),
    async confirm(signal) {
      const asked = epoch;
      const held = await leases.holds([{ room, epoch: asked }], signal);
      if (!held.has(room) && asked === epoch) lose();
      return !scope.signal.aborted;
    },
  };
}

let deliveries = 0;

function lost(room: string): TroupeError {
  return new TroupeError(`the lease of room ${room} is lost`, {
    kind: 'lease-lost',
    fault: 'fleet',
    service: 'lease',
  });
}
