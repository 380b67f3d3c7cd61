import { describe, expect, it } from 'vitest';
import { answered, said } from '../contract/memory-world.ts';
import { takeLease } from '../support/fake-bot-lease.ts';
import { settled } from '../support/hand-clock.ts';
import { failure, openBotWorld, ROOM } from './bot-world.ts';

const JOINED = 'Mia has joined the chat!';

describe('a fresh start', () => {
  it('is told to whoever is there, listens, and answers', async () => {
    const { enter, start, texts, told } = openBotWorld();
    const ann = enter('Ann');
    const { bot, lease } = await start();
    expect(lease.arrival).toBe('fresh');
    expect(ann.lines()).toEqual([JOINED]);
    expect(ann.states()).toEqual(['listening']);
    expect(bot.status()).toMatchObject({ phase: 'talking', mode: 'text', humans: 1 });
    expect(told('room-joined')).toMatchObject([{ room: ROOM, session: ROOM, epoch: 1, people: 1 }]);
    await ann.says('Hello?');
    expect(ann.lines()).toEqual([JOINED, 'You said Hello?.']);
    // It answers before it would have said that it thinks.
    expect(ann.states()).toEqual(['listening', 'speaking', 'listening']);
    expect(await texts()).toEqual(['Ann: Hello?', 'Mia: You said Hello?.']);
  });

  it('serves in writing, and says so, where a voice is asked for and not to be had', async () => {
    const { enter, start, told } = openBotWorld({ mode: 'voice' });
    const ann = enter('Ann');
    await start();
    expect(ann.lines()).toEqual([JOINED, expect.stringMatching(/^I cannot hear/)]);
    expect(told('provider-failed')).toMatchObject([{ room: ROOM, provider: 'voice' }]);
  });

  it('enters no room before its voice is loaded: somebody else may still serve it', async () => {
    const loaded = Promise.withResolvers<never>();
    const loadVoice = (): Promise<never> => loaded.promise;
    const { enter, start, told } = openBotWorld({ mode: 'voice', parts: { loadVoice } });
    const ann = enter('Ann');
    await start();
    expect([ann.states(), told('room-joined')]).toEqual([[], []]);
    loaded.reject(failure('not-ready', 'voice'));
    await settled();
    expect(ann.states()).toEqual(['listening']);
  });

  it('says so too where a voice is asked for in the middle of the talk', async () => {
    const { rooms, enter, start, clock } = openBotWorld();
    const ann = enter('Ann');
    await start();
    rooms.tell(ROOM, { type: 'mode-asked', mode: 'voice' });
    await clock.live(100);
    expect(ann.lines()).toEqual([JOINED, expect.stringMatching(/^I cannot hear/)]);
    await ann.says('Hello?');
    expect(ann.lines().at(-1)).toBe('You said Hello?.');
  });

  it('waits with the joined line for the first human, and says it once', async () => {
    const { enter, start } = openBotWorld();
    await start({ liveMs: 1_000 });
    enter('Recorder', 'bot');
    await settled();
    const ann = enter('Ann');
    expect(ann.lines()).toEqual([]);
    await settled();
    enter('Ben');
    await settled();
    expect(ann.lines()).toEqual([JOINED]);
  });

  it('greets where the character has a greeting, which the model knows afterwards', async () => {
    const { enter, start, texts } = openBotWorld({ character: { greeting: 'Hi! I am Mia.' } });
    const ann = enter('Ann');
    await start();
    expect(ann.lines()).toEqual([JOINED, 'Hi! I am Mia.']);
    await ann.says('Hello?');
    expect(await texts()).toEqual(['Mia: Hi! I am Mia.', 'Ann: Hello?', 'Mia: You said Hello?.']);
  });

  it('shows sentences as segments alone where the session wants no chat lines', async () => {
    const { directory, enter, start } = openBotWorld();
    directory.putSession({ id: ROOM, characterId: 'mia', chatLines: false });
    const ann = enter('Ann');
    await start();
    expect(ann.lines()).toEqual([]);
    expect(ann.segments()).toEqual([{ text: JOINED, final: true }]);
  });

  it('owes nothing of a talk that was left, then or after the next crash', async () => {
    const { crashed, enter, start, leases, llm } = openBotWorld();
    await crashed(said('unanswered'));
    await leases.markLeft({ room: ROOM, epoch: 1 }, 'left');
    const ann = enter('Ann');
    const { lease, bot } = await start({ liveMs: 1_000 });
    expect(lease.arrival).toBe('fresh');
    expect(ann.lines()).toEqual([JOINED]);
    bot.leave('drain');
    const next = await start({ liveMs: 2_000 });
    expect(next.lease.arrival).toBe('takeover');
    expect(llm.completions).toEqual([]);
  });
});

