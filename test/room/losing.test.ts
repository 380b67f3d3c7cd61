import { describe, expect, it } from 'vitest';
import { GIVE_WAY_MS } from '../../src/lib/give-way.ts';
import type { SpeechToText, SttEvent } from '../../src/ports/speech-to-text.ts';
import type { VoiceActivity } from '../../src/ports/voice-activity.ts';
import { llmError } from '../support/fake-llm.ts';
import { makeFakeTextToSpeech } from '../support/fake-text-to-speech.ts';
import { settled } from '../support/hand-clock.ts';
import { openBotWorld, openPatientWorld, ROOM, toText } from './bot-world.ts';

describe('a lost lease', () => {
  it('silences the bot at once: nothing is published or written any more', async () => {
    const { enter, start, llm, clock, store, rooms } = openPatientWorld();
    const ann = enter('Ann');
    const { lease, outcome } = await start();
    await ann.says('one');
    llm.completions[0]?.say('Heard.\nNot ');
    await settled();
    const shown = ann.segments();
    using _held = store.hold();
    lease.lose();
    await ann.misses('bot-room');
    llm.completions[0]?.say('heard.\n');
    await clock.live(5_000);
    expect(outcome()).toEqual({ kind: 'lost' });
    expect(ann.segments()).toEqual(shown);
    expect(ann.lines().at(-1)).toBe('Heard.');
    expect(rooms.joins(ROOM)).toBe(1);
    expect(clock.timers()).toBe(0);
  });

  it('leaves what was not saved, and what was heard, in the inbox behind nothing else', async () => {
    const { enter, start, llm, clock, store } = openPatientWorld();
    const ann = enter('Ann');
    const { lease, outcome } = await start();
    await ann.says('one');
    llm.completions[0]?.say('Heard.\nNot ');
    await clock.live(GIVE_WAY_MS);
    lease.lose();
    await clock.live(100);
    expect(outcome()).toEqual({ kind: 'lost' });
    const rows = await store.readInbox(ROOM);
    expect(rows.map((row) => (row.kind === 'message' ? toText(row.message) : row.kind))).toEqual([
      'Mia: Heard.\n',
      'closing',
    ]);
  });

  it('waits for nothing that could not be said', async () => {
    const { enter, start, llm, clock } = openPatientWorld();
    const ann = enter('Ann');
    const { lease, outcome } = await start();
    await ann.says('one');
    lease.permit(false);
    llm.completions[0]?.fail(llmError('rejected'));
    await clock.live(100);
    lease.lose();
    await clock.live(0);
    expect(outcome()).toEqual({ kind: 'lost' });
    expect(ann.lines()).toHaveLength(1);
    expect(clock.timers()).toBe(0);
  });

  it('owes the turn of a reply of which nothing was heard', async () => {
    const { enter, start, letModelGo, clock } = openPatientWorld();
    const ann = enter('Ann');
    const { lease } = await start();
    await ann.says('one');
    lease.lose();
    await clock.live(100);
    letModelGo();
    await start({ liveMs: 200 });
    expect(ann.lines().slice(1)).toEqual(['You said one.']);
  });

  it('leaves the last words of who speaks in the inbox, though they come late', async () => {
    const { stt, hears } = openSlowEar();
    const loadVoice = () =>
      Promise.resolve({ stt, tts: makeFakeTextToSpeech(), vad: ALL_IS_SPEECH });
    const { enter, start, clock, store } = openBotWorld({ mode: 'voice', parts: { loadVoice } });
    const microphone = await enter('Ann').publishMicrophone();
    const { lease, outcome } = await start();
    await microphone.play(new Int16Array(16_000));
    lease.lose();
    await clock.live(400);
    const times = { audioFromMs: 0, audioToMs: 1_000 };
    hears({ type: 'final', text: 'Are you there?', confidence: 1, language: 'en', ...times });
    hears({ type: 'flushed' });
    await clock.live(300);
    expect(outcome()).toEqual({ kind: 'lost' });
    const [row] = await store.readInbox(ROOM);
    expect(row?.kind === 'message' && toText(row.message)).toBe('Ann: Are you there?');
  });

  it('that is noticed by a refused write ends the bot as well', async () => {
    const { enter, start, clock, leases } = openPatientWorld();
    const ann = enter('Ann');
    const { outcome } = await start();
    await leases.endSession(ROOM);
    await ann.says('one');
    await clock.live(100);
    expect(outcome()).toEqual({ kind: 'lost' });
  });

  it('during the good-bye changes nothing about it but the memory, which goes to the inbox', async () => {
    const { enter, start, clock, store } = openPatientWorld();
    const ann = enter('Ann');
    const { bot, lease, outcome } = await start();
    const held = store.hold();
    await ann.says('one');
    bot.leave('stop');
    lease.lose();
    held[Symbol.dispose]();
    await clock.live(100);
    expect(outcome()).toEqual({ kind: 'left', reason: 'stopped' });
    expect(await store.readInbox(ROOM)).toHaveLength(2);
  });
});

const ALL_IS_SPEECH: VoiceActivity = {
  open(judged) {
    let toSample = 0;
    return {
      push(pcm) {
        toSample += pcm.length;
        judged({ probability: 1, toSample });
      },
      [Symbol.dispose]: () => undefined,
    };
  },
  [Symbol.asyncDispose]: () => Promise.resolve(),
};

/** Ears that hear what the test says, when it says it. */
function openSlowEar() {
  let hears = (_event: SttEvent): void => undefined;
  const stt: SpeechToText = {
    name: 'slow',
    finalP99Ms: 500,
    open(_options, listen) {
      hears = listen;
      return {
        push: () => undefined,
        flush: () => undefined,
        isIdle: () => false,
        [Symbol.dispose]: () => undefined,
      };
    },
  };
  return { stt, hears: (event: SttEvent) => hears(event) };
}
