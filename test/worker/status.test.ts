import { describe, expect, it } from 'vitest';
import { TroupeError } from '../../src/errors.ts';
import { openFleet } from './fleet.ts';

const REFUSED = new TroupeError('the key is wrong', {
  kind: 'auth',
  fault: 'provider',
  service: 'llm',
});

describe('a worker’s status', () => {
  it('shows its rooms, and that it is ready while it is full', async () => {
    const { ask, clock, start } = openFleet();
    const worker = start({ maxRooms: 1 });
    expect(worker.status()).toEqual({
      worker: 'worker-1',
      maxRooms: 1,
      draining: false,
      rooms: [],
    });
    await clock.live(5_000);
    await ask('lobby', { session: 'talk', fields: { characterId: 'mia' } });
    await clock.live(7_000);
    expect(worker.status().rooms).toEqual([
      {
        room: 'lobby',
        session: 'talk',
        epoch: 1,
        since: 5_000,
        leaseAgeMs: 7_000,
        phase: 'talking',
        characterId: 'mia',
        humans: 0,
        mode: undefined,
      },
    ]);
    expect(worker.notReady()).toEqual([]);
  });

  it('says why it receives nothing, all at once, and goes on with what it has', async () => {
    const { ask, clock, running, start } = openFleet();
    let wrong = true;
    const llm = () => (wrong ? Promise.reject(REFUSED) : Promise.resolve());
    const worker = start({}, { llm });
    await ask('lobby');
    await clock.live(1_000);
    worker.distrust(REFUSED);
    worker.distrust(REFUSED);
    await clock.live(25_000);
    await ask('other');
    await clock.live(60_000);
    expect([worker.notReady(), running()]).toEqual([['llm: the key is wrong'], ['lobby']]);
    worker.drain();
    expect(worker.notReady()).toEqual(['draining', 'llm: the key is wrong']);
    wrong = false;
  });

  it('is over when the worker is', async () => {
    const { clock, start } = openFleet();
    const worker = start();
    worker.stop();
    await clock.live(10);
    await worker.done;
    expect(worker.notReady()).toEqual(['draining']);
    expect(clock.timers()).toBe(0);
  });
});
