import type { Clock } from '../lib/clock.ts';
import { STT_SAMPLE_RATE } from '../ports/speech-to-text.ts';
import type { SpeechToText } from '../ports/speech-to-text.ts';
import { openCall } from './open-call.ts';

/** How much sound is told at the latest. */
const TELL_EVERY_MS = 60_000;

/** A {@link SpeechToText} whose streams are told to the meter of their options. */
export function meteredStt(clock: Clock, stt: SpeechToText): SpeechToText {
  return {
    ...stt,
    open(options, listen) {
      let startedAt = clock.wallMs();
      let samples = 0;
      /** The sound that was not told yet, and when it came: one stream may last into another month. */
      const take = () => {
        const now = clock.wallMs();
        const audioMs = Math.round((samples * 1_000) / STT_SAMPLE_RATE);
        const share = { audioMs, startedAt, tookMs: Math.round(now - startedAt) };
        samples = 0;
        startedAt = now;
        return share;
      };
      const who = { kind: 'stt', provider: stt.name } as const;
      const call = openCall(clock, undefined, (course) =>
        options.meter?.({ ...who, ...course, ...take() }),
      );
      const tellShare = (): void => options.meter?.({ ...who, ...take(), outcome: 'ongoing' });
      const padded = (silence: number): void => void (samples += silence);
      const stream = stt.open({ ...options, padded }, (event) => {
        if (event.type !== 'ended') call.came();
        else if (event.error === undefined) call.done();
        else call.failed(event.error);
        listen(event);
      });
      return {
        ...stream,
        push(pcm) {
          samples += pcm.length;
          stream.push(pcm);
          if (samples >= (TELL_EVERY_MS * STT_SAMPLE_RATE) / 1_000) tellShare();
        },
        flush() {
          // The last words are waited for: the process may have ended by then.
          if (samples > 0) tellShare();
          stream.flush();
        },
        [Symbol.dispose]() {
          call.done();
          stream[Symbol.dispose]();
        },
      };
    },
  };
}
