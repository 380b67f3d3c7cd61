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
import type { Publisher } from './publisher.ts';
import { guardRoomEvents, releaseRoom } from './room-events.ts';
import { openSegment } from './segments.ts';

/** A link that can be shut without leaving: nothing is told or published any more. */
export interface Link extends RoomLink {
  close(): void;
}

/** How long after it was taken the last message is still on its way out; leaving would lose it. */
const SETTLE_MS = 200;

/** Puts a link on a room that is not connected yet. */
export function openLink(
  room: Room,
  { observe, publishTimeoutMs = 5_000 }: LiveKitOptions,
  listen: (event: LinkEvent) => void,
): Link {
  let path: 'up' | 'cut' | 'gone' = 'up';
  let leaving: Promise<void> | undefined;
  const isUp = (): boolean => path === 'up';
  const onError = (error: unknown): void => observe({ type: 'unexpected-error', error });
  const tell = (event: LinkEvent): void => {
    try {
      if (path !== 'gone' || event.type === 'ended') listen(event);
    } catch (error) {
      onError(error);
    }
  };
  const presence = watchPeople(room, systemClock, isUp, tell);
  const wire = makePublisher(room, isUp, systemClock, publishTimeoutMs);
  let sentAt = -SETTLE_MS;
  const publisher: Publisher = {
    publish: (what, send) =>
      wire.publish(what, send).finally(() => {
        sentAt = systemClock.monotonicMs();
      }),
  };

  function change(from: 'up' | 'cut', to: 'up' | 'cut', event: LinkEvent): void {
    if (path !== from) return;
    path = to;
    presence.doubt();
    tell(event);
  }
  function close(): void {
    path = 'gone';
    presence.doubt();
  }

  guardRoomEvents(room, onError);
  receiveChat(room, systemClock, tell);
  room.on(RoomEvent.Reconnecting, () => change('up', 'cut', { type: 'reconnecting' }));
  room.on(RoomEvent.Reconnected, () => change('cut', 'up', { type: 'reconnected' }));
  room.on(RoomEvent.Disconnected, (reason) => {
    if (path === 'gone') return;
    close();
    tell({ type: 'ended', reason: toLinkEnd(reason) });
    releaseRoom(room);
  });

  return {
    people: presence.people,
    showAgentState: makeStateSender(room, publisher, observe),
    openSegment: (segmentId) => openSegment(publisher, segmentId),
    hear: () => ({ [Symbol.dispose]: () => undefined }),
    openVoice: () => Promise.reject(new Error('there is no voice yet')),
    showTranscript: () => undefined,
    sendChatLine: makeChatSender(publisher, systemClock),
    close,
    [Symbol.asyncDispose]() {
      const settlesInMs = isUp() ? sentAt + SETTLE_MS - systemClock.monotonicMs() : 0;
      close();
      leaving ??= leaveRoom(room, systemClock, settlesInMs);
      return leaving;
    },
  };
}
