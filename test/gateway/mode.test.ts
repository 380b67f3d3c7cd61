import { describe, expect, it } from 'vitest';
import { useGateway } from './gateway-world.ts';
import type { Answer } from './gateway-world.ts';

const gateway = useGateway({ parts: ['livekit', 'queue', 'database'] });

function ask(room: string, body: unknown): Promise<Answer> {
  return gateway().ask(`/v1/rooms/${room}/mode`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
}

describe('PUT /v1/rooms/ROOM/mode', () => {
  it('says where no bot is there to be asked', async () => {
    for (const room of ['empty', 'r'.repeat(256), encodeURIComponent('会'.repeat(80))]) {
      const { status, body } = await ask(room, { mode: 'voice' });
      expect(status).toBe(404);
      expect(body).toMatchObject({ type: 'urn:troupe:no-bot', status: 404 });
    }
  });

  it.each([
    ['a%00b', 'room has control characters.'],
    ['a%0d%0ab', 'room has control characters.'],
    ['r'.repeat(257), 'room is longer than 256 characters.'],
  ])('refuses the room %s', async (room, detail) => {
    const { status, body } = await ask(room, { mode: 'voice' });
    expect(status).toBe(422);
    expect(body).toMatchObject({ type: 'urn:troupe:invalid-request', detail });
  });

  it.each([
    [{}, 'mode is neither text nor voice.'],
    [{ mode: 'realtime' }, 'mode is neither text nor voice.'],
    [[], 'the body is no object.'],
  ])('refuses %j', async (wish, detail) => {
    const { status, body } = await ask('empty', wish);
    expect(status).toBe(422);
    expect(body).toMatchObject({ type: 'urn:troupe:invalid-request', detail });
  });
});
