import type { LeaseSeen, Observations, Sent, Violation } from '../observations.ts';

/** Two clocks, as the database allows it between a request and a leaving. */
const CLOCKS_MS = 5_000;

type Seen = Pick<Observations, 'sent' | 'letters' | 'leases' | 'residue' | 'now'>;

/**
 * Every activation ends in a bot, a refusal or a dead letter with a reason. Judged once all rooms are
 * empty and the queue was given its time:
 *
 * - nothing is in the queue any more, waiting or in flight;
 * - every dead letter has a reason;
 * - a start has brought a bot under its message's id, or was answered for by a bot that was live in its
 *   room then or later (it counts as a duplicate, or was moved into its room's group under another id),
 *   or is a dead letter (its room crashed too often);
 * - what asks for nothing that could be done is a dead letter;
 * - what is not wanted any more (expired, of an old generation) has brought no bot.
 */
export function checkActivations(seen: Seen): readonly Violation[] {
  const dumb = seen.letters.filter(({ reason = '' }) => reason === '');
  return [
    ...dumb.map(({ at, body }) =>
      violation(at, `letter ${body.slice(0, 80)}`, 'a dead letter has no reason'),
    ),
    ...seen.residue.flatMap(({ at, waiting, inFlight }) =>
      waiting + inFlight === 0
        ? []
        : [
            violation(
              at,
              'residue',
              `${waiting} messages wait and ${inFlight} are in flight for nobody`,
            ),
          ],
    ),
    ...(seen.residue.length === 0 ? [] : seen.sent.flatMap((one) => judge(one, seen))),
  ];
}

function judge(sent: Sent, seen: Seen): readonly Violation[] {
  const isLetter = seen.letters.some(({ body }) => body.includes(sent.marker));
  const isGranted = seen.leases.some(({ messageId }) => messageId === sent.messageId);
  const fine: Readonly<Record<Sent['kind'], () => boolean>> = {
    start: () => isGranted || isLetter || wasServed(sent, seen.leases, seen.now),
    malformed: () => isLetter && !isGranted,
    'unknown-session': () => isLetter,
    unwanted: () => !isGranted && !isLetter,
  };
  if (fine[sent.kind]()) return [];
  const fate = `${isGranted ? 'brought a bot' : 'brought no bot'}, ${isLetter ? 'is a dead letter' : 'is no dead letter'}`;
  return [violation(sent.at, sent.marker, `${sent.kind} ${sent.marker} of ${sent.room}: ${fate}`)];
}

/** Whether a bot was live in the room at some time since the request. */
function wasServed({ room, at }: Sent, leases: readonly LeaseSeen[], now: number): boolean {
  const ofRoom = leases.filter((one) => one.room === room);
  return ofRoom.some((one, index) => {
    const until = ofRoom[index + 1]?.at ?? now;
    return one.status === 'ended' || (one.status === 'live' && until >= at - CLOCKS_MS);
  });
}

function violation(at: number, key: string, what: string): Violation {
  return { invariant: 'activations', key, at, what };
}
