import { describe, expect, it } from 'vitest';
import type { JoinRoom, RoomLink } from '../../src/ports/room-link.ts';
import type { VoiceTrack } from '../../src/ports/room-sound.ts';
import { settled } from '../support/hand-clock.ts';
import { openSoundRecorder } from '../support/sound-recorder.ts';
import { makeTone } from '../support/tones.ts';
import { failure, ROOM } from './bot-world.ts';
import { openPlace } from './place.ts';

const NEVER = new AbortController().signal;
const TONE = 400;
const OTHER = 1_200;

/** A place in a room in which Ann listens and speaks. */
async function openSound(wrap?: (join: JoinRoom) => JoinRoom) {
  const place = await openPlace(wrap);
  const ann = place.rooms.visit(ROOM, { identity: 'ann' });
  ann.turnLoudspeakerOn();
  const link = await place.enter();
  return {
    ...place,
    ann,
    link,
    /** The connection ends, and another is made. */
    moves: async (): Promise<void> => {
      place.rooms.end(ROOM, 'connection-lost');
      await settled();
    },
    plays: async (voice: VoiceTrack, hz: number): Promise<void> => {
      const pushing = voice.push(makeTone(hz, 20, 24_000));
      await place.clock.live(20);
      await pushing;
    },
  };
}

describe('who hears in a room', () => {
  it('goes on hearing over a new connection, until done', async () => {
    const { ann, link, moves } = await openSound();
    const microphone = await ann.publishMicrophone();
    const ears = openSoundRecorder();
    const hearing = link.hear(ears.open);
    await moves();
    expect(ears.recordings.map(({ told }) => told)).toEqual([['closed'], []]);
    await microphone.play(makeTone(TONE, 64, 16_000));
    expect(ears.recordings.map(({ frames }) => frames.length)).toEqual([0, 2]);

    hearing[Symbol.dispose]();
    await moves();
    expect(ears.recordings.map(({ told }) => told)).toEqual([['closed'], ['closed']]);
  });
});

