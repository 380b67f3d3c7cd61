import type { WorkerLogLine } from '../worker-process.ts';
import type { Stretch } from './talk-log.ts';

/** What the time until an answer goes into, in the order in which it is mostly come to. */
export type StageName =
  | 'endpoint'
  | 'STT final'
  | 'LLM first token'
  | 'first chunk'
  | 'TTS first byte'
  | 'first frame';

/** One of them; where the last final came before the last sound, it ends before it begins. */
export interface Stage extends Stretch {
  readonly name: StageName;
}

/** How the answer to something spoken came about, in ms of the talk, as its bot has it. */
export interface TimedAnswer {
  /** The last voiced sample of the question came in. */
  readonly voicedMs: number;
  /** From then on the answer may be heard; a draft is begun before. */
  readonly decidedMs: number | undefined;
  readonly drafted: boolean;
  /** From the last voiced sample in to the first voiced frame out. */
  readonly wholeMs: number | undefined;
  /** Those that there were. */
  readonly stages: readonly Stage[];
}

/**
 * Reads a worker's line `reply-timed` of a talk that began at `startedAt`, in ms since 1970; undefined:
 * what it answered was not spoken.
 */
export function answerOf(line: WorkerLogLine, startedAt: number): TimedAnswer | undefined {
  const { moments, drafted, wholeMs, ...spans } = line as unknown as ReplyTimed;
  const { voiced, decided, modelAsked, voiceAsked, audible } = moments;
  if (voiced === undefined) return undefined;
  const stage = (name: StageName, from?: number, spanMs?: number): readonly Stage[] => {
    if (from === undefined || spanMs === undefined) return [];
    return [{ name, fromMs: from - startedAt, toMs: from - startedAt + spanMs }];
  };
  // It began with the first sound, or where that was waiting, with the decision.
  const playable = audible === undefined ? undefined : audible - (spans.frameMs ?? 0);
  return {
    voicedMs: voiced - startedAt,
    decidedMs: decided === undefined ? undefined : decided - startedAt,
    drafted,
    wholeMs,
    stages: [
      ...stage('endpoint', voiced, spans.endpointMs),
      ...stage('STT final', voiced, spans.finalMs),
      ...stage('LLM first token', modelAsked, spans.llmMs),
      ...stage('first chunk', modelAsked, spans.chunkMs),
      ...stage('TTS first byte', voiceAsked, spans.ttsMs),
      ...stage('first frame', playable, spans.frameMs),
    ],
  };
}

/** The line's fields, spans in ms; what did not happen is not in it. */
export interface ReplyTimed {
  readonly drafted: boolean;
  readonly endpointMs?: number;
  readonly finalMs?: number;
  readonly llmMs?: number;
  readonly chunkMs?: number;
  readonly ttsMs?: number;
  readonly frameMs?: number;
  readonly ownMs?: number;
  readonly wholeMs?: number;
  /** In ms since 1970. */
  readonly moments: {
    readonly voiced?: number;
    readonly decided?: number;
    readonly modelAsked?: number;
    readonly voiceAsked?: number;
    readonly audible?: number;
  };
}
