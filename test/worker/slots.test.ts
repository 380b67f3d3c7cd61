import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RunningBot } from '../../src/ports/bot.ts';
import type { Lease } from '../../src/worker/lease.ts';
import { makeSlots } from '../../src/worker/slots.ts';
import type { Occupant, Slot } from '../../src/worker/slots.ts';
import { settled } from '../support/hand-clock.ts';

describe('places', () => {
  it('are given until none is left; a freed one is used at once, by who waits longest', async () => {
    const slots = makeSlots(1);
    const first = await slots.take(never());
    const order: string[] = [];
    const waiting = ['second', 'third'].map(async (name) => {
      const slot = await slots.take(never());
      order.push(name);
      return slot;
    });
    await settled();
    expect(order).toEqual([]);
    first?.[Symbol.dispose]();
    await settled();
    expect(order).toEqual(['second']);
    (await waiting[0])?.[Symbol.dispose]();
    await waiting[1];
    expect(order).toEqual(['second', 'third']);
  });

  it('are freed once, however often that is said', async () => {
    const slots = makeSlots(1);
    const slot = await slots.take(never());
    slot?.[Symbol.dispose]();
    slot?.[Symbol.dispose]();
    await slots.take(never());
    const second = slots.take(AbortSignal.timeout(0));
    expect(await Promise.race([second, settled()])).toBeUndefined();
  });

  it('are not waited for any more once the signal aborts, and leave nothing on it', async () => {
    const slots = makeSlots(1);
    const first = await slots.take(never());
    const controller = new AbortController();
    const waiting = slots.take(controller.signal);
    controller.abort();
    expect(await waiting).toBeUndefined();
    expect(await slots.take(controller.signal)).toBeUndefined();
    first?.[Symbol.dispose]();
    expect(await slots.take(never())).toBeDefined();
  });

  it('show the bots in them; the newest of a room, whichever goes first', async () => {
    const slots = makeSlots(3);
    const [old, newer] = [await slots.take(never()), await slots.take(never())];
    const [oldBot, newerBot] = [occupant('lobby'), occupant('lobby')];
    old?.occupy(oldBot);
    expect(slots.occupants().get('lobby')).toBe(oldBot);
    newer?.occupy(newerBot);
    old?.[Symbol.dispose]();
    expect(slots.occupants().get('lobby')).toBe(newerBot);
    newer?.[Symbol.dispose]();
    expect(slots.occupants().size).toBe(0);
  });

  it('count as free while only a receive holds them, and as served once', async () => {
    const slots = makeSlots(2);
    const [one, other] = [await slots.take(never()), await slots.take(never())];
    expect(slots.free()).toBe(2);
    one?.occupy(occupant('lobby'));
    one?.occupy(occupant('lobby'));
    expect([slots.free(), slots.served()]).toEqual([1, 1]);
    other?.[Symbol.dispose]();
    one?.[Symbol.dispose]();
    expect([slots.free(), slots.served()]).toEqual([2, 1]);
  });

  it('are empty when the last is freed', async () => {
    const slots = makeSlots(2);
    await slots.empty();
    const [one, other] = [await slots.take(never()), await slots.take(never())];
    let empty = false;
    void slots.empty().then(() => (empty = true));
    one?.[Symbol.dispose]();
    await settled();
    expect(empty).toBe(false);
    other?.[Symbol.dispose]();
    await settled();
    expect(empty).toBe(true);
  });

  it('are never more than there are, nor idle while somebody waits, in any order of events', async () => {
    const steps = fc.array(
      fc.record({ type: fc.constantFrom('take', 'take', 'free', 'abort'), which: fc.nat(9) }),
      { maxLength: 60 },
    );
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 4 }), steps, async (capacity, history) => {
        const slots = makeSlots(capacity);
        const held: Slot[] = [];
        const waiting: AbortController[] = [];
        for (const { type, which } of history) {
          if (type === 'take') void take(slots, waiting, held);
          if (type === 'free') held[which % held.length]?.[Symbol.dispose]();
          if (type === 'free' && held.length > 0) held.splice(which % held.length, 1);
          if (type === 'abort') waiting[which % waiting.length]?.abort();
          await settled();
          expect(held.length).toBeLessThanOrEqual(capacity);
          if (waiting.length > 0) expect(held.length).toBe(capacity);
        }
      }),
      { numRuns: 100 },
    );
  });
});

async function take(
  slots: ReturnType<typeof makeSlots>,
  waiting: AbortController[],
  held: Slot[],
): Promise<void> {
  const controller = new AbortController();
  waiting.push(controller);
  const slot = await slots.take(controller.signal);
  waiting.splice(waiting.indexOf(controller), 1);
  if (slot !== undefined) held.push(slot);
}

function occupant(room: string): Occupant {
  return { bot: { room } as RunningBot, lease: {} as Lease, since: 0 };
}

function never(): AbortSignal {
  return new AbortController().signal;
}
