import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_REJOINS, reduceSeat, takeSeat } from '../../src/room/seat.ts';
import type { Seat, SeatEffect, SeatEvent } from '../../src/room/seat.ts';

/** One thing that happens around a seat; `pick` chooses among what is open. */
interface Happening {
  readonly what: 'cut' | 'mend' | 'end' | 'delete' | 'deny' | 'go on';
  readonly pick: number;
  readonly afterMs: number;
}

/** The world around the seat as the world knows it: the link, and what it was asked for. */
function openWorld() {
  let seat = takeSeat(0);
  let now = 0;
  let link: 'whole' | 'cut' | 'none' = 'whole';
  let breaks = 0;
  const asks: { readonly ask: number; readonly after: number }[] = [];
  let resting = false;
  let joining = false;
  let rejoins = 0;
  const told: SeatEffect['type'][] = [];
  let upSince = 0;
  let confirmed = false;

  const effects: { readonly [T in SeatEffect['type']]: (ask: number) => void } = {
    ask: (ask) => void asks.push({ ask, after: breaks }),
    rest: () => void (resting = true),
    join() {
      expect([joining, link]).toEqual([false, 'none']);
      joining = true;
      rejoins += 1;
      expect(rejoins).toBeLessThanOrEqual(MAX_REJOINS);
    },
    restored() {
      expect([confirmed, link]).toEqual([true, 'whole']);
      upSince = now;
    },
    abandon: () => void (link = 'none'),
    lost: () => undefined,
    absent: () => undefined,
    closed: () => undefined,
    failed: () => undefined,
  };

  function happens(event: SeatEvent): void {
    const before = seat.at.kind;
    const step = reduceSeat(seat, event);
    seat = step.seat;
    for (const effect of step.effects) {
      expect(before, 'a seat that is gone stays gone').not.toBe('gone');
      told.push(effect.type);
      effects[effect.type]('ask' in effect ? effect.ask : 0);
    }
    confirmed = false;
  }

  function breaksBy(event: SeatEvent): void {
    breaks += 1;
    if (seat.at.kind === 'up' && now - upSince > 60_000) rejoins = 0;
    happens(event);
    expect(seat.at.kind, 'nothing is published over a broken link').not.toBe('up');
  }

  function answer(pick: number, ours: boolean): void {
    const [one] = asks.splice(pick % Math.max(1, asks.length), 1);
    if (one === undefined) return;
    confirmed = ours && one.after === breaks;
    happens({ type: 'answered', ask: one.ask, ours, now });
  }

  const happenings: { readonly [W in Happening['what']]: (pick: number) => void } = {
    cut(pick) {
      // One that is cut already is told again when the lease is trusted no more.
      if (link === 'none' || (link === 'cut' && pick > 0)) return;
      link = 'cut';
      breaksBy({ type: 'cut', now, trusted: pick > 0 });
    },
    mend() {
      if (link !== 'cut') return;
      link = 'whole';
      happens({ type: 'whole' });
    },
    end(pick) {
      if (link === 'none') return;
      link = 'none';
      const why = pick % 2 === 0 ? 'connection-lost' : 'duplicate-identity';
      breaksBy({ type: 'ended', why, now });
    },
    delete() {
      if (link === 'none') return;
      link = 'none';
      breaksBy({ type: 'ended', why: 'removed', now });
      expect(seat.at.kind).toBe('gone');
    },
    deny: (pick) => answer(pick, false),
    'go on'(pick) {
      if (resting) {
        resting = false;
        happens({ type: 'rested' });
      } else if (joining) {
        joining = false;
        if (pick > 0) return happens({ type: 'join-failed', failure: 'away' });
        link = 'whole';
        happens({ type: 'joined' });
      } else {
        answer(pick, true);
      }
    },
  };

  return {
    told,
    kind: () => seat.at.kind,
    /** Whether it is up, gone, or something is under way that will bring it on. */
    isAlive: () => {
      const waits = asks.some(({ ask }) => ask === seat.asked) || resting || joining;
      return seat.at.kind === 'up' || seat.at.kind === 'gone' || waits || link === 'cut';
    },
    run({ what, pick, afterMs }: Happening) {
      now += afterMs;
      happenings[what](pick);
    },
  };
}

const happening: fc.Arbitrary<Happening> = fc.record({
  what: fc.oneof(
    { weight: 20, arbitrary: fc.constant('go on' as const) },
    { weight: 9, arbitrary: fc.constantFrom('cut', 'mend', 'end') },
    { weight: 1, arbitrary: fc.constantFrom('delete', 'deny') },
  ),
  pick: fc.nat(5),
  afterMs: fc.constantFrom(0, 100, 100, 61_000),
});

it('counts only after a confirmation since its last break, and joins within bounds', () => {
  const seen = new Set<string>();
  const history = fc.property(fc.array(happening, { maxLength: 80, size: 'max' }), (happenings) => {
    const world = openWorld();
    for (const one of happenings) {
      world.run(one);
      expect(world.isAlive()).toBe(true);
    }
    const path = world.told.filter((type) => type === 'lost' || type === 'restored');
    expect(path).toEqual(path.map((_type, at) => (at % 2 === 0 ? 'lost' : 'restored')));
    world.told.forEach((type) => seen.add(type));
  });
  fc.assert(history, { numRuns: 1_000 });
  // The property has met all that it speaks of.
  const all = ['abandon', 'absent', 'ask', 'closed', 'failed', 'join', 'lost', 'rest', 'restored'];
  expect([...seen].toSorted()).toEqual(all);
});

describe('a seat', () => {
  const run = (...events: readonly SeatEvent[]): { seat: Seat; effects: readonly SeatEffect[] } =>
    events.reduce(({ seat }, event) => reduceSeat(seat, event), {
      seat: takeSeat(0),
      effects: [] as readonly SeatEffect[],
    });
  const ended = { type: 'ended', why: 'connection-lost', now: 1 } as const;
  const ours = (ask: number) => ({ type: 'answered', ask, ours: true, now: 2 }) as const;

  it('whose link ends is joined anew at once, and after a rest where that failed', () => {
    expect(run(ended).effects).toEqual([
      { type: 'lost' },
      { type: 'absent' },
      { type: 'ask', ask: 1 },
    ]);
    const join = { type: 'join', attempt: 1, why: 'connection-lost' };
    expect(run(ended, ours(1)).effects).toEqual([join]);
    const failed = [ended, ours(1), { type: 'join-failed', failure: 'away' }] as const;
    expect(run(...failed).effects).toEqual([{ type: 'ask', ask: 2 }]);
    expect(run(...failed, ours(2)).effects).toEqual([{ type: 'rest', rejoins: 1 }]);
    expect(run(...failed, ours(2), { type: 'rested' }).effects).toEqual([{ type: 'ask', ask: 3 }]);
    const again = run(...failed, ours(2), { type: 'rested' }, ours(3));
    expect(again.effects).toEqual([{ ...join, attempt: 2 }]);
  });

  it('that another holds is gone without a word', () => {
    const { seat, effects } = run(ended, { ...ours(1), ours: false });
    expect([seat.at.kind, effects]).toEqual(['gone', []]);
  });

  it.each<SeatEvent>([
    { type: 'whole' },
    { type: 'rested' },
    { type: 'joined' },
    { type: 'join-failed', failure: 'away' },
    ours(0),
  ])('that is up takes no notice of what it did not ask for: $type', (event) => {
    expect(run(event)).toEqual({ seat: takeSeat(0), effects: [] });
  });
});