describe('a takeover', () => {
  it('goes on with the memory, answers once what nobody answered, and says no joined line', async () => {
    const { crashed, enter, start, clock, texts } = openBotWorld();
    await crashed(said('one', 'u1'), answered('two', 'u1'), said('three', 'u2'));
    const ann = enter('Ann');
    const { lease } = await start();
    expect(lease.arrival).toBe('takeover');
    await clock.live(900);
    expect(ann.lines()).toEqual([]);
    await clock.live(100);
    expect(ann.lines()).toEqual(['You said three.']);
    await clock.live(5_000);
    expect(await texts()).toEqual(['Ann: one', 'Mia: two', 'Ann: three', 'Mia: You said three.']);
  });

  it('says the joined line where the bot before it never met anybody', async () => {
    const { start, enter, leases, clock } = openBotWorld();
    await takeLease(leases, ROOM);
    const { lease } = await start({ liveMs: 1_000 });
    expect(lease.arrival).toBe('takeover');
    const ann = enter('Ann');
    await clock.live(100);
    expect(ann.lines()).toEqual([JOINED]);
  });

  it('puts what was written meanwhile behind what the bot before it left', async () => {
    const { crashed, enter, start, store, clock, texts, llm } = openBotWorld();
    await crashed(said('one', 'u1'));
    await start();
    const ann = enter('Ann');
    await ann.says('three');
    await store.leaveInInbox({ room: ROOM, session: ROOM, epoch: 1 }, [
      { kind: 'message', message: said('two', 'u2') },
      { kind: 'closing' },
    ]);
    await clock.live(100);
    const answer = 'You said one\ntwo\nthree.';
    expect(await texts()).toEqual(['Ann: one', 'Ann: two', 'Ann: three', `Mia: ${answer}`]);
    expect(llm.completions).toHaveLength(1);
    expect(await store.readInbox(ROOM)).toEqual([]);
  });

  it('leaves the inbox to the next one when it has to go before it has read it', async () => {
    const { crashed, start, store, clock, llm, enter } = openBotWorld();
    await crashed(said('one', 'u1'));
    enter('Ann');
    const { bot, outcome } = await start();
    bot.leave('drain');
    await clock.live(100);
    expect(outcome()).toEqual({ kind: 'handed-over' });
    expect(llm.completions).toEqual([]);
    expect((await store.load(ROOM))?.version).toBe(1);
  });
});

describe('a successor', () => {
  it('waits longer for who hands over: words of people come late, and then the closing row', async () => {
    const { crashed, enter, start, store, clock } = openBotWorld();
    await crashed(said('one', 'u1'));
    const ann = enter('Ann');
    const { lease } = await start({ generation: 1, liveMs: 1_500 });
    expect([lease.arrival, ann.lines()]).toEqual(['handover', []]);
    await store.leaveInInbox({ room: ROOM, session: ROOM, epoch: 1 }, [
      { kind: 'message', message: said('two', 'u2') },
      { kind: 'closing' },
    ]);
    await clock.live(100);
    expect(ann.lines()).toEqual(['You said one', 'two.']);
  });
});

describe('a start that does not come about', () => {
  it.each([
    ['an unknown session', { kind: 'not-found', retryable: true }],
    ['an unknown session long after it was asked for', { kind: 'not-found', retryable: false }],
  ])('for %s fails by the room', async (what, error) => {
    const { started, leases, directory, clock, rooms } = openBotWorld();
    directory.putSession({ id: ROOM, characterId: undefined });
    const lease = await takeLease(leases, ROOM, { session: 'unheard-of' });
    clock.pass(60_000);
    const { outcome } = started(lease, what.includes('long') ? 0 : 59_000);
    await settled();
    expect(outcome()).toMatchObject({ kind: 'failed', error: { fault: 'room', ...error } });
    expect(rooms.joins(ROOM)).toBe(0);
  });

  it('for a database that is away fails by the fleet', async () => {
    const { store, start, rooms } = openBotWorld();
    store.failWith(failure('unavailable', 'database'));
    const { outcome } = await start();
    expect(outcome()).toMatchObject({ kind: 'failed', error: { fault: 'fleet', retryable: true } });
    expect(rooms.joins(ROOM)).toBe(0);
  });

  it('for LiveKit, which refuses it, fails and leaves nothing behind', async () => {
    const { rooms, start, clock } = openBotWorld();
    rooms.failJoins(failure('auth', 'livekit'), 1);
    const { outcome } = await start();
    expect(outcome()).toMatchObject({
      kind: 'failed',
      error: { kind: 'auth', service: 'livekit' },
    });
    expect(clock.timers()).toBe(0);
  });

  it('ends at once when it has to leave while it looks things up', async () => {
    const { store, start, rooms, clock } = openBotWorld();
    using _held = store.hold();
    const { bot, outcome } = await start();
    expect(bot.status().phase).toBe('starting');
    bot.leave('stop');
    expect(bot.status().phase).toBe('leaving');
    await settled();
    expect(outcome()).toEqual({ kind: 'left', reason: 'stopped' });
    expect(rooms.joins(ROOM)).toBe(0);
    expect(clock.timers()).toBe(0);
  });

  it('is none where the lease was lost before it began', async () => {
    const { started, leases, rooms, directory } = openBotWorld();
    const lease = await takeLease(leases, ROOM);
    lease.lose();
    const { outcome } = started(lease);
    await settled();
    expect(outcome()).toEqual({ kind: 'lost' });
    expect([rooms.joins(ROOM), directory.calls()]).toEqual([0, 0]);
  });

  it('evicts nobody where the process was stopped on its way', async () => {
    const { start, leases, started, rooms } = openBotWorld();
    const sleeper = await takeLease(leases, ROOM);
    const awake = await start();
    sleeper.permit(false);
    const { outcome } = started(sleeper);
    await settled();
    expect(outcome()).toEqual({ kind: 'lost' });
    expect(rooms.joins(ROOM)).toBe(1);
    expect(awake.outcome()).toBeUndefined();
  });
});
