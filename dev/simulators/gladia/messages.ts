import type { Utterance } from '../speech/recognizer.ts';
import type { MessagesConfig } from './request.ts';

/** A message of the server, without what all of them have. */
export interface Message {
  readonly type: string;
  readonly data?: object;
  readonly acknowledged?: boolean;
  readonly error?: null;
  /** Which switch of the client's lets it out. */
  readonly by: keyof MessagesConfig;
}

/** An utterance as far as it is known. */
export function transcript(id: string, utterance: Utterance, isFinal: boolean): Message {
  const { text, language, confidence, words } = utterance;
  return {
    type: 'transcript',
    by: isFinal ? 'receive_final_transcripts' : 'receive_partial_transcripts',
    data: {
      id,
      is_final: isFinal,
      utterance: {
        start: utterance.fromMs / 1_000,
        end: utterance.toMs / 1_000,
        confidence,
        channel: 0,
        speaker: 0,
        text,
        language,
        words: words.map(({ text: word, fromMs, toMs }) => ({
          word,
          start: fromMs / 1_000,
          end: toMs / 1_000,
          confidence,
        })),
      },
    },
  };
}

export function speechEvent(type: 'speech_start' | 'speech_end', atMs: number): Message {
  return { type, by: 'receive_speech_events', data: { time: atMs / 1_000, channel: 0 } };
}

/** Says that these bytes of the whole session, whatever the connection, have been taken. */
export function audioAcknowledged(from: number, to: number, bytesPerSecond: number): Message {
  return {
    type: 'audio_chunk',
    by: 'receive_acknowledgments',
    acknowledged: true,
    error: null,
    data: { byte_range: [from, to], time_range: [from / bytesPerSecond, to / bytesPerSecond] },
  };
}

export function stopAcknowledged(seconds: number): Message {
  return {
    type: 'stop_recording',
    by: 'receive_acknowledgments',
    acknowledged: true,
    error: null,
    data: { recording_duration: seconds, recording_left_to_process: 0 },
  };
}

export function lifecycle(type: 'start_recording' | 'end_session'): Message {
  return { type, by: 'receive_lifecycle_events' };
}

export function endRecording(seconds: number): Message {
  return {
    type: 'end_recording',
    by: 'receive_lifecycle_events',
    data: { recording_duration: seconds },
  };
}
