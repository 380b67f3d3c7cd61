import {
  AudioSource,
  AudioStream,
  LocalAudioTrack,
  RoomEvent,
  TrackPublishOptions,
  TrackSource,
} from '@livekit/rtc-node';
import type { RemoteTrack, Room } from '@livekit/rtc-node';
import { AccessToken } from 'livekit-server-sdk';
import { connectGuest, LIVEKIT, makeGuestRoom } from './guest-room.ts';

/** Without a queue a source takes frames of 10 ms. */
const STREAM = { sampleRate: 16_000, numChannels: 1, frameSizeMs: 10 };
/** What once waits in a queue of live sound waits for good. */
const QUEUE_MS = 0;

/**
 * Enters a room as a bot that plays back what it hears, and does nothing else: what a visitor hears of
 * it took the path through the room, both ways, and no thought.
 */
export async function openEcho(name: string): Promise<Room> {
  const room = makeGuestRoom();
  const source = new AudioSource(STREAM.sampleRate, STREAM.numChannels, QUEUE_MS);
  const play = async (heard: RemoteTrack): Promise<void> => {
    for await (const frame of new AudioStream(heard, STREAM)) await source.captureFrame(frame);
  };
  room.on(RoomEvent.TrackPublished, (publication) => publication.setSubscribed(true));
  room.on(RoomEvent.TrackSubscribed, (heard) => void play(heard).catch(console.error));
  await connectGuest(room, await mintBotToken(name));
  for (const person of room.remoteParticipants.values()) {
    for (const publication of person.trackPublications.values()) publication.setSubscribed(true);
  }
  const track = LocalAudioTrack.createAudioTrack('voice', source);
  const options = new TrackPublishOptions({ source: TrackSource.SOURCE_MICROPHONE });
  await room.localParticipant?.publishTrack(track, options);
  return room;
}

/** Of kind agent: visitors listen to bots alone. */
async function mintBotToken(room: string): Promise<string> {
  const token = new AccessToken(LIVEKIT.apiKey, LIVEKIT.apiSecret, { identity: `echo-${room}` });
  token.kind = 'agent';
  token.addGrant({ roomJoin: true, room, canPublish: true, canSubscribe: true });
  return await token.toJwt();
}
