import { stt } from '@livekit/agents';

/** Hears that somebody spoke, not what: the final comes 250 ms of audio after the last loud frame. */
export class StubStt extends stt.STT {
  label = 'stub.STT';

  constructor() {
    super({ streaming: true, interimResults: false });
  }

  async _recognize() {
    throw new Error('the stub hears streams only');
  }

  stream(options) {
    return new StubStream(this, undefined, options?.connOptions);
  }
}

const FINAL_AFTER_MS = 250;
/** RMS; as the bench's visitors judge a bot's voice. */
const LOUD = 200;

class StubStream extends stt.SpeechStream {
  label = 'stub.SpeechStream';

  async run() {
    let quietMs = Infinity;
    for await (const frame of this.input) {
      if (frame === stt.SpeechStream.FLUSH_SENTINEL) continue;
      const before = quietMs;
      quietMs = isLoud(frame.data)
        ? 0
        : quietMs + (frame.samplesPerChannel * 1_000) / frame.sampleRate;
      if (before < FINAL_AFTER_MS && quietMs >= FINAL_AFTER_MS) this.queue.put(FINAL);
    }
  }
}

const FINAL = {
  type: stt.SpeechEventType.FINAL_TRANSCRIPT,
  alternatives: [
    { language: 'en', text: 'Can you do that?', startTime: 0, endTime: 0, confidence: 1 },
  ],
};

function isLoud(pcm) {
  let sum = 0;
  for (const sample of pcm) sum += sample * sample;
  return Math.sqrt(sum / Math.max(1, pcm.length)) > LOUD;
}
