import { RoomEvent } from '@livekit/rtc-node';
import type { Room } from '@livekit/rtc-node';
import { systemClock } from '../../lib/clock.ts';
import type { LinkEvent, RoomLink } from '../../ports/room-link.ts';
import { makeStateSender } from './agent-state.ts';
import { receiveChat } from './chat-in.ts';
import { makeChatSender } from './chat-out.ts';
import type { EarlyHearing } from './early-hearing.ts';
import { leaveRoom } from './leave-room.ts';
import { toLinkEnd } from './link-end.ts';
import { makeHear } from './microphones.ts';
import type { LiveKitOptions } from './options.ts';
import { openPath } from './path.ts';
import type { PathState } from './path.ts';
import { watchPeople } from './presence.ts';
import { watchWishes } from './wishes.ts';
import { makePublisher } from './publisher.ts';
import type { Publisher } from './publisher.ts';
import { guardRoomEvents } from './room-events.ts';
import { openSegment } from './segments.ts';
import { makeTranscriptSender } from './transcripts.ts';
import { openVoice } from './voice.ts';

/** A link that can be shut without leaving: nothing is told or published any more. */
export interface Link extends RoomLink {
  close(): void;
}

/** How long one publish may take on a path that is whole. */
const PUBLISH_LIMIT_MS = 5_000;

/**
 * How long after it was taken the last message is still on its way out: leaving would lose it. So long
 * the native room outlives a connection that the server ended: the library may not have begun with what
 * it was just given (publisher.ts).
 */
const SETTLE_MS = 200;

/** Puts a link on a room that is not connected yet; `early` ends with it. */
export function openLink(
  room: Room,
  { observe }: LiveKitOptions,
  listen: (event: LinkEvent) => void,
  early?: EarlyHearing,
): Link {
  const path = openPath();
  let leaving: Promise<void> | undefined;
  const onError = (error: unknown): void => observe({ type: 'unexpected-error', error });
  const tell = (event: LinkEvent): void => {
    try {
      if (path.state() !== 'gone' || event.type === 'ended') listen(event);
    } catch (error) {
      onError(error);
    }
  };
  const presence = watchPeople(room, systemClock, path.isUp, tell);
  const hear = makeHear(room, path, onError);
  const wire = makePublisher(room, path, systemClock, PUBLISH_LIMIT_MS);
  let sentAt = -SETTLE_MS;
  const publisher: Publisher = {
    publish: (what, send) =>
      wire.publish(what, send).finally(() => {
        sentAt = systemClock.monotonicMs();
      }),
  };

  function change(to: PathState, event: LinkEvent): void {
    if (!path.change(to)) return;
    presence.doubt();
    tell(event);
  }
  function close(): void {
    path.change('gone');
    presence.doubt();
  }

  path.watch(() => {
    if (path.state() === 'gone') early?.[Symbol.dispose]();
  });
  guardRoomEvents(room, onError);
  receiveChat(room, systemClock, tell);
  watchWishes(room, tell);
  room.on(RoomEvent.Reconnecting, () => change('cut', { type: 'reconnecting' }));
  room.on(RoomEvent.Reconnected, () => change('up', { type: 'reconnected' }));
  room.on(RoomEvent.Disconnected, (reason) => {
    if (path.state() === 'gone') return;
    change('gone', { type: 'ended', reason: toLinkEnd(reason) });
    leaving ??= leaveRoom(room, systemClock, SETTLE_MS);
  });

  return {
    people: presence.people,
    showAgentState: makeStateSender(room, publisher, observe),
    openSegment: (segmentId, voiceTrackId) => openSegment(publisher, segmentId, voiceTrackId),
    hear: early === undefined ? hear : early.prependTo(hear),
    openVoice: () => openVoice({ room, path, publisher: wire, clock: systemClock }),
    showTranscript: makeTranscriptSender(publisher, path.isUp, observe),
    sendChatLine: makeChatSender(publisher, systemClock),
    close,
    [Symbol.asyncDispose]() {
      const settlesInMs = path.isUp() ? sentAt + SETTLE_MS - systemClock.monotonicMs() : 0;
      close();
      leaving ??= leaveRoom(room, systemClock, settlesInMs);
      return leaving;
    },
  };
}
