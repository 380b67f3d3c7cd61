import { describe, expect, it } from 'vitest';
import type { Observation } from '../../src/ports/observe.ts';
import { makeFixedLines } from '../../src/room/fixed-lines.ts';
import { takeLease } from '../support/fake-bot-lease.ts';
import { makeFakeLeaseTable } from '../support/fake-lease-table.ts';
import { openHandClock, settled } from '../support/hand-clock.ts';
import { failure, ROOM } from './bot-world.ts';

const JOINED = 'Mia has joined the chat!';

async function openLines() {
  const clock = openHandClock();
  const leases = makeFakeLeaseTable(() => clock.wallMs());
  const lease = await takeLease(leases, ROOM);
  const life = new AbortController();
  const [said, observed]: [string[], Observation[]] = [[], []];
  let answerLost = false;
  const sayLine = makeFixedLines(
    {
      leases: {
        async claimJoined(held, signal) {
          const answer = await leases.claimJoined(held, signal);
          if (!answerLost) return answer;
          answerLost = false;
          throw failure('timeout', 'database');
        },
      },
      lease,
      clock,
      observe: (one) => void observed.push(one),
      random: () => 0,
      character: {
        id: 'mia',
        name: 'Mia',
        prompt: '',
        language: 'de',
        greeting: 'Hallo!',
        addressing: { rule: 'auto', names: [], phrases: [] },
      },
      write: (text) => void said.push(text),
      joined: () => void said.push('(joined)'),
    },
    life.signal,
  );
  const loseAnswer = (): void => void (answerLost = true);
  return { clock, leases, lease, life, said, observed, sayLine, loseAnswer };
}

describe('the joined line', () => {
  it('is claimed first, then said and told', async () => {
    const { sayLine, said, leases } = await openLines();
    sayLine('joined');
    expect(said).toEqual([]);
    await settled();
    expect(said).toEqual([JOINED, '(joined)']);
    expect(leases.row(ROOM)?.joined).toBe(true);
  });

  it('is not said where the bot before said it', async () => {
    const { sayLine, said, leases } = await openLines();
    await leases.claimJoined({ room: ROOM, epoch: 1 });
    sayLine('joined');
    await settled();
    expect(said).toEqual([]);
  });

  it('is claimed again while the database is away, for some seconds', async () => {
    const { sayLine, said, leases, clock, observed } = await openLines();
    leases.failWith(failure('unavailable', 'database'));
    sayLine('joined');
    await clock.live(500);
    leases.failWith(undefined);
    await clock.live(1_000);
    expect(said).toEqual([JOINED, '(joined)']);
    expect(observed[0]).toMatchObject({ type: 'publish-failed', what: 'joined line' });
  });

  it('is given up in the end: rather never than late or twice', async () => {
    const { sayLine, said, leases, clock } = await openLines();
    leases.failWith(failure('unavailable', 'database'));
    sayLine('joined');
    await clock.live(60_000);
    leases.failWith(undefined);
    await clock.live(60_000);
    expect(said).toEqual([]);
    expect(clock.timers()).toBe(0);
  });

  it('is not said where it is unknown whether it was claimed', async () => {
    const { sayLine, said, clock, loseAnswer } = await openLines();
    loseAnswer();
    sayLine('joined');
    await clock.live(60_000);
    expect(said).toEqual([]);
  });

  it('is claimed under the newer epoch where the worker has adopted one', async () => {
    const { sayLine, said, lease, clock } = await openLines();
    sayLine('joined');
    await lease.adopt();
    await clock.live(1_000);
    expect(said).toEqual([JOINED, '(joined)']);
    expect(lease.lost.aborted).toBe(false);
  });

  it('is not claimed while the lease has no permit', async () => {
    const { sayLine, said, lease, leases, clock } = await openLines();
    lease.permit(false);
    sayLine('joined');
    await settled();
    expect(leases.row(ROOM)?.joined).toBe(false);
    lease.permit(true);
    await clock.live(1_000);
    expect(said).toEqual([JOINED, '(joined)']);
  });

  it('loses the lease where the claim is refused', async () => {
    const { sayLine, said, lease, leases, clock } = await openLines();
    await takeLease(leases, ROOM);
    sayLine('joined');
    await clock.live(1_000);
    expect(said).toEqual([]);
    expect(lease.lost.aborted).toBe(true);
  });

  it('is not said by a talk that has ended meanwhile', async () => {
    const { sayLine, said, life, clock, observed } = await openLines();
    sayLine('joined');
    life.abort(new Error('over'));
    await clock.live(60_000);
    expect([said, observed]).toEqual([[], []]);
  });
});

it('says the other lines at once, in the character’s language', async () => {
  const { sayLine, said } = await openLines();
  sayLine('idle');
  sayLine('apology');
  expect(said).toEqual([
    '[SYSTEM] User idle - Disconnecting...',
    expect.stringMatching(/^Entschuldigung/),
  ]);
});
