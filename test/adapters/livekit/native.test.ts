import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Room } from '@livekit/rtc-node';
import { RoomServiceClient } from 'livekit-server-sdk';
import { describe, expect, it, onTestFinished } from 'vitest';
import { makeJoinRoom } from '../../../src/adapters/livekit/join-room.ts';
import { NATIVE_EVENT, nativeClient } from '../../../src/adapters/livekit/native-logs.ts';
import { httpUrl } from '../../../src/adapters/livekit/options.ts';
import type { ObservationBody } from '../../../src/ports/observe.ts';
import { eventually } from '../../support/eventually.ts';
import { enterAsBot } from '../../support/livekit-link.ts';
import { livekitServer } from '../../support/livekit-server.ts';
import { openVisitor } from '../../support/livekit-visitor.ts';
import { watchNativeEvents } from '../../support/native-events.ts';
import type { NativeEvent } from '../../support/native-events.ts';

const packageMain = createRequire(import.meta.url).resolve('@livekit/rtc-node');
const fromPackage = createRequire(packageMain);

async function visit(room: string): Promise<ReturnType<typeof openVisitor>> {
  const visitor = await openVisitor({ server: livekitServer(), room, identity: 'anna' });
  onTestFinished(() => visitor[Symbol.asyncDispose]());
  return visitor;
}

// What the adapter reaches into. A failure here after an update of rtc-node: read native-logs.ts and
// room-events.ts beside the package's ffi_client.ts and room.ts.
describe('the inside of rtc-node', () => {
  it('has what the adapter takes from it', async () => {
    expect(fromPackage(join(dirname(packageMain), 'version.cjs'))).toEqual({
      SDK_VERSION: '1.1.0',
    });
    const { room } = await enterAsBot(livekitServer(), 'native inside');
    expect(nativeClient()).toMatchObject({
      request: expect.any(Function) as unknown,
      waitFor: expect.any(Function) as unknown,
      getNextRequestAsyncId: expect.any(Function) as unknown,
    });
    expect(Object.hasOwn(new Room(), 'onFfiEvent')).toBe(true);
    expect(room).toHaveProperty('ffiHandle.handle', expect.any(BigInt));
    expect(room).toHaveProperty('ffiHandle.dispose', expect.any(Function));
    expect(room).toHaveProperty('localParticipant.ffi_handle.dispose', expect.any(Function));
  });

  it.runIf(process.platform === 'linux' && process.arch === 'x64')(
    'is a library that frees its rooms',
    () => {
      const bindings = createRequire(fromPackage.resolve('@livekit/rtc-ffi-bindings'));
      const { version } = bindings('@livekit/rtc-ffi-bindings-linux-x64-gnu/package.json') as {
        version: string;
      };
      // Before 0.12.77 a room held itself for ever, 0.4 MB each (livekit/rust-sdks#1405).
      expect(version).toMatch(/^0\.12\.(7[7-9]|[89]\d)$/);
    },
  );
});

describe('the native library', () => {
  it('sends no log records into JavaScript, and runs as we want it', async () => {
    const observed: ObservationBody[] = [];
    const join = makeJoinRoom({
      ...livekitServer(),
      gatherOnce: true,
      observe: (observation) => void observed.push(observation),
    });
    const enter = async (): Promise<void> => {
      const link = await join({ room: 'quiet', name: 'Cleo' }, () => undefined, never());
      await link[Symbol.asyncDispose]();
    };
    await enter();
    const { events } = watchNativeEvents();
    await enter();
    const kinds = events.map(({ message }) => message.case);
    expect(kinds).toContain('connect');
    expect(kinds).not.toContain('logs');
    expect(observed).toEqual([]);
  });

  it('troubles a room only with events of its own', async () => {
    const heard: NativeEvent[] = [];
    const { room } = await enterAsBot(livekitServer(), 'own events', {
      before(inside) {
        const raw = inside as unknown as { onFfiEvent: (event: NativeEvent) => Promise<void> };
        const handle = raw.onFfiEvent;
        raw.onFfiEvent = (event) => {
          heard.push(event);
          return handle(event);
        };
      },
    });
    const other = await enterAsBot(livekitServer(), 'other events');
    const anna = await visit('other events');
    await other.recorder.first('person-joined');
    await anna.say('hello');
    await other.recorder.first('chat-received');
    const ben = await visit('own events');
    await ben.say('hello');

    const own = (room as unknown as { ffiHandle: { handle: bigint } }).ffiHandle.handle;
    const handles = new Set(heard.map(({ message }) => message.value?.roomHandle));
    expect(handles).toEqual(new Set([own]));
  });

  it('leaves nothing of a room behind, whoever ended it', async () => {
    const before = nativeClient()?.listenerCount(NATIVE_EVENT);
    const api = new RoomServiceClient(
      httpUrl(livekitServer()),
      livekitServer().apiKey,
      livekitServer().apiSecret,
    );
    const ended = await enterAsBot(livekitServer(), 'ended by the server');
    const left = await enterAsBot(livekitServer(), 'left by us');
    const handles = [ended, left].map(({ room }) => handleOf(room));
    await api.removeParticipant('ended by the server', 'bot-ended by the server');
    await ended.recorder.first('ended');
    await left.link[Symbol.asyncDispose]();
    await eventually('the end of its handles', async () => ended.room.eventNames().length === 0);

    expect(nativeClient()?.listenerCount(NATIVE_EVENT)).toBe(before);
    for (const roomHandle of handles)
      expect(() => askAbout(roomHandle)).toThrow('handle not found');
    for (const { room } of [ended, left]) expect(room.eventNames()).toEqual([]);
  });

  it('leaves nothing behind of a join that failed', async () => {
    const before = nativeClient()?.listenerCount(NATIVE_EVENT);
    const stranger = { ...livekitServer(), apiSecret: 'x'.repeat(40) };
    await expect(enterAsBot(stranger, 'failed')).rejects.toThrow('401');
    expect(nativeClient()?.listenerCount(NATIVE_EVENT)).toBe(before);
  });

  it('takes no room down with an exception in a handler', async () => {
    const failure = new Error('a defect of ours');
    const { room, recorder, observed } = await enterAsBot(livekitServer(), 'defect', {
      listen: (event) => {
        if (event.type === 'chat-received' && event.text === 'hello') throw failure;
      },
    });
    room.on('dataReceived', () => {
      throw failure;
    });
    const anna = await visit('defect');
    await anna.sendPacket({ x: 1 }, 'cursor');
    await anna.ourselves.sendText('hello', { topic: 'lk.chat' });
    await anna.ourselves.sendText('still there?', { topic: 'lk.chat' });
    await recorder.count('chat-received', 2);
    const defect = { type: 'unexpected-error', error: failure };
    expect(observed).toEqual([defect, defect]);
  });
});

function never(): AbortSignal {
  return new AbortController().signal;
}

function handleOf(room: Room): bigint {
  return (room as unknown as { ffiHandle: { handle: bigint } }).ffiHandle.handle;
}

/** Asks the native library for something of a room. */
function askAbout(roomHandle: bigint): void {
  const client = nativeClient() as unknown as { request(request: unknown): unknown };
  client.request({ message: { case: 'getSessionStats', value: { roomHandle } } });
}
