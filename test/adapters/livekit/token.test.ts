import { TokenVerifier } from 'livekit-server-sdk';
import { expect, it } from 'vitest';
import { botIdentity, mintToken } from '../../../src/adapters/livekit/token.ts';

const server = { url: 'ws://127.0.0.1:7880', apiKey: 'key', apiSecret: 'secret'.repeat(6) };

it('lets the bot into one room, as an agent that front ends know', async () => {
  const token = await mintToken(server, { room: 'tea room', name: 'Cleo' }, 15_000);
  const claims = await new TokenVerifier(server.apiKey, server.apiSecret).verify(token);
  expect(claims).toMatchObject({
    iss: 'key',
    sub: 'bot-tea room',
    name: 'Cleo',
    kind: 'agent',
    attributes: {
      'lk.agent.state': 'initializing',
      'lk.agent.name': 'Cleo',
      'lk.agent_name': 'Cleo',
    },
  });
  expect(claims.video).toEqual({
    roomJoin: true,
    room: 'tea room',
    canPublish: true,
    canPublishSources: ['microphone'],
    canSubscribe: true,
    canPublishData: true,
    canUpdateOwnMetadata: true,
  });
});

it('is worth little when it leaks', async () => {
  const token = await mintToken(server, { room: 'r', name: 'Cleo' }, 15_000);
  const { exp = Infinity, nbf = 0 } = await new TokenVerifier('key', server.apiSecret).verify(
    token,
  );
  expect(exp - nbf).toBe(15);
});

it('shortens an identity that no server takes, the same for every bot of the room', () => {
  const room = '会'.repeat(85);
  expect(Buffer.byteLength(room)).toBeLessThanOrEqual(256);
  expect(botIdentity(room)).toMatch(/^bot-[0-9a-f]{64}$/);
  expect(botIdentity(room)).toBe(botIdentity('会'.repeat(85)));
  expect(botIdentity(room)).not.toBe(botIdentity(`${'会'.repeat(84)}議`));
  expect(botIdentity('x'.repeat(252))).toBe(`bot-${'x'.repeat(252)}`);
});
