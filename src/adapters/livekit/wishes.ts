import { RoomEvent } from '@livekit/rtc-node';
import type { Room } from '@livekit/rtc-node';
import type { LinkEvent } from '../../ports/room-link.ts';

/** The bot's own attribute in which a backend says how the talk is to be held. */
export const MODE_ATTRIBUTE = 'troupe.mode';

/** Tells what a backend wants of us; only the server's API may set attributes of ours. */
export function watchWishes(room: Room, emit: (event: LinkEvent) => void): void {
  room.on(RoomEvent.ParticipantAttributesChanged, (changed, { identity }) => {
    const mode = changed[MODE_ATTRIBUTE];
    if (identity !== room.localParticipant?.identity) return;
    if (mode === 'text' || mode === 'voice') emit({ type: 'mode-asked', mode });
  });
}
