import { DisconnectReason } from '@livekit/rtc-node';
import type { LinkEnd } from '../../ports/room-link.ts';

/** What the server's reason for the end of our connection means for us. */
export function toLinkEnd(reason: DisconnectReason): LinkEnd {
  return ENDS.get(reason) ?? 'connection-lost';
}

const ENDS: ReadonlyMap<DisconnectReason, LinkEnd> = new Map([
  [DisconnectReason.DUPLICATE_IDENTITY, 'duplicate-identity'],
  [DisconnectReason.PARTICIPANT_REMOVED, 'removed'],
  [DisconnectReason.ROOM_DELETED, 'room-deleted'],
  // The server closes a room in which nobody but agents was left.
  [DisconnectReason.ROOM_CLOSED, 'room-deleted'],
]);