describe('the voice in a room', () => {
  it('goes on over a new connection, as another track', async () => {
    const { ann, link, moves, plays } = await openSound();
    const voice = await link.openVoice();
    const { trackId } = voice;
    await moves();
    await plays(voice, TONE);
    expect(ann.heardMs(TONE)).toBe(20);
    expect(voice.trackId).not.toBe(trackId);
    await voice.untilHeard(1_000, NEVER);
    await voice[Symbol.asyncDispose]();
    await expect(voice.push(makeTone(TONE, 20, 24_000))).rejects.toMatchObject({
      kind: 'unavailable',
    });
  });

  it('is not heard before it is there again', async () => {
    let gate: Promise<void> = Promise.resolve();
    const { ann, link, moves, plays } = await openSound(
      withLinks((inner) => ({
        ...inner,
        async openVoice() {
          await gate;
          return await inner.openVoice();
        },
      })),
    );
    const voice = await link.openVoice();
    const { promise, resolve } = Promise.withResolvers<void>();
    gate = promise;
    await moves();
    let isHeard = false;
    const hearing = voice.untilHeard(3_000, NEVER).then(() => (isHeard = true));
    await settled();
    expect(isHeard).toBe(false);
    resolve();
    await hearing;
    await plays(voice, TONE);
    expect(ann.heardMs(TONE)).toBe(20);
  });

  it('loses what it is given between two connections, in the time that it lasts', async () => {
    const { ann, rooms, clock, link } = await openSound();
    const voice = await link.openVoice();
    rooms.failJoins(failure('unavailable', 'livekit'), 1);
    rooms.end(ROOM, 'connection-lost');
    await settled();
    let isLost = false;
    const pushing = voice.push(makeTone(TONE, 30, 24_000)).then(() => (isLost = true));
    await clock.live(29);
    expect(isLost).toBe(false);
    await clock.live(1);
    await pushing;
    expect([ann.heardMs(TONE), voice.queuedMs()]).toEqual([0, 0]);
  });

  it('is silent until its path counts again', async () => {
    const { ann, rooms, leases, clock, link, plays } = await openSound();
    const voice = await link.openVoice();
    leases.failWith(failure('unavailable', 'database'));
    rooms.cut(ROOM);
    rooms.mend(ROOM);
    await plays(voice, OTHER);
    await expect(link.openVoice()).rejects.toMatchObject({ kind: 'unavailable' });
    leases.failWith(undefined);
    await clock.live(3_000);
    await plays(voice, TONE);
    expect([ann.heardMs(OTHER), ann.heardMs(TONE)]).toEqual([0, 20]);
  });

  it('is silent while the lease permits nothing', async () => {
    const { ann, lease, link, plays } = await openSound();
    const voice = await link.openVoice();
    lease.permit(false);
    await plays(voice, OTHER);
    lease.permit(true);
    await plays(voice, TONE);
    expect([ann.heardMs(OTHER), ann.heardMs(TONE)]).toEqual([0, 20]);
  });

  it('is published again and again until it is there', async () => {
    let failures = 0;
    const { ann, clock, link, moves, plays, observed } = await openSound(
      withLinks((inner) => ({
        ...inner,
        openVoice: () =>
          failures-- > 0 ? Promise.reject(failure('timeout', 'livekit')) : inner.openVoice(),
      })),
    );
    const voice = await link.openVoice();
    failures = 3;
    await moves();
    await plays(voice, OTHER);
    expect(ann.heardMs(OTHER)).toBe(0);
    await clock.live(10_000);
    await plays(voice, TONE);
    expect(ann.heardMs(TONE)).toBe(20);
    const failed = observed.filter(({ type }) => type === 'publish-failed');
    expect(failed).toHaveLength(3);
    expect(clock.timers()).toBe(0);
  });

  it('leaves nothing behind when it is closed while it is published again', async () => {
    const opened: VoiceTrack[] = [];
    let gate: Promise<void> = Promise.resolve();
    const { link, moves } = await openSound(
      withLinks((inner) => ({
        ...inner,
        async openVoice() {
          const track = await inner.openVoice();
          await gate;
          opened.push(track);
          return track;
        },
      })),
    );
    const voice = await link.openVoice();
    const { promise, resolve } = Promise.withResolvers<void>();
    gate = promise;
    await moves();
    await voice[Symbol.asyncDispose]();
    resolve();
    await settled();
    expect(opened).toHaveLength(2);
    await expect(opened[1]?.push(makeTone(TONE, 20, 24_000))).rejects.toThrow();
  });
});

describe('what is read of the sound in a room', () => {
  it('is dropped while the path does not count', async () => {
    const { ann, rooms, leases, clock, link } = await openSound();
    const ours = { speaker: 'ann', trackId: 'TR_ann', final: true };
    leases.failWith(failure('unavailable', 'database'));
    rooms.cut(ROOM);
    rooms.mend(ROOM);
    await settled();
    link.showTranscript({ ...ours, segmentId: 'SG_1', text: 'Lost.' });
    leases.failWith(undefined);
    await clock.live(3_000);
    link.showTranscript({ ...ours, segmentId: 'SG_2', text: 'Back.' });
    expect(ann.segments.map(({ text }) => text)).toEqual(['Back.']);
  });

  it('names the voice’s track of now', async () => {
    const { ann, link, moves } = await openSound();
    const voice = await link.openVoice();
    const segment = link.openSegment('SG_1', voice.trackId);
    await segment.write('One.');
    expect(ann.segments[0]?.trackId).toBe(voice.trackId);
    await moves();
    await segment.end('One. Two.');
    expect(ann.segments[0]).toMatchObject({ text: 'One. Two.', trackId: voice.trackId });
    await link.openSegment('SG_2').end('Written.');
    expect(ann.segments[1]?.trackId).toBeUndefined();
  });
});

function withLinks(wrap: (link: RoomLink) => RoomLink): (join: JoinRoom) => JoinRoom {
  return (join) =>
    async (...args) =>
      wrap(await join(...args));
}
