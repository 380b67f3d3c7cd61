import type { RoomLink, SegmentWriter } from '../ports/room-link.ts';

/**
 * A segment that goes on over a rejoin: on the new link it begins again, with what its voice's track
 * is called there, and its end brings the whole of it.
 */
export function openKeptSegment(
  link: () => RoomLink,
  segmentId: string,
  voiceTrackId: () => string | undefined,
): SegmentWriter {
  let on: RoomLink | undefined;
  let segment: SegmentWriter | undefined;
  const current = (): SegmentWriter => {
    if (segment !== undefined && on === link()) return segment;
    on = link();
    segment = on.openSegment(segmentId, voiceTrackId());
    return segment;
  };
  return {
    write: (text) => current().write(text),
    end: (finalText) => current().end(finalText),
  };
}
