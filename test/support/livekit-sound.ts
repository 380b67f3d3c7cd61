import {
  AudioFrame,
  AudioSource,
  AudioStream,
  LocalAudioTrack,
  ParticipantKind,
  RoomEvent,
  TrackPublishOptions,
  TrackSource,
} from '@livekit/rtc-node';
import type {
  RemoteParticipant,
  RemoteTrack,
  RemoteTrackPublication,
  Room,
} from '@livekit/rtc-node';
import { nativeClient } from '../../src/adapters/livekit/native-logs.ts';
import type { VisitorMicrophone, VisitorSound } from './sound-visitor.ts';
import { isTone } from './tones.ts';
import type { Changes } from './until.ts';

const MICROPHONE_RATE = 16_000;
const LOUDSPEAKER = { sampleRate: 24_000, numChannels: 1, frameSizeMs: 20 };
const PIECE_MS = 20;

/** Microphone and loudspeaker of a visitor over a real connection. */
export function openVisitorSound(room: Room, changes: Changes): VisitorSound {
  const heard: Int16Array[] = [];
  let isOn = false;

  function subscribe(publication: RemoteTrackPublication, owner: RemoteParticipant): void {
    if (isOn && owner.kind === ParticipantKind.AGENT) publication.setSubscribed(true);
  }

  async function listen(track: RemoteTrack): Promise<void> {
    for await (const frame of new AudioStream(track, LOUDSPEAKER)) {
      heard.push(frame.data);
      changes.tell();
    }
  }

  room.on(RoomEvent.TrackPublished, subscribe);
  room.on(RoomEvent.TrackSubscribed, (track) => void listen(track));
  const heardMs = (hz: number): number =>
    heard.filter((frame) => isTone(frame, hz, LOUDSPEAKER.sampleRate)).length *
    LOUDSPEAKER.frameSizeMs;
  return {
    publishMicrophone: () => publishMicrophone(room),
    turnLoudspeakerOn() {
      isOn = true;
      for (const owner of room.remoteParticipants.values())
        for (const publication of owner.trackPublications.values()) subscribe(publication, owner);
    },
    heardMs,
    async hears(hz, ms, limitMs) {
      await changes.until(`${ms} ms of ${hz} Hz`, () => heardMs(hz) >= ms, limitMs);
    },
  };
}

async function publishMicrophone(room: Room): Promise<VisitorMicrophone> {
  const source = new AudioSource(MICROPHONE_RATE, 1, 100);
  const track = LocalAudioTrack.createAudioTrack('microphone', source);
  const options = new TrackPublishOptions({ source: TrackSource.SOURCE_MICROPHONE });
  const publication = await room.localParticipant?.publishTrack(track, options);
  const trackId = publication?.sid ?? '';
  // rtc-node has no call for it, its native library has.
  const setMuted = (mute: boolean): void => {
    const client = nativeClient() as unknown as { request(request: unknown): unknown };
    const value = { trackHandle: track.ffi_handle.handle, mute };
    client.request({ message: { case: 'localTrackMute', value } });
  };
  return {
    trackId,
    async play(pcm) {
      const step = (MICROPHONE_RATE * PIECE_MS) / 1_000;
      for (let at = 0; at < pcm.length; at += step) {
        const piece = pcm.slice(at, at + step);
        await source.captureFrame(new AudioFrame(piece, MICROPHONE_RATE, 1, piece.length));
      }
    },
    mute: () => setMuted(true),
    unmute: () => setMuted(false),
    async unpublish() {
      await room.localParticipant?.unpublishTrack(trackId);
      await track.close();
    },
  };
}
