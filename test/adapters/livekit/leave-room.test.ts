import { Room } from '@livekit/rtc-node';
import { expect, it } from 'vitest';
import { leaveRoom } from '../../../src/adapters/livekit/leave-room.ts';
import { openHandClock } from '../../support/hand-clock.ts';

/** A room that notes when it is disconnected, and does not answer. */
function openMuteRoom() {
  const clock = openHandClock();
  const disconnects: number[] = [];
  const room = new Room();
  room.disconnect = () => {
    disconnects.push(clock.monotonicMs());
    return new Promise(() => undefined);
  };
  return { clock, disconnects, room };
}

it('lets the last words get out before it disconnects', async () => {
  const { clock, disconnects, room } = openMuteRoom();
  void leaveRoom(room, clock, 200);
  await clock.live(199);
  expect(disconnects).toEqual([]);
  await clock.live(1);
  expect(disconnects).toEqual([200]);
});

it('disconnects at once when nothing is on its way, and waits 2 s for a server that is gone', async () => {
  const { clock, disconnects, room } = openMuteRoom();
  let left = false;
  void leaveRoom(room, clock).then(() => (left = true));
  await clock.live(1_999);
  expect([disconnects, left]).toEqual([[0], false]);
  await clock.live(1);
  expect(left).toBe(true);
});
