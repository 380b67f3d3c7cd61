import { describe, expect, it } from 'vitest';
import { answered, said } from '../contract/memory-world.ts';
import { takeLease } from '../support/fake-bot-lease.ts';
import { openBotWorld, ROOM } from './bot-world.ts';

const MINUTE = 60_000;

describe('a takeover that finds nobody, without an idle timeout', () => {
  const conversation = { idleTimeoutMs: 0 };

  it('ends after the grace: whoever talked has left while no bot looked', async () => {
    const { crashed, start, clock } = openBotWorld({ conversation });
    await crashed(said('one', 'u1'), answered('two', 'u1'));
    const { outcome } = await start({ liveMs: 1_000 });
    expect(outcome()).toBeUndefined();
    await clock.live(MINUTE);
    expect(outcome()).toEqual({ kind: 'left', reason: 'last-human-left' });
  });

  it('goes on with whoever comes back within the grace', async () => {
    const { crashed, start, clock, enter } = openBotWorld({ conversation });
    await crashed(said('one', 'u1'), answered('two', 'u1'));
    const { outcome } = await start({ liveMs: 1_500 });
    const ann = enter('Ann');
    await clock.live(10 * MINUTE);
    expect(outcome()).toBeUndefined();
    await ann.says('three');
    await clock.live(1_000);
    expect(ann.lines()).toEqual(['You said three.']);
  });

  it('ends also where whoever was there never said a word', async () => {
    const { crashed, start, clock } = openBotWorld({ conversation });
    await crashed();
    const { outcome } = await start({ liveMs: 1_500 });
    expect(outcome()).toBeUndefined();
    await clock.live(MINUTE);
    expect(outcome()).toEqual({ kind: 'left', reason: 'last-human-left' });
  });

  it('takes anybody who comes for the silent one, also where any departure ends a talk', async () => {
    const strict = { ...conversation, leaveWhen: 'any-human' } as const;
    const { crashed, start, clock, enter } = openBotWorld({ conversation: strict });
    await crashed();
    const { outcome } = await start({ liveMs: 1_500 });
    enter('Ann');
    await clock.live(10 * MINUTE);
    expect(outcome()).toBeUndefined();
  });

  it('ends also where the bot before it served under this very lease', async () => {
    const { started, leases, enter, clock } = openBotWorld({ conversation });
    const lease = await takeLease(leases, ROOM);
    const ann = enter('Ann');
    const first = started(lease);
    await clock.live(1_000);
    first.bot.leave('drain');
    ann.leave();
    await clock.live(1_000);
    const { outcome } = started({ ...lease, arrival: 'takeover' });
    await clock.live(MINUTE);
    expect(outcome()).toEqual({ kind: 'left', reason: 'last-human-left' });
  });

  it('waits on where the bot before it had waited for somebody to come', async () => {
    const { start, leases, clock } = openBotWorld({ conversation });
    await takeLease(leases, ROOM);
    const { outcome } = await start({ liveMs: 10 * MINUTE });
    await clock.live(10 * MINUTE);
    expect(outcome()).toBeUndefined();
  });
});
