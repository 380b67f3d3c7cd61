import { randomUUID } from 'node:crypto';
import { RoomServiceClient } from 'livekit-server-sdk';
import { describe, expect, it, onTestFinished } from 'vitest';
import { freePort } from '../../../dev/process/ports.ts';
import { checkLiveKit } from '../../../src/adapters/livekit/check.ts';
import { makeJoinRoom } from '../../../src/adapters/livekit/join-room.ts';
import { silenceNativeLogs } from '../../../src/adapters/livekit/native-logs.ts';
import { httpUrl } from '../../../src/adapters/livekit/options.ts';
import type { LiveKitOptions, LiveKitServer } from '../../../src/adapters/livekit/options.ts';
import { botIdentity } from '../../../src/adapters/livekit/token.ts';
import type { RoomLink } from '../../../src/ports/room-link.ts';
import { openLiveKitPath } from '../../support/livekit-path.ts';
import type { LiveKitPath } from '../../support/livekit-path.ts';
import { livekitServer } from '../../support/livekit-server.ts';
import { watchNativeEvents } from '../../support/native-events.ts';

async function join(
  options: LiveKitServer & Partial<LiveKitOptions>,
  room: string,
  signal: AbortSignal = new AbortController().signal,
): Promise<RoomLink> {
  const joinRoom = makeJoinRoom({ gatherOnce: true, observe: () => undefined, ...options });
  const link = await joinRoom({ room, name: 'Cleo' }, () => undefined, signal);
  onTestFinished(() => link[Symbol.asyncDispose]());
  return link;
}

const newRoom = (): string => `join ${randomUUID()}`;

async function whoIsIn(room: string): Promise<readonly string[]> {
  const server = livekitServer();
  const api = new RoomServiceClient(httpUrl(server), server.apiKey, server.apiSecret);
  return (await api.listParticipants(room)).map(({ identity }) => identity);
}

const wrongKey = (): LiveKitServer => ({ ...livekitServer(), apiSecret: 'x'.repeat(40) });

describe('a join', () => {
  it('says which key is wrong', async () => {
    await expect(join(wrongKey(), newRoom())).rejects.toMatchObject({
      kind: 'auth',
      fault: 'fleet',
      service: 'livekit',
      message: expect.stringContaining('LIVEKIT_API_SECRET') as string,
    });
  });

  it('says that nobody is there', async () => {
    const nowhere = { ...livekitServer(), url: `ws://127.0.0.1:${await freePort()}` };
    await expect(join(nowhere, newRoom())).rejects.toMatchObject({
      kind: 'unavailable',
      fault: 'fleet',
      retryable: true,
    });
  });

  it('is the room’s own fault when the server refuses the room', async () => {
    await expect(join(livekitServer(), '')).rejects.toMatchObject({
      kind: 'rejected',
      fault: 'room',
    });
  });

  it('finds its room under the longest name that a server takes', async () => {
    const room = `${randomUUID()}${'x'.repeat(220)}`;
    await join(livekitServer(), room);
    expect(await whoIsIn(room)).toEqual([botIdentity(room)]);
  });

  it('takes servers for the network from us', async () => {
    const room = newRoom();
    await join({ ...livekitServer(), gatherOnce: false, iceServers: ['stun:127.0.0.1:9'] }, room);
    expect(await whoIsIn(room)).toEqual([`bot-${room}`]);
  });

  it('ends at its deadline, also where the server takes the call and says nothing', async () => {
    await comesThroughTooLate(async ({ server }, room) => {
      const joining = join({ ...server, connectTimeoutMs: 200 }, room);
      await expect(joining).rejects.toMatchObject({ kind: 'timeout', fault: 'fleet' });
    });
  });

  it('ends at once when it is called off', async () => {
    await comesThroughTooLate(async ({ server, proxy }, room) => {
      const off = new AbortController();
      const joining = expect(join(server, room, off.signal)).rejects.toThrow('not needed any more');
      await expect.poll(() => proxy.dials()).toBe(1);
      off.abort(new Error('not needed any more'));
      await joining;
    });
  });
});

/** Lets a join go on after it has ended for us: it leaves nobody behind. */
async function comesThroughTooLate(
  giveUp: (path: LiveKitPath, room: string) => Promise<void>,
): Promise<void> {
  silenceNativeLogs(() => undefined);
  const native = watchNativeEvents();
  const room = newRoom();
  const path = await openLiveKitPath();
  path.proxy.cut('hang');
  await giveUp(path, room);
  path.proxy.heal();
  await native.came('connect');
  await native.came('disconnect');
  expect(await whoIsIn(room)).toEqual([]);
}

describe('the check of the configured server', () => {
  it('is content with ours', async () => {
    await expect(checkLiveKit(livekitServer())).resolves.toBeUndefined();
  });

  it('names a wrong key and a server that is not there', async () => {
    await expect(checkLiveKit(wrongKey())).rejects.toMatchObject({ kind: 'auth' });
    const nowhere = { ...livekitServer(), url: `ws://127.0.0.1:${await freePort()}` };
    await expect(checkLiveKit(nowhere)).rejects.toMatchObject({ kind: 'unavailable' });
  });

  it('ends with its signal', async () => {
    const off = AbortSignal.abort(new Error('shutting down'));
    await expect(checkLiveKit(livekitServer(), off)).rejects.toThrow('shutting down');
  });
});
