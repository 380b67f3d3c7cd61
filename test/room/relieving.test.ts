import { expect, it } from 'vitest';
import type { JoinRequest, JoinRoom } from '../../src/ports/room-link.ts';
import { takeLease } from '../support/fake-bot-lease.ts';
import { settled } from '../support/hand-clock.ts';
import { openBotWorld, ROOM } from './bot-world.ts';
import { openPlace } from './place.ts';

it.each([
  ['handover', 'voice', true],
  ['handover', 'text', false],
  ['takeover', 'voice', false],
  ['fresh', 'voice', false],
] as const)('a bot that comes by %s, in %s, hears the room ahead: %s', async (how, mode, ahead) => {
  const { deps, leases, started } = openBotWorld({ mode });
  const asked: JoinRequest[] = [];
  const { joinRoom } = deps;
  const join: JoinRoom = (request, ...to) => {
    asked.push(request);
    return joinRoom(request, ...to);
  };
  Object.assign(deps, { joinRoom: join });
  started({ ...(await takeLease(leases, ROOM)), arrival: how });
  await settled();
  expect(asked.map(({ relieving }) => relieving !== undefined)).toEqual([ahead]);
});

it('evicts nobody who came while it listened, in a process that stood still', async () => {
  const listened = Promise.withResolvers<void>();
  const { entering, rooms, lease, leases, bot } = await openPlace(
    (join) =>
      async (request, ...to) => {
        await listened.promise;
        await request.relieving?.();
        to[1].throwIfAborted();
        return await join(request, ...to);
      },
    true,
  );
  // As the bot's ending does.
  lease.lost.addEventListener('abort', () => bot.abort(new Error('lost')));
  lease.permit(false);
  await takeLease(leases, ROOM);
  listened.resolve();
  await expect(entering).rejects.toThrow('lost');
  expect(rooms.joins(ROOM)).toBe(0);
});

it('relieves nobody by a rejoin', async () => {
  const asked: JoinRequest[] = [];
  const { enter, rooms } = await openPlace(
    (join) =>
      (request, ...to) => {
        asked.push(request);
        return join(request, ...to);
      },
    true,
  );
  await enter();
  rooms.end(ROOM, 'connection-lost');
  await settled();
  expect(asked.map(({ relieving }) => relieving !== undefined)).toEqual([true, false]);
});
