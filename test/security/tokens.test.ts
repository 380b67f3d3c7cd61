import { randomUUID } from 'node:crypto';
import { ParticipantKind, Room } from '@livekit/rtc-node';
import { AccessToken, RoomServiceClient, TokenVerifier } from 'livekit-server-sdk';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { WebSocket } from 'ws';
import { makeGuestPasses } from '../../src/adapters/livekit/guest-pass.ts';
import { silenceNativeLogs } from '../../src/adapters/livekit/native-logs.ts';
import { httpUrl } from '../../src/adapters/livekit/options.ts';
import { botIdentity, mintListenerToken, mintToken } from '../../src/adapters/livekit/token.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { eventually } from '../support/eventually.ts';
import { livekitServer } from '../support/livekit-server.ts';

const newRoom = (label: string): string => `${label}-${randomUUID()}`;

const TOKENS = {
  async guest(room: string): Promise<string> {
    const mint = makeGuestPasses(livekitServer(), systemClock);
    return (await mint({ room, identity: 'guest-1', name: 'Ada' })).token;
  },
  bot: (room: string): Promise<string> =>
    mintToken(livekitServer(), { room, name: 'Cleo' }, 15_000),
  listener: (room: string): Promise<string> => mintListenerToken(livekitServer(), room, 'ahead-1'),
};

/** Of each: who it makes one, for how long it lets in, and what it grants beside one room to hear. */
const RIGHTS = {
  guest: { identity: () => 'guest-1', seconds: 600, grants: ['canPublishSources'] },
  bot: {
    identity: botIdentity,
    seconds: 15,
    grants: ['canPublishSources', 'canUpdateOwnMetadata'],
  },
  listener: { identity: () => 'ahead-1', seconds: 10, grants: ['hidden'] },
};

async function peopleIn(room: string) {
  const server = livekitServer();
  const api = new RoomServiceClient(httpUrl(server), server.apiKey, server.apiSecret);
  return await api.listParticipants(room);
}

/** Joins with a token as a client does; its `room` parameter asks for another room. */
function knock(token: string, room: string): void {
  const query = new URLSearchParams({ access_token: token, room, protocol: '15', sdk: 'js' });
  const socket = new WebSocket(`${livekitServer().url}/rtc?${String(query)}`);
  socket.on('error', () => undefined);
  onTestFinished(() => socket.terminate());
}

/** The status with which a WebSocket of this path is answered: 101 opens it. */
async function statusOf(path: string, token: string): Promise<number | undefined> {
  const socket = new WebSocket(`${livekitServer().url}${path}`, {
    headers: { authorization: `Bearer ${token}` },
  });
  onTestFinished(() => socket.terminate());
  return await new Promise((resolve) => {
    socket.on('open', () => resolve(101));
    socket.on('unexpected-response', (_request, { statusCode }) => resolve(statusCode));
    socket.on('error', () => undefined);
  });
}

