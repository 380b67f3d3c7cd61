import type { RoomLink } from '../ports/room-link.ts';
import type { RoomSound } from '../ports/room-sound.ts';
import { openKeptHearing } from './kept-hearing.ts';
import { openKeptSegment } from './kept-segment.ts';
import { openKeptVoices } from './kept-voice.ts';
import type { SoundPlace } from './kept-voice.ts';

/** The sound of a place in the room and what is read of it, kept over its links. */
export interface KeptSound {
  readonly sound: RoomSound & Pick<RoomLink, 'openSegment'>;
  /** There is a new link. */
  readonly moved: () => void;
  /** The place counts again. */
  readonly restored: () => void;
}

/** We hear as soon as we can, but speak and write only where the place counts. */
export function openKeptSound(place: SoundPlace): KeptSound {
  const { hear, moved } = openKeptHearing(place.link);
  const { openVoice, restored, trackId } = openKeptVoices(place);
  return {
    moved,
    restored,
    sound: {
      hear,
      openVoice,
      openSegment: (segmentId, voiceTrackId) =>
        openKeptSegment(place.link, segmentId, () => voiceTrackId && (trackId() ?? voiceTrackId)),
      showTranscript(transcript) {
        if (place.mayPublish()) place.link().showTranscript(transcript);
      },
    },
  };
}
