import { parseArgs } from 'node:util';
import type { PartName } from '../dev/stack.ts';
import type { Bench } from './lib/bench.ts';
import { readCount } from './lib/count.ts';
import type { StartContender } from './peers/contender.ts';
import { measureEcho } from './peers/echo-control.ts';
import { startLiveKitAgents } from './peers/livekit-agents.ts';
import { measureContender } from './peers/measure.ts';
import type { Measured, Trial } from './peers/measure.ts';
import { startPipecat, startPipecatInOneProcess } from './peers/pipecat.ts';
import { sideBySide } from './peers/table.ts';
import { startTroupe } from './peers/troupe.ts';
import { peerVersions } from './peers/versions.ts';

/**
 * The same work for Troupe, LiveKit Agents (Node) and Pipecat, one after the other, each alone with a real
 * LiveKit server of its own and the same visitors in a process of theirs: `--text-rooms 10` and
 * `--voice-rooms 3`, `--turns 8` in each room.
 *
 * The peers are installed on demand into the user's cache. They run as their documentation has it: LiveKit
 * Agents a process a job with its pool of warm ones, Pipecat a process a room; all of Pipecat's rooms in
 * one process are shown beside it.
 *
 * Every provider takes as long as every other: final words 250 ms after speech, the model 200 ms and then
 * 10 ms a token, a voice 90 ms. The model is the stack's simulator for all, by the official plugins. Troupe
 * hears and speaks by the simulators' sockets; the peers by stubs in their processes, which cost less than
 * a provider's client does. The peers find the end of speech by their Silero, after 250 and 200 ms of
 * silence, and take the turn after 300 ms. What a peer would lose for want of a STUN server, or by its load
 * limit, is turned off.
 *
 * Memory is PSS over all processes of a contender, by room, less what they took before the first; CPU is
 * that of all of them by room, over 15 s in which nobody talks and every microphone has the noise of a
 * room. Both are looked at once no process comes or goes any more. A text reply is from handing the
 * question to the SDK to the first piece of text on `lk.chat` or `lk.transcription`: a token of the peers,
 * a sentence of ours, so its last piece is timed too. A voice turn is from the last sample of speech
 * leaving the visitor's microphone to the first loud frame that the visitor hears; `echo` is what of it is
 * transport, and the visitor's own.
 */
export const peers: Bench = async (args) => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      'text-rooms': { type: 'string', default: '10' },
      'voice-rooms': { type: 'string', default: '3' },
      turns: { type: 'string', default: '8' },
    },
  });
  const turns = readCount(values.turns);
  const text = await measureAll({ mode: 'text', rooms: readCount(values['text-rooms']), turns });
  const rooms = readCount(values['voice-rooms']);
  const voice = await measureAll({ mode: 'voice', rooms, turns });
  const echo = await measureEcho(rooms, turns);
  const result = {
    text: mapValues(text, textFigures),
    voice: mapValues(voice, voiceFigures),
    echo,
    peers: peerVersions(),
  };
  console.log(`\n${tableOf('text', text)}\n\n${tableOf('voice', voice)}`);
  console.log(`voice, a bare echo: P50 ${echo.turnP50Ms}, P95 ${echo.turnP95Ms} ms\n`);
  return result;
};

function textFigures({ talk, ...cost }: Measured) {
  const { beganP50Ms, beganP95Ms, endedP50Ms, endedP95Ms, ...counts } = talk;
  const replies = { replyP50Ms: beganP50Ms, replyP95Ms: beganP95Ms };
  return {
    ...cost,
    ...replies,
    wholeReplyP50Ms: endedP50Ms,
    wholeReplyP95Ms: endedP95Ms,
    ...counts,
  };
}

/** How long an answer sounds is its voice's matter: the end of it tells nothing. */
function voiceFigures({ talk, ...cost }: Measured) {
  const { beganP50Ms, beganP95Ms, endedP50Ms: _p50, endedP95Ms: _p95, ...counts } = talk;
  return { ...cost, turnP50Ms: beganP50Ms, turnP95Ms: beganP95Ms, ...counts };
}

interface Entry {
  readonly start: StartContender;
  /** Ours needs more of the stack, which so has more to do. */
  readonly parts: readonly PartName[];
}

const OF_PEERS: readonly PartName[] = ['livekit', 'llm'];
const CONTENDERS = {
  troupe: { start: startTroupe, parts: [...OF_PEERS, 'queue', 'database', 'voice'] },
  livekitAgents: { start: startLiveKitAgents, parts: OF_PEERS },
  pipecat: { start: startPipecat, parts: OF_PEERS },
  pipecatInOneProcess: { start: startPipecatInOneProcess, parts: OF_PEERS },
} as const satisfies Record<string, Entry>;

type ByContender<T> = Readonly<Record<keyof typeof CONTENDERS, T>>;
const NAMES = Object.keys(CONTENDERS) as (keyof typeof CONTENDERS)[];

async function measureAll(trial: Trial): Promise<ByContender<Measured>> {
  const measured: [string, Measured][] = [];
  for (const name of NAMES) {
    console.error(`peers: ${name}, ${trial.rooms} rooms in ${trial.mode}`);
    const { start, parts } = CONTENDERS[name];
    measured.push([name, await measureContender(start, parts, trial)]);
    console.error(`peers: ${JSON.stringify(measured.at(-1)?.[1])}`);
  }
  return Object.fromEntries(measured) as ByContender<Measured>;
}

function tableOf(mode: Trial['mode'], measured: ByContender<Measured>): string {
  const row = (title: string, of: (one: Measured) => number) => ({
    title,
    values: mapValues(measured, of),
  });
  const what = mode === 'text' ? 'first text' : 'turn';
  const whole = row('whole reply P95, ms', ({ talk }) => talk.endedP95Ms);
  return sideBySide(NAMES, [
    row(`${mode} rooms`, ({ rooms }) => rooms),
    row('MB a room', ({ mbPerRoom }) => mbPerRoom),
    row('MB before the first', ({ emptyMb }) => emptyMb),
    row('core a room', ({ corePerRoom }) => corePerRoom),
    row('join P95, ms', ({ joinP95Ms }) => joinP95Ms),
    row(`${what} P50, ms`, ({ talk }) => talk.beganP50Ms),
    row(`${what} P95, ms`, ({ talk }) => talk.beganP95Ms),
    ...(mode === 'text' ? [whole] : []),
    row('unanswered', ({ talk }) => talk.unanswered),
  ]);
}

function mapValues<T, R>(values: ByContender<T>, of: (value: T) => R): ByContender<R> {
  const entries = NAMES.map((name) => [name, of(values[name])] as const);
  return Object.fromEntries(entries) as ByContender<R>;
}
