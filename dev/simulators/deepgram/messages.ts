import type { Utterance } from '../speech/recognizer.ts';
import type { Query } from './query.ts';

/** A stretch of a connection's sound, and what was understood in it. */
export interface Result {
  readonly utterance: Utterance | undefined;
  readonly fromMs: number;
  readonly toMs: number;
  readonly isFinal: boolean;
  readonly speechFinal: boolean;
  readonly fromFinalize: boolean;
}

/** Says what was understood, in the words that the query asks for. */
export function results(requestId: string, query: Query, result: Result): object {
  const { utterance, fromMs, toMs } = result;
  const write = query.punctuate || query.smart_format ? asItIs : bare;
  const isMulti = query.language === 'multi';
  return {
    type: 'Results',
    channel_index: [0, 1],
    start: fromMs / 1_000,
    duration: (toMs - fromMs) / 1_000,
    is_final: result.isFinal,
    speech_final: result.speechFinal,
    from_finalize: result.fromFinalize,
    channel: {
      alternatives: [
        {
          transcript: write(utterance?.text ?? ''),
          confidence: utterance?.confidence ?? 0,
          ...(isMulti && utterance && { languages: [utterance.language] }),
          words: wordsOf(utterance, query),
        },
      ],
    },
    metadata: { request_id: requestId, model_uuid: MODEL_ID, model_info: infoOf(query) },
  };
}

export function speechStarted(atMs: number): object {
  return { type: 'SpeechStarted', channel: [0, 1], timestamp: atMs / 1_000 };
}

/** The last word about a stream. */
export function metadata(requestId: string, query: Query, audioMs: number): object {
  return {
    type: 'Metadata',
    transaction_key: 'deprecated',
    request_id: requestId,
    sha256: '0'.repeat(64),
    created: new Date().toISOString(),
    duration: audioMs / 1_000,
    channels: 1,
    models: [MODEL_ID],
    model_info: { [MODEL_ID]: infoOf(query) },
  };
}

function wordsOf(utterance: Utterance | undefined, query: Query): object[] {
  const isPunctuated = query.punctuate || query.smart_format;
  return (utterance?.words ?? []).map(({ text, language, fromMs, toMs }) => ({
    word: bare(text),
    start: fromMs / 1_000,
    end: toMs / 1_000,
    confidence: utterance?.confidence ?? 0,
    ...(query.language === 'multi' && { language }),
    ...(isPunctuated && { punctuated_word: text }),
  }));
}

function infoOf({ model }: Query): object {
  const [name = '', version = '', variant = 'general'] = model.split('-');
  return {
    name: `${variant}-${name}-${version}`,
    version: '2026-01-01.0',
    arch: `${name}-${version}`,
  };
}

function asItIs(text: string): string {
  return text;
}

function bare(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\p{M}' ]/gu, '')
    .trim();
}

const MODEL_ID = '40bd3654-0000-4000-8000-000000000003';
