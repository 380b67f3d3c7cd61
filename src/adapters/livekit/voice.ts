import {
  AudioFrame,
  AudioSource,
  LocalAudioTrack,
  RoomEvent,
  TrackPublishOptions,
  TrackSource,
} from '@livekit/rtc-node';
import type { LocalParticipant, LocalTrackPublication, Room } from '@livekit/rtc-node';
import { TroupeError } from '../../errors.ts';
import { openBell } from '../../lib/bell.ts';
import type { Clock } from '../../lib/clock.ts';
import { withDeadline } from '../../lib/deadline.ts';
import type { VoiceTrack } from '../../ports/room-sound.ts';
import { TTS_SAMPLE_RATE } from '../../ports/text-to-speech.ts';
import { toTroupeError } from './errors.ts';
import type { Path } from './path.ts';
import type { Publisher } from './publisher.ts';

/** A push waits above this. */
const QUEUE_MS = 100;
/**
 * Above this it waits in the native library, which is for when its clock lags behind ours. It answers
 * such a push up to 10 ms after a clear and takes no other until then: what is to sound right after
 * a clear, a fade, would come behind a hole. So pushes wait here, and the longest frame fits in above.
 */
const NATIVE_QUEUE_MS = QUEUE_MS + 60;
/** How long taking the track back may take. */
const CLOSE_LIMIT_MS = 2_000;
/**
 * In bits per second; redundancy (RED) comes on top, and while the bot is silent next to nothing is sent
 * (DTX). At this rate the encoder takes half the processor that it takes at 32,000: 0.015 instead of 0.030 of a
 * core for each room that listens, seen in 6 of them, as the silence is encoded too.
 */
const BITRATE = 72_000n;

export interface VoiceParts {
  readonly room: Room;
  readonly path: Path;
  readonly publisher: Publisher;
  readonly clock: Clock;
}

/**
 * Publishes the bot's voice. While nothing is pushed the native library sends the silence by itself.
 * A voice ends with its link.
 * @throws TroupeError of service `livekit`.
 */
export async function openVoice({ room, path, publisher, clock }: VoiceParts): Promise<VoiceTrack> {
  const source = new AudioSource(TTS_SAMPLE_RATE, 1, NATIVE_QUEUE_MS);
  const track = LocalAudioTrack.createAudioTrack('voice', source);
  const publication = await publish(publisher, track);
  const listeners = new Set<() => void>();
  let isHeard = false;
  let wasInVain = false;
  let closing: Promise<void> | undefined;
  const bell = openBell(clock);
  let clears = 0;
  /** The end of the queue of pushes; the native library takes one at a time. */
  let last: Promise<unknown> = Promise.resolve();

  const onSubscribed = (which: unknown): void => {
    if (which !== track) return;
    isHeard = true;
    for (const tell of listeners) tell();
  };
  /** After a full reconnect it is another track to all others. */
  const onRepublished = (which: unknown): void => {
    if (which === publication) [isHeard, wasInVain] = [false, false];
  };
  room.on(RoomEvent.LocalTrackSubscribed, onSubscribed);
  room.on(RoomEvent.LocalTrackRepublished, onRepublished);
  // What is queued would still be heard: the media's path may be whole.
  const watching = path.watch(() => {
    if (path.state() === 'gone') void close();
    else if (!path.isUp()) clear();
  });

  async function capture(pcm: Int16Array): Promise<void> {
    if (closing !== undefined) throw closed();
    if (!path.isUp()) return await clock.delay((pcm.length / TTS_SAMPLE_RATE) * 1_000);
    const before = clears;
    try {
      await source.captureFrame(new AudioFrame(pcm, TTS_SAMPLE_RATE, 1, pcm.length));
    } catch (error) {
      throw toTroupeError('the voice', error);
    }
    // The library takes frames in a thread of its own: one that was on its way got in behind the clear.
    if (before !== clears && closing === undefined) source.clearQueue();
    await untilRoom();
  }

  async function untilRoom(): Promise<void> {
    const excessMs = (): number => source.queuedDuration - QUEUE_MS;
    for (let ms = excessMs(); ms > 0; ms = excessMs()) await bell.rung(ms);
  }

  function clear(): void {
    clears += 1;
    source.clearQueue();
    bell.ring();
  }

  function close(): Promise<void> {
    closing ??= end();
    return closing;
  }

  async function end(): Promise<void> {
    clear();
    watching[Symbol.dispose]();
    room.off(RoomEvent.LocalTrackSubscribed, onSubscribed);
    room.off(RoomEvent.LocalTrackRepublished, onRepublished);
    try {
      // A source that goes while it takes a frame would leave us waiting for its answer.
      await withDeadline(clock, CLOSE_LIMIT_MS, () => Promise.all([last, unpublish()]));
    } catch {
      // The room forgets the track with us.
    }
    await track.close();
  }

  async function unpublish(): Promise<void> {
    if (path.state() === 'gone') return;
    await room.localParticipant?.unpublishTrack(publication.sid ?? '');
  }

  return {
    get trackId() {
      return publication.sid ?? '';
    },
    push(pcm) {
      // rtc-node sends the buffer under an array from its first byte on: it must be the frame's own.
      const own = new Int16Array(pcm);
      const before = clears;
      const push = last.then(() => (before === clears ? capture(own) : undefined));
      last = push.catch(() => undefined);
      return push;
    },
    queuedMs: () => source.queuedDuration,
    clear() {
      if (closing === undefined) clear();
    },
    async untilHeard(limitMs, signal) {
      if (isHeard || wasInVain || signal.aborted) return;
      const heard = Promise.withResolvers<void>();
      listeners.add(heard.resolve);
      await withDeadline(clock, limitMs, () => heard.promise, signal).catch(() => undefined);
      listeners.delete(heard.resolve);
      wasInVain = !isHeard && !signal.aborted;
    },
    [Symbol.asyncDispose]: close,
  };
}

/** A publish that is given up may come through after all: then it is taken back. */
async function publish(
  publisher: Publisher,
  track: LocalAudioTrack,
): Promise<LocalTrackPublication> {
  let late = (): Promise<unknown> => Promise.resolve();
  try {
    return await publisher.publish('the voice', (ourselves) => {
      const publishing = ourselves.publishTrack(track, OPTIONS);
      late = async () => await takeBack(ourselves, await publishing);
      return publishing;
    });
  } catch (error) {
    void late()
      .catch(() => undefined)
      .then(() => track.close());
    throw error;
  }
}

async function takeBack(ourselves: LocalParticipant, { sid }: LocalTrackPublication) {
  await ourselves.unpublishTrack(sid ?? '');
}

const OPTIONS = new TrackPublishOptions({
  source: TrackSource.SOURCE_MICROPHONE,
  dtx: true,
  red: true,
  audioEncoding: { maxBitrate: BITRATE },
});

function closed(): TroupeError {
  return new TroupeError('LiveKit: the voice is closed', {
    kind: 'unavailable',
    fault: 'fleet',
    service: 'livekit',
  });
}
