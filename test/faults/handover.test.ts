import { afterEach, describe, expect, it } from 'vitest';
import { openProxy } from '../../dev/process/proxy.ts';
import { useFleet } from '../support/fleet.ts';
import { addressOf } from '../support/fleet-path.ts';
import { ask, expectEachAnsweredOnce, linesLike, MY_NAME, openTalk } from '../support/talk.ts';

const fleet = useFleet({
  llm: {
    replies: [
      { says: 'tell me the story', reply: 'One. Two. Three. Four.', pace: { perTokenMs: 150 } },
    ],
  },
});

// Each case has the fleet for itself.
afterEach(async () => {
  await fleet().endWorkers();
  await fleet().queue.purge();
});

describe('SIGTERM', () => {
  it('in the middle of a reply hands the room to a free worker; what is said meanwhile is answered once', async () => {
    const old = await fleet().openWorker();
    const { room, ada } = await openTalk(fleet(), 'deploy');
    await using _ada = ada;
    const next = await fleet().openWorker();
    await ada.say('Now tell me the story.');
    await ada.heard(/^One\.$/);
    old.signal('SIGTERM');
    await old.notReadyFor(/draining/);
    await ada.say('And what is my name?');
    await ada.read(/^One\. Two\. Three\. Four\.$/);
    await ada.read(/Your name is Ada/);
    expect(await old.exited).toBe(0);
    await ask(ada, 'Do you hear me?', /Do you hear me/);

    expect(await room.lease()).toMatchObject({
      status: 'live',
      worker: next.name,
      arrival: 'handover',
      generation: 1,
      crashes: 0,
    });
    expectEachAnsweredOnce(await room.memoryThat('four answers', ({ length }) => length === 8), [
      MY_NAME,
      'Now tell me the story.',
      'And what is my name?',
      'Do you hear me?',
    ]);
    expect(linesLike(ada, /has joined/)).toHaveLength(1);
    expect(linesLike(ada, /Your name is Ada/)).toHaveLength(1);

    const late = await fleet().openRoom('after-drain');
    await late.call();
    await late.leaseThat('live', ({ worker }) => worker === next.name);
  });

  it('without a free worker goes on answering up to the deadline; the next worker goes on', async () => {
    const old = await fleet().openWorker({ DRAIN_TIMEOUT_MS: '4000' });
    const { room, ada } = await openTalk(fleet(), 'no-other');
    await using _ada = ada;
    old.signal('SIGTERM');
    await old.logged('handover-sent', 10_000);
    await ask(ada, 'Are you still there?', /Are you still there/);
    expect(await old.exited).toBe(0);
    expect(await room.lease()).toMatchObject({ status: 'live', epoch: 1 });
    const next = await fleet().openWorker();
    await next.joins(room);
    expect(await room.lease()).toMatchObject({ arrival: 'handover', crashes: 0 });
    await ask(ada, 'What is my name?', /Your name is Ada/);
    expect(linesLike(ada, /has joined/)).toHaveLength(1);
    expectEachAnsweredOnce(await room.memoryThat('three answers', ({ length }) => length === 6), [
      MY_NAME,
      'Are you still there?',
      'What is my name?',
    ]);
  });

  it('and crashed between sending the successor and deleting: one talk, the successor is let go', async () => {
    const old = await fleet().openWorker();
    const { room, ada } = await openTalk(fleet(), 'half');
    const next = await fleet().openWorker();
    fleet().stack.queue.faults.delay('DeleteMessage', 60_000);
    old.signal('SIGTERM');
    await old.logged('handover-sent', 10_000);
    old.signal('SIGKILL');
    // The old message stands before its successor, which has to wait for it.
    await next.joins(room);
    // Not before: the call of the dead one may have been on its way.
    fleet().stack.queue.faults.delay('DeleteMessage', 0);
    expect(await room.lease()).toMatchObject({ arrival: 'takeover', epoch: 2 });
    await ask(ada, 'What is my name?', /Your name is Ada/);
    expect(linesLike(ada, /has joined/)).toHaveLength(1);
    await ada[Symbol.asyncDispose]();
    await next.logged('activation-settled', 10_000, ({ how }) => how === 'ended');
    expect(await room.lease()).toMatchObject({ status: 'left', epoch: 2 });
    await fleet().queue.isEmpty();
  });

  it('a second time returns the lease at once, without waiting for anybody', async () => {
    const old = await fleet().openWorker();
    const { room, ada } = await openTalk(fleet(), 'twice');
    await using _ada = ada;
    old.signal('SIGTERM');
    await old.logged('drain-started', 10_000);
    old.signal('SIGTERM');
    expect(await old.exited).toBe(0);
    // Whatever was there of a handover, one message is visible now: nothing waits for a lapse.
    expect(await fleet().queue.counts()).toMatchObject({ inFlight: 0 });
    const next = await fleet().openWorker();
    await next.joins(room);
    await ask(ada, 'What is my name?', /Your name is Ada/);
    expect(linesLike(ada, /has joined/)).toHaveLength(1);
  });

  it('while a bot is still on its way hands its message back', async () => {
    await using path = await openProxy(addressOf(fleet().stack.livekit.url));
    path.cut('hang');
    const old = await fleet().openWorker({
      LIVEKIT_URL: `ws://127.0.0.1:${path.port}`,
      DRAIN_TIMEOUT_MS: '500',
    });
    const room = await fleet().openRoom('on-its-way');
    await room.call();
    await old.logged('bot-started', 10_000);
    old.signal('SIGTERM');
    expect(await old.exited).toBe(0);
    expect(await fleet().queue.counts()).toEqual({ waiting: 1, inFlight: 0 });
    await fleet().openWorker();
    await using ada = await room.enter();
    await ada.heard(/^Mira has joined the chat!$/);
  });
});
