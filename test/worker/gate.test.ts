import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { makeGate } from '../../src/worker/gate.ts';
import { settled } from '../support/hand-clock.ts';

describe('the gate', () => {
  it('is open when nothing stands against it, closed while any reason does', async () => {
    const told: string[] = [];
    const gate = makeGate(({ type }) => void told.push(type));
    const { signal } = new AbortController();
    await gate.whenOpen(signal);
    gate.close('the key');
    gate.close('the key');
    gate.close('the room server');
    let open = false;
    void gate.whenOpen(signal).then(() => (open = true));
    gate.open('the key');
    gate.open('no reason at all');
    await settled();
    expect([open, gate.reasons()]).toEqual([false, ['the room server']]);
    gate.open('the room server');
    await settled();
    expect([open, gate.reasons()]).toEqual([true, []]);
    expect(told).toEqual(['receiving-paused', 'receiving-paused', 'receiving-resumed']);
  });

  it('lets go whoever has no more time, and leaves nothing on the signal', async () => {
    const gate = makeGate(() => undefined);
    gate.close('the key');
    const controller = new AbortController();
    const waiting = gate.whenOpen(controller.signal);
    controller.abort();
    await waiting;
    await gate.whenOpen(controller.signal);
    const { signal } = new AbortController();
    void gate.whenOpen(signal);
    gate.open('the key');
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });
});
