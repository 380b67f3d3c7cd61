import { setTimeout as sleep } from 'node:timers/promises';
import { tts } from '@livekit/agents';
import { AudioFrame } from '@livekit/rtc-node';

/**
 * Speaks a tone as long as the text, its first byte 90 ms after the request and the rest at once. It takes
 * whole sentences, which the framework cuts for it.
 */
export class StubTts extends tts.TTS {
  label = 'stub.TTS';

  constructor() {
    super(RATE, 1, { streaming: false });
  }

  synthesize(text, connOptions, abortSignal) {
    return new StubChunks(text, this, connOptions, abortSignal);
  }

  stream() {
    throw new Error('the stub takes whole sentences only');
  }
}

const RATE = 24_000;
const FIRST_BYTE_MS = 90;
const LETTER_MS = 60;
const FRAME = (RATE * 20) / 1_000;

class StubChunks extends tts.ChunkedStream {
  label = 'stub.ChunkedStream';

  async run() {
    await sleep(FIRST_BYTE_MS, undefined, { signal: this.abortSignal });
    const frames = Math.max(1, Math.round((this.inputText.length * LETTER_MS) / 20));
    for (let at = 0; at < frames; at += 1) {
      const frame = new AudioFrame(tone(at * FRAME), RATE, 1, FRAME);
      this.queue.put({ requestId: 'stub', segmentId: 'stub', frame, final: at === frames - 1 });
    }
  }
}

function tone(from) {
  return Int16Array.from({ length: FRAME }, (_none, at) =>
    Math.round(6_000 * Math.sin((2 * Math.PI * 220 * (from + at)) / RATE)),
  );
}
