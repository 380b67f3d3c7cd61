import { describe, expect, it } from 'vitest';
import { openSoundRecorder } from '../support/sound-recorder.ts';
import { makeTone } from '../support/tones.ts';
import { enterSound, HIGH, LOW, MICROPHONE_RATE, toneMs } from './room-sound-world.ts';
import type { OpenSoundWorld } from './room-sound-world.ts';

/** What every RoomLink gives to hear, whoever makes it. */
export function describeHearing(name: string, openWorld: OpenSoundWorld): void {
  describe(`what a room gives to hear (${name})`, () => {
    it('is every human’s microphone, in frames of 32 ms, with the sound in them', async () => {
      const { link, ears, visit } = await enterSound(openWorld);
      const anna = await visit('anna');
      const annas = await anna.publishMicrophone();
      link.hear(ears.open);
      const first = await ears.opened();
      expect(first.microphone).toEqual({
        trackId: annas.trackId,
        person: { identity: 'anna', name: 'anna', kind: 'human' },
        muted: false,
      });
      const ben = await visit('ben');
      const bens = await ben.publishMicrophone();
      const second = await ears.opened(1);
      expect(second.microphone.person.identity).toBe('ben');

      await Promise.all([
        annas.play(makeTone(LOW, 1_000, MICROPHONE_RATE)),
        bens.play(makeTone(HIGH, 1_000, MICROPHONE_RATE)),
      ]);
      await ears.until('both', () => toneMs(first, LOW) >= 640 && toneMs(second, HIGH) >= 640);
      // A codec's onset may pass for anything for a frame or two.
      expect(Math.max(toneMs(first, HIGH), toneMs(second, LOW))).toBeLessThan(100);
      const frames = [...first.frames, ...second.frames];
      expect(new Set(frames.map(({ length }) => length))).toEqual(new Set([512]));
      expect(new Set(frames.map(({ buffer }) => buffer)).size).toBe(frames.length);
    });

    it('is no bot’s microphone', async () => {
      const { link, ears, visit } = await enterSound(openWorld);
      const other = await visit('other', 'bot');
      await other.publishMicrophone();
      link.hear(ears.open);
      const anna = await visit('anna');
      await anna.publishMicrophone();
      await ears.opened();
      await other.publishMicrophone();
      const ben = await visit('ben');
      await ben.publishMicrophone();
      await ears.opened(1);
      expect(ears.recordings.map(({ microphone }) => microphone.person.identity)).toEqual([
        'anna',
        'ben',
      ]);
    });

    it('tells of a microphone that is muted and unmuted', async () => {
      const { link, ears, visit } = await enterSound(openWorld);
      const anna = await visit('anna');
      const microphone = await anna.publishMicrophone();
      link.hear(ears.open);
      const recording = await ears.opened();
      microphone.mute();
      await ears.tells(recording, 'muted');
      const late = openSoundRecorder();
      link.hear(late.open);
      expect((await late.opened()).microphone.muted).toBe(true);
      microphone.unmute();
      await ears.tells(recording, 'unmuted');
      await microphone.play(makeTone(LOW, 300, MICROPHONE_RATE));
      await ears.until('sound again', () => toneMs(recording, LOW) > 0);
      expect(recording.told).toEqual(['muted', 'unmuted']);
    });

    it('tells of a microphone that is gone, and of the next one as another', async () => {
      const { link, ears, visit } = await enterSound(openWorld);
      const anna = await visit('anna');
      const first = await anna.publishMicrophone();
      link.hear(ears.open);
      const gone = await ears.opened();
      await first.unpublish();
      await ears.tells(gone, 'closed');
      const second = await anna.publishMicrophone();
      const recording = await ears.opened(1);
      expect(recording.microphone.trackId).toBe(second.trackId);
      await second.play(makeTone(LOW, 300, MICROPHONE_RATE));
      await ears.until('sound', () => toneMs(recording, LOW) > 0);
      await anna[Symbol.asyncDispose]();
      await ears.tells(recording, 'closed');
    });

    it('ends with the hearing, and begins again with the next', async () => {
      const { link, ears, visit } = await enterSound(openWorld);
      const anna = await visit('anna');
      const microphone = await anna.publishMicrophone();
      const hearing = link.hear(ears.open);
      const recording = await ears.opened();
      hearing[Symbol.dispose]();
      hearing[Symbol.dispose]();
      expect(recording.told).toEqual(['closed']);
      const frames = recording.frames.length;

      const again = openSoundRecorder();
      link.hear(again.open);
      const next = await again.opened();
      // The server takes a moment to pause and go on: a short sound would slip through.
      microphone.play(makeTone(LOW, 10_000, MICROPHONE_RATE)).catch(() => undefined);
      await again.until('sound', () => toneMs(next, LOW) >= 960);
      expect([recording.frames.length, recording.told]).toEqual([frames, ['closed']]);
      expect(ears.recordings).toHaveLength(1);
    });

    it('ends with the link', async () => {
      const { link, ears, visit } = await enterSound(openWorld);
      const anna = await visit('anna');
      await anna.publishMicrophone();
      link.hear(ears.open);
      const recording = await ears.opened();
      await link[Symbol.asyncDispose]();
      expect(recording.told).toEqual(['closed']);
    });

    it('ends with the path, and is there again with it', { timeout: 60_000 }, async () => {
      const { link, ears, visit, cut, mend } = await enterSound(openWorld);
      const anna = await visit('anna');
      const microphone = await anna.publishMicrophone();
      link.hear(ears.open);
      const recording = await ears.opened();
      await cut();
      expect(recording.told).toEqual(['closed']);
      await mend();
      const next = await ears.opened(1);
      await microphone.play(makeTone(LOW, 1_000, MICROPHONE_RATE));
      await ears.until('sound', () => toneMs(next, LOW) >= 320);
    });
  });
}
