import type { Speech } from './ledger.ts';
import { nowMs } from '../common/time.ts';
import type { Settings, SpeechFault } from './settings.ts';
import { openSpeaker } from './speaker.ts';
import type { Timed } from './speaker.ts';

/** What one context gives, in order. */
export type SynthesisEvent =
  /** Sound, and the words that begin in it, in ms from the context's first sample. */
  | {
      readonly type: 'sound';
      readonly bytes: Buffer;
      readonly fromMs: number;
      readonly words: readonly Timed[];
    }
  /** All that was said before the mark has gone out. */
  | { readonly type: 'mark'; readonly mark: string }
  /** A fault, which only the wire can show. After all but `garbage` nothing comes any more. */
  | { readonly type: 'fault'; readonly kind: 'stall' | 'server-error' | 'cut' | 'garbage' };

/** The voice of one context, which makes sound at the provider's pace. */
export interface Synthesis {
  say(text: string): void;
  mark(mark: string): void;
  /** Whether it has nothing left to do, and is not stalled. */
  isIdle(): boolean;
  /** Stops it; what it was just making still goes out, as with the real ones: two chunks at most. */
  stop(): void;
  /** Ends it without another event. */
  end(): void;
}

/** What a synthesis needs to know. */
export interface SynthesisInput {
  readonly speech: Speech;
  readonly fault: SpeechFault | undefined;
  readonly settings: Settings;
  readonly sampleRate: number;
}

/** Starts the voice of one context, 16 bit little endian; `listen` hears all that it gives. */
export function openSynthesis(
  input: SynthesisInput,
  listen: (event: SynthesisEvent) => void,
): Synthesis {
  const { speech, fault, settings, sampleRate } = input;
  const speed = fault?.kind === 'slow' ? fault.speed : settings.speed;
  const breakage = fault !== undefined && 'afterMs' in fault ? fault : undefined;
  const chunks = cutChunks({ ...settings, voice: speech.voice, sampleRate });
  let struck = false;
  let lateChunks = Infinity;
  let timer: NodeJS.Timeout | undefined;
  let dueAt = 0;

  /** The fault's moment has come; whether the context ends with it. */
  function strike(): boolean {
    if (struck || breakage === undefined || speech.soundMs < breakage.afterMs) return false;
    struck = true;
    listen({ type: 'fault', kind: breakage.kind });
    return breakage.kind !== 'garbage';
  }

  function step(): void {
    timer = undefined;
    if (strike()) return end();
    const next = chunks.next();
    if (next === undefined) return;
    if (next.type === 'sound') {
      lateChunks -= 1;
      const soundMs = (next.bytes.length * 500) / sampleRate;
      speech.firstSoundAt ??= nowMs();
      speech.soundMs += soundMs;
      dueAt += soundMs / speed;
    }
    listen(next);
    if (lateChunks > 0) schedule();
  }
  function schedule(): void {
    if (timer === undefined) timer = setTimeout(step, Math.max(0, dueAt - nowMs()));
  }
  function begin(): void {
    if (timer !== undefined || lateChunks <= 0) return;
    dueAt = Math.max(dueAt, nowMs() + settings.latency.firstSoundMs);
    schedule();
  }
  function end(): void {
    lateChunks = 0;
    clearTimeout(timer);
    timer = undefined;
  }

  return {
    say(text) {
      if (fault?.kind !== 'no-sound') chunks.say(text);
      begin();
    },
    mark(mark) {
      chunks.mark(mark);
      if (timer === undefined && lateChunks > 0) schedule();
    },
    isIdle: () => timer === undefined && lateChunks > 0,
    stop: () => void (lateChunks = Math.min(lateChunks, LATE_CHUNKS)),
    end,
  };
}

const LATE_CHUNKS = 2;

type Chunk = Extract<SynthesisEvent, { type: 'sound' | 'mark' }>;

/** Odd: a chunk may end in the middle of a sample. About 80 ms at 24 kHz. */
const CHUNK_BYTES = 3_841;

function cutChunks(options: Parameters<typeof openSpeaker>[0]) {
  const speaker = openSpeaker(options);
  const todo: ({ readonly text: string } | { readonly mark: string })[] = [];
  let speaking: ReturnType<typeof speaker.say> | undefined;
  let bytes = Buffer.alloc(0);
  let words: Timed[] = [];
  let sent = 0;

  /** Makes words until a chunk is full or there is a reason to send less. */
  function fill(): void {
    while (bytes.length < CHUNK_BYTES) {
      const spoken = speaking?.next();
      if (spoken?.done === false) {
        const { pcm, word } = spoken.value;
        bytes = Buffer.concat([bytes, Buffer.from(pcm.buffer)]);
        words.push(word);
        continue;
      }
      const [next] = todo;
      if (next === undefined || 'mark' in next) return;
      speaking = speaker.say(next.text);
      todo.shift();
    }
  }
  return {
    say: (text: string) => void todo.push({ text }),
    mark: (mark: string) => void todo.push({ mark }),
    next(): Chunk | undefined {
      fill();
      if (bytes.length === 0) {
        const next = todo.shift();
        return next !== undefined && 'mark' in next ? { type: 'mark', mark: next.mark } : undefined;
      }
      const msPerByte = 500 / options.sampleRate;
      const chunk = bytes.subarray(0, CHUNK_BYTES);
      const fromMs = sent * msPerByte;
      sent += chunk.length;
      bytes = bytes.subarray(CHUNK_BYTES);
      const begun = words.filter((word) => word.fromMs < sent * msPerByte);
      words = words.slice(begun.length);
      return { type: 'sound', bytes: chunk, fromMs, words: begun };
    },
  };
}
