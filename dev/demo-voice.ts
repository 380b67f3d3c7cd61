import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MIRA } from './cast.ts';
import { BOT, LIMIT_MS, print } from './demo-scene.ts';
import type { Scene } from './demo-scene.ts';
import { readSamples, recordingOf } from './speech/catalog.ts';
import { answerOf } from './voice/answers.ts';
import type { TimedAnswer } from './voice/answers.ts';
import { openLoudspeaker } from './voice/loudspeaker.ts';
import { openMicrophone } from './voice/microphone.ts';
import type { Microphone } from './voice/microphone.ts';
import { openTalkLog } from './voice/talk-log.ts';
import type { TalkLog } from './voice/talk-log.ts';
import { openTape, SOUND_RATE, toWav } from './voice/tape.ts';
import { drawTimeline } from './voice/timeline.ts';
import type { RecordedTalk } from './voice/timeline.ts';
import type { Visitor } from './visitor.ts';
import type { WorkerLogLine, WorkerProcess } from './worker-process.ts';

const NAME = 'Anna';

/** What the visitor says, and behind which words of Mira the next is said: one is an interruption. */
const TALK = [
  ['hello-emma', 'your name?'],
  ['name-is-anna-emma', 'a long story'],
  ['not-asked-emma', 'like to know?'],
  ['my-name-emma', 'you told me'],
] as const;

/** What the simulated model answers to some of it, at the pace of a real one. */
const MODEL = {
  latency: { firstTokenMs: 200, perTokenMs: 10 },
  replies: [
    {
      says: 'what can you do',
      reply: 'I talk with you, and remember what you tell me. What is your name?',
    },
    {
      says: 'My name is Anna',
      reply:
        'Nice to meet you, Anna. I know a long story. Once upon a time there was a small boat, ' +
        'and nobody knew where it came from.',
    },
    { says: 'not what I asked', reply: 'Then I stop here. What would you like to know?' },
  ],
};

/** How long the visitor is silent before each turn: nobody answers at once. */
const BREATH = SOUND_RATE * 0.6;

/**
 * Has a visitor come in and talk aloud, recordings for her part; she stays, without sound. Keeps the
 * talk as sound and as a picture, and says in `kept` where.
 */
export async function talkAloud(
  scene: Scene,
): Promise<{ readonly visitor: Visitor; readonly kept: readonly string[] }> {
  scene.stack.llm.configure(MODEL);
  const [startMs, startedAt] = [performance.now(), Date.now()];
  const log = openTalkLog(startMs);
  const [own, heard] = [openTape(startMs), openTape(startMs)];
  const visitor = await scene.enter(NAME, {
    onLine: (_from, line) => print(...toPrint(line)),
    onPresence(who, what) {
      if (who === BOT && what !== 'joined') log.state(what, performance.now());
      print('room', `${who === BOT ? MIRA : who}: ${what}`);
    },
    onSegment: (who, id, text) => log.caption(who, id, text, performance.now()),
  });
  {
    using loudspeaker = openLoudspeaker(visitor.room, heard);
    loudspeaker.onChange((...change) => log.sound(...change));
    await using microphone = await openMicrophone(visitor.room, own);
    for (const [recording, lastWords] of TALK) {
      await speak(microphone, recording, log);
      await visitor.hears((line) => line.includes(lastWords), LIMIT_MS);
    }
    await visitor.shows('listening', LIMIT_MS);
    await microphone.say(new Int16Array(BREATH));
  }
  const record = log.read(performance.now());
  const lastSaidAt = startedAt + (record.said.at(-1)?.fromMs ?? 0);
  const kept = await keep({
    visitor: { identity: NAME.toLowerCase(), name: NAME, sound: own.samples() },
    bot: { identity: BOT, name: MIRA, sound: heard.samples() },
    record,
    answers: await readAnswers(scene.worker, startedAt, lastSaidAt),
  });
  return { visitor, kept };
}

async function speak(microphone: Microphone, id: string, log: TalkLog): Promise<void> {
  const recording = recordingOf(id);
  await microphone.say(new Int16Array(BREATH));
  print(NAME, `(aloud) ${recording.text}`);
  const { fromMs } = await microphone.say(readSamples(recording));
  const [first, last] = [recording.words.at(0), recording.words.at(-1)];
  log.said(fromMs + (first?.fromMs ?? 0), fromMs + (last?.toMs ?? 0));
}

/**
 * How each answer of a talk that began at `startedAt` came about, once the one to what was said from
 * `lastSaidAt` on is over; both in ms since 1970.
 */
async function readAnswers(
  worker: WorkerProcess,
  startedAt: number,
  lastSaidAt: number,
): Promise<readonly TimedAnswer[]> {
  const isLast = (line: WorkerLogLine): boolean =>
    (answerOf(line, startedAt)?.voicedMs ?? 0) > lastSaidAt - startedAt;
  await worker.logged('reply-timed', LIMIT_MS, isLast);
  return worker.log
    .filter(({ event }) => event === 'reply-timed')
    .flatMap((line) => answerOf(line, startedAt) ?? []);
}

/** Writes the talk into a new folder; returns what is where. */
async function keep(talk: RecordedTalk): Promise<readonly string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'troupe-voice-'));
  const [sound, picture] = [join(folder, 'talk.wav'), join(folder, 'timeline.svg')];
  await writeFile(sound, toWav(talk.visitor.sound, talk.bot.sound));
  await writeFile(picture, drawTimeline(talk));
  return [`${sound} (${NAME} left, ${MIRA} right)`, picture];
}

/** Chat clients get what people say as marked lines of the bot. */
function toPrint(line: string): readonly [who: string, what: string] {
  const [, words] = /^\[TRANSCRIPTION\]: (.*)$/s.exec(line) ?? [];
  return words === undefined ? [MIRA, line] : ['heard', words];
}