const callApi = async (method: string, body: object, token: string): Promise<number> => {
  const answer = await fetch(`${httpUrl(livekitServer())}/twirp/livekit.${method}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  await answer.arrayBuffer();
  return answer.status;
};

describe.each(['guest', 'bot', 'listener'] as const)('the token of a %s', (who) => {
  it('opens its own room, whatever other room is asked for with it', async () => {
    const [own, other] = [newRoom('own'), newRoom('other')];
    knock(await TOKENS[who](own), other);
    const inside = await eventually('somebody inside', async () => {
      const people = await peopleIn(own);
      return people.length === 1 && people;
    });
    expect(inside[0]!.identity).toBe(RIGHTS[who].identity(own));
    expect(await peopleIn(other)).toEqual([]);
  });

  it.each([
    ['RoomService/ListRooms', {}],
    ['RoomService/ListParticipants', {}],
    ['RoomService/CreateRoom', { name: 'made-by-nobody' }],
    ['RoomService/DeleteRoom', {}],
    ['RoomService/RemoveParticipant', { identity: 'guest-1' }],
    ['RoomService/UpdateParticipant', { identity: 'guest-1', metadata: 'x' }],
    ['RoomService/UpdateRoomMetadata', { metadata: 'x' }],
    ['RoomService/SendData', { data: 'eA==', kind: 0 }],
    ['Egress/StartRoomCompositeEgress', { room_name: 'x' }],
    ['AgentDispatchService/CreateDispatch', { agent_name: 'x' }],
  ])('is no key of the server’s API: %s', async (method, body) => {
    const room = newRoom('api');
    const status = await callApi(method, { room, ...body }, await TOKENS[who](room));
    expect([401, 403]).toContain(status);
  });

  it('does not make its bearer a worker of LiveKit’s Agents framework', async () => {
    expect(await statusOf('/agent', await TOKENS[who](newRoom('agent')))).toBe(401);
  });

  it('opens nothing when a claim was changed, or its time is over', async () => {
    const token = await TOKENS[who](newRoom('forged'));
    expect(await statusOf('/rtc', token)).toBe(101);
    const [head, claims = '', signature] = token.split('.');
    const forged = Buffer.from(claims, 'base64url').toString().replace('forged-', 'target-');
    const changed = [head, Buffer.from(forged).toString('base64url'), signature].join('.');
    expect(await statusOf('/rtc', changed)).toBe(401);
    // The server allows a minute of difference between clocks.
    const passedMs = (RIGHTS[who].seconds + 90) * 1_000;
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() - passedMs });
    const expired = await TOKENS[who](newRoom('expired'));
    vi.useRealTimers();
    expect(await statusOf('/rtc', expired)).toBe(401);
  });

  it('lives for minutes at most, and grants nothing that is not used', async () => {
    const { apiKey, apiSecret } = livekitServer();
    const claims = await new TokenVerifier(apiKey, apiSecret).verify(await TOKENS[who]('r'));
    const { seconds, grants } = RIGHTS[who];
    expect(claims.exp! - claims.nbf!).toBe(seconds);
    const basic = ['canPublish', 'canPublishData', 'canSubscribe', 'room', 'roomJoin'];
    expect(Object.keys(claims.video ?? {}).toSorted()).toEqual([...basic, ...grants].toSorted());
    const mayPublish = who !== 'listener';
    expect(claims.video).toMatchObject({ canPublish: mayPublish, canPublishData: mayPublish });
    expect(claims).not.toHaveProperty('sip');
    expect(claims).not.toHaveProperty('roomConfig');
  });
});

it('a server would take a worker that has the grant', async () => {
  const { apiKey, apiSecret } = livekitServer();
  const token = new AccessToken(apiKey, apiSecret, { identity: 'worker', ttl: 60 });
  token.addGrant({ agent: true });
  expect(await statusOf('/agent', await token.toJwt())).toBe(101);
});

/** Joins with a token, asks to be shown as a speaking agent, and leaves with the test. */
async function showAsAgent(token: string): Promise<void> {
  silenceNativeLogs(() => undefined);
  const inside = new Room();
  onTestFinished(() => inside.disconnect());
  const quiet = { autoSubscribe: false, dynacast: false };
  await inside.connect(livekitServer().url, token, quiet);
  // rtc-node tells nothing of a refusal.
  await inside.localParticipant!.setAttributes({ 'lk.agent.state': 'speaking' });
}

it('a guest is no agent, and cannot show itself as one; the bot can', async () => {
  const [theirs, ours] = [newRoom('guest'), newRoom('bot')];
  await showAsAgent(await TOKENS.guest(theirs));
  await showAsAgent(await TOKENS.bot(ours));
  await eventually('the bot to be shown', async () => {
    const [bot] = await peopleIn(ours);
    const isAgent = (bot?.kind as number | undefined) === ParticipantKind.AGENT;
    return isAgent && bot?.attributes['lk.agent.state'] === 'speaking';
  });
  const [guest] = await peopleIn(theirs);
  expect(guest).toMatchObject({
    kind: ParticipantKind.STANDARD,
    attributes: {},
    metadata: '',
  });
  expect(guest!.permission).toMatchObject({ hidden: false, recorder: false, agent: false });
});
