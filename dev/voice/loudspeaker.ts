import { AudioStream, ParticipantKind, RoomEvent } from '@livekit/rtc-node';
import type {
  RemoteParticipant,
  RemoteTrack,
  RemoteTrackPublication,
  Room,
} from '@livekit/rtc-node';
import { SOUND_RATE } from './tape.ts';
import type { Tape } from './tape.ts';

/** What of the bots' voices is being heard. Disposal turns it off. */
export interface Loudspeaker extends Disposable {
  /** Called at each change between sound and silence, with when it came, in ms of `performance.now()`. */
  readonly onChange: (listen: (isLoud: boolean, atMs: number) => void) => void;
  isLoud(): boolean;
}

/** How finely it is heard, where nobody says otherwise: each frame is an event of the native library. */
const FRAME_MS = 20;
/** RMS above which a frame is heard. */
const AUDIBLE = 200;
/** Silence between words is no end: so much of it is. */
const QUIET_MS = 200;

/** Listens to every bot of the room from now on; what is heard is kept on the tape too. */
export function openLoudspeaker(room: Room, tape: Tape, frameMs = FRAME_MS): Loudspeaker {
  const stream = { sampleRate: SOUND_RATE, numChannels: 1, frameSizeMs: frameMs };
  const quietFrames = Math.ceil(QUIET_MS / frameMs);
  const listeners: ((isLoud: boolean, atMs: number) => void)[] = [];
  let isLoud = false;
  let quiet = 0;

  const tell = (loud: boolean, atMs: number): void => {
    isLoud = loud;
    listeners.forEach((listen) => listen(loud, atMs));
  };
  const judge = (pcm: Int16Array, atMs: number): void => {
    quiet = rmsOf(pcm) < AUDIBLE ? quiet + 1 : 0;
    if (quiet === 0 && !isLoud) tell(true, atMs);
    if (quiet === quietFrames && isLoud) tell(false, atMs - (quietFrames - 1) * frameMs);
  };
  const listen = async (track: RemoteTrack): Promise<void> => {
    for await (const { data } of new AudioStream(track, stream)) {
      const atMs = performance.now();
      tape.write(atMs, data);
      judge(data, atMs);
    }
  };
  const subscribed = new Set<RemoteTrackPublication>();
  const subscribe = (publication: RemoteTrackPublication, owner: RemoteParticipant): void => {
    if (owner.kind !== ParticipantKind.AGENT) return;
    subscribed.add(publication);
    publication.setSubscribed(true);
  };
  room.on(RoomEvent.TrackPublished, subscribe);
  room.on(RoomEvent.TrackSubscribed, (track) => void listen(track).catch(console.error));
  for (const owner of room.remoteParticipants.values()) {
    for (const publication of owner.trackPublications.values()) subscribe(publication, owner);
  }
  return {
    onChange: (to) => void listeners.push(to),
    isLoud: () => isLoud,
    [Symbol.dispose]() {
      room.off(RoomEvent.TrackPublished, subscribe);
      for (const publication of subscribed) publication.setSubscribed(false);
    },
  };
}

function rmsOf(pcm: Int16Array): number {
  let sum = 0;
  for (const sample of pcm) sum += sample * sample;
  return Math.sqrt(sum / Math.max(1, pcm.length));
}
