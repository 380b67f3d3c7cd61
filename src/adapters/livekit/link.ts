import { RoomEvent } from '@livekit/rtc-node';
import type { Room } from '@livekit/rtc-node';
import { systemClock } from '../../lib/clock.ts';
import type { LinkEvent, RoomLink } from '../../ports/room-link.ts';
import { makeStateSender } from './agent-state.ts';
import { receiveChat } from './chat-in.ts';
import { makeChatSender } from './chat-out.ts';
import { leaveRoom } from './leave-room.ts';
import { toLinkEnd } from './link-end.ts';
import type { LiveKitOptions } from './options.ts';
import { watchPeople } from './presence.ts';
import { makePublisher } from './publisher.ts';
import { guardRoomEvents, releaseRoom } from './room-events.ts';
import { openSegment } from './segments.ts';

/** A link that can be shut without leaving: nothing is told or published any more. */
export interface Link extends RoomLink {
  close(): void;
}

/** Puts a link on a room that is not connected yet. */
export function openLink(
  room: Room,
  { observe, publishTimeoutMs = 5_000 }: LiveKitOptions,
  listen: (event: LinkEvent) => void,
): Link {
  let path: 'up' | 'cut' | 'gone' = 'up';
  let leaving: Promise<void> | undefined;
  const tell = (event: LinkEvent): void => {
    if (path !== 'gone') listen(event);
  };
  const presence = watchPeople(room, systemClock, tell);
  const publisher = makePublisher(room, () => path === 'up', systemClock, publishTimeoutMs);

  function close(): void {
    path = 'gone';
    presence[Symbol.dispose]();
  }

  guardRoomEvents(room, (error) => observe({ type: 'unexpected-error', error }));
  receiveChat(room, systemClock, tell);
  room.on(RoomEvent.Reconnecting, () => {
    if (path !== 'up') return;
    path = 'cut';
    presence.doubt();
    tell({ type: 'reconnecting' });
  });
  room.on(RoomEvent.Reconnected, () => {
    if (path !== 'cut') return;
    path = 'up';
    presence.doubt();
    tell({ type: 'reconnected' });
  });
  room.on(RoomEvent.Disconnected, (reason) => {
    if (path === 'gone') return;
    close();
    releaseRoom(room);
    listen({ type: 'ended', reason: toLinkEnd(reason) });
  });

  return {
    people: presence.people,
    showAgentState: makeStateSender(room, publisher, observe),
    openSegment: (segmentId) => openSegment(publisher, segmentId),
    sendChatLine: makeChatSender(publisher, systemClock),
    close,
    [Symbol.asyncDispose]() {
      close();
      leaving ??= leaveRoom(room, systemClock);
      return leaving;
    },
  };
}
