import { describe, expect, it } from 'vitest';
import { makeTone } from '../support/tones.ts';
import { enterSound, HIGH, LOW, NEVER, say, VOICE_RATE } from './room-sound-world.ts';
import type { OpenSoundWorld } from './room-sound-world.ts';

/** The voice that every RoomLink publishes, and the transcripts that it shows. */
export function describeVoice(name: string, openWorld: OpenSoundWorld): void {
  describe(`a bot’s voice (${name})`, () => {
    it('is heard, in full and in its order, from a queue of 200 ms at most', async () => {
      const { link, visit } = await enterSound(openWorld);
      const anna = await visit('anna');
      anna.turnLoudspeakerOn();
      const voice = await link.openVoice();
      await voice.untilHeard(5_000, NEVER);
      const queued = await say(voice, LOW, 1_000);
      await say(voice, HIGH, 300);
      await anna.hears(HIGH, 200);
      expect(anna.heardMs(LOW)).toBeGreaterThanOrEqual(800);
      expect(Math.max(...queued)).toBeGreaterThan(0);
      expect(Math.max(...queued)).toBeLessThanOrEqual(200);
    });

    it('is silent once it was cleared, and goes on with what is pushed then', async () => {
      const { link, visit } = await enterSound(openWorld);
      const anna = await visit('anna');
      anna.turnLoudspeakerOn();
      const voice = await link.openVoice();
      await voice.untilHeard(5_000, NEVER);
      await say(voice, HIGH, 300);
      await voice.push(makeTone(LOW, 60, VOICE_RATE));
      const pushing = voice.push(makeTone(LOW, 60, VOICE_RATE));
      voice.clear();
      expect(voice.queuedMs()).toBe(0);
      await Promise.all([pushing, voice.push(makeTone(HIGH, 60, VOICE_RATE))]);
      await say(voice, HIGH, 300);
      await anna.hears(HIGH, 400);
      expect(anna.heardMs(LOW)).toBeLessThanOrEqual(60);
    });

    it('waits to be heard, within bounds', async () => {
      const { link, visit } = await enterSound(openWorld);
      const voice = await link.openVoice();
      await voice.untilHeard(60_000, AbortSignal.abort(new Error('not any more')));
      const anna = await visit('anna');
      const heard = voice.untilHeard(60_000, NEVER);
      anna.turnLoudspeakerOn();
      await heard;
      await voice.untilHeard(60_000, NEVER);
      await say(voice, LOW, 300);
      await anna.hears(LOW, 200);
    });

    it('waits for nobody twice in vain', async () => {
      const { link } = await enterSound(openWorld);
      const voice = await link.openVoice();
      await voice.untilHeard(1, NEVER);
      await voice.untilHeard(60_000, NEVER);
    });

    it('takes nothing once it is closed', async () => {
      const { link } = await enterSound(openWorld);
      const voice = await link.openVoice();
      await say(voice, LOW, 100);
      await Promise.all([voice[Symbol.asyncDispose](), voice[Symbol.asyncDispose]()]);
      await expect(say(voice, LOW, 20)).rejects.toMatchObject({ service: 'livekit' });
      voice.clear();
      expect(voice.queuedMs()).toBe(0);
      const next = await link.openVoice();
      expect(next.trackId).not.toBe(voice.trackId);
      await link[Symbol.asyncDispose]();
      await expect(say(next, LOW, 20)).rejects.toMatchObject({ service: 'livekit' });
      await expect(link.openVoice()).rejects.toMatchObject({ kind: 'unavailable' });
    });

    it('loses what is pushed while the path is cut', { timeout: 60_000 }, async () => {
      const { link, visit, cut, mend } = await enterSound(openWorld);
      const anna = await visit('anna');
      anna.turnLoudspeakerOn();
      const voice = await link.openVoice();
      await voice.untilHeard(5_000, NEVER);
      await cut();
      await say(voice, HIGH, 300);
      expect(voice.queuedMs()).toBe(0);
      await mend();
      await say(voice, LOW, 1_000);
      await anna.hears(LOW, 200);
      // A codec's onset may pass for anything for a frame or two.
      expect(anna.heardMs(HIGH)).toBeLessThan(100);
    });
  });

  describe(`a transcript (${name})`, () => {
    it('is shown in the speaker’s name, the last one of its segment as final', async () => {
      const { link, visit } = await enterSound(openWorld);
      const anna = await visit('anna');
      const ours = { segmentId: 'SG_1', speaker: 'ben', trackId: 'TR_ben' };
      link.showTranscript({ ...ours, text: 'good', final: false });
      link.showTranscript({ ...ours, text: 'good day', final: false });
      link.showTranscript({ ...ours, text: 'good day Anna', final: false });
      link.showTranscript({ ...ours, text: 'Good day, Anna.', final: true });
      const shown = await anna.read(/Good day/);
      expect(shown).toMatchObject({ id: 'SG_1', from: 'ben', trackId: 'TR_ben' });
      expect([shown.history.at(0), shown.history.at(-1)]).toEqual(['good', 'Good day, Anna.']);
    });

    it('of the bot names its voice where it has one', async () => {
      const { link, visit } = await enterSound(openWorld);
      const anna = await visit('anna');
      const segment = link.openSegment('SG_2', 'TR_voice');
      await segment.write('Good ');
      await segment.end('Good day.');
      expect(await anna.read(/Good day/)).toMatchObject({ trackId: 'TR_voice' });
      await link.openSegment('SG_3').end('Written.');
      expect((await anna.read(/Written/)).trackId).toBeUndefined();
    });

    it('is dropped while the path is cut', { timeout: 60_000 }, async () => {
      const { link, visit, cut, mend } = await enterSound(openWorld);
      const anna = await visit('anna');
      const ours = { speaker: 'ben', trackId: 'TR_ben', final: true };
      await cut();
      link.showTranscript({ ...ours, segmentId: 'SG_4', text: 'Lost.' });
      await mend();
      link.showTranscript({ ...ours, segmentId: 'SG_5', text: 'Back.' });
      await anna.read(/Back/);
      expect(anna.segments.map(({ text }) => text)).toEqual(['Back.']);
    });
  });
}
