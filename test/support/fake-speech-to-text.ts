import { openRecognizer } from '../../dev/simulators/speech/recognizer.ts';
import { TroupeError } from '../../src/errors.ts';
import type { SpeechToText, SttEvent, SttOptions } from '../../src/ports/speech-to-text.ts';

/** One stream that was opened. */
export interface FakeSttStream {
  readonly options: SttOptions;
  /** Ms of sound that were pushed. */
  readonly pushedMs: () => number;
  readonly isClosed: () => boolean;
  /** Says something by hand. */
  readonly tell: (event: Exclude<SttEvent, { readonly type: 'ended' }>) => void;
  /** Ends it as a provider does that breaks. */
  readonly fail: (error: TroupeError) => void;
}

/** A provider in memory that understands the recordings of `dev/speech`, without any delay. */
export interface FakeSpeechToText extends SpeechToText {
  /** Every stream, oldest first. */
  readonly streams: readonly FakeSttStream[];
  /** The next stream ends with this at once, or takes sound and says nothing. */
  befall(fate: TroupeError | 'stall'): void;
}

/** Makes a provider that passes the contract suite that the real ones pass. */
export function makeFakeSpeechToText(): FakeSpeechToText {
  const streams: FakeSttStream[] = [];
  let next: TroupeError | 'stall' | undefined;
  return {
    name: 'fake',
    finalP99Ms: 500,
    streams,
    befall: (fate) => void (next = fate),
    open(options, listen) {
      const fate = next;
      next = undefined;
      let samples = 0;
      let unflushed = false;
      /** Words were told that may still change. */
      let open = false;
      let closed = false;
      const later = (event: SttEvent): void =>
        queueMicrotask(() => {
          if (!closed) listen(event);
        });
      const end = (error: TroupeError | undefined): void => {
        if (closed) return;
        closed = true;
        queueMicrotask(() => listen({ type: 'ended', error }));
      };
      const recognizer = openRecognizer({ endpointingMs: 100 }, (event) => {
        if (event.type === 'speech-started') return;
        const { text, confidence, language, fromMs, toMs } = event.utterance;
        const times = { audioFromMs: fromMs, audioToMs: toMs };
        open = event.type === 'words';
        if (open) later({ type: 'interim', text, ...times });
        else later({ type: 'final', text, confidence, language, ...times });
      });
      streams.push({
        options,
        pushedMs: () => samples / 16,
        isClosed: () => closed,
        tell: later,
        fail: end,
      });
      if (fate instanceof TroupeError) queueMicrotask(() => end(fate));
      return {
        push(pcm) {
          if (closed || pcm.length === 0) return;
          samples += pcm.length;
          unflushed = true;
          if (fate === 'stall') {
            if (samples > WAITING_LIMIT) end(sttError('unavailable'));
            return;
          }
          recognizer.push(pcm);
          later({ type: 'acknowledged', audioToMs: samples / 16 });
        },
        flush() {
          unflushed = false;
          if (fate === 'stall') return;
          recognizer.finish();
          later({ type: 'flushed' });
        },
        isIdle: () => !unflushed || (!open && fate !== 'stall'),
        [Symbol.dispose]: () => end(undefined),
      };
    },
  };
}

/** An error of the provider, as an adapter makes it. */
export function sttError(kind: TroupeError['kind']): TroupeError {
  return new TroupeError(`the ear says ${kind}`, { kind, fault: 'provider', service: 'stt' });
}

const WAITING_LIMIT = 30_000 * 16;
