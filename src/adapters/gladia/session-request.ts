import type { LiveV2InitRequest } from '@gladiaio/sdk';
import { STT_SAMPLE_RATE } from '../../ports/speech-to-text.ts';
import type { SttOptions } from '../../ports/speech-to-text.ts';

/** How a session is asked for: enhanced, with partials, and with what tells that it lives. */
export function toSessionRequest({ language, names = [] }: SttOptions): LiveV2InitRequest {
  return {
    model: 'solaria-1',
    encoding: 'wav/pcm',
    bit_depth: 16,
    sample_rate: STT_SAMPLE_RATE,
    channels: 1,
    endpointing: ENDPOINTING_S,
    pre_processing: { audio_enhancer: true },
    ...(language !== undefined && { language_config: { languages: [toCode(language)] } }),
    ...(names.length > 0 && {
      realtime_processing: {
        custom_vocabulary: true,
        custom_vocabulary_config: { vocabulary: [...names] },
      },
    }),
    messages_config: {
      receive_partial_transcripts: true,
      receive_final_transcripts: true,
      receive_speech_events: true,
      receive_acknowledgments: true,
      receive_errors: true,
      receive_pre_processing_events: false,
      receive_realtime_processing_events: false,
      receive_post_processing_events: false,
    },
  };
}

/** Shorter cuts between words, longer holds finals back: turns are joined of finals anyway. */
const ENDPOINTING_S = 0.1;

type LanguageCode = NonNullable<
  NonNullable<LiveV2InitRequest['language_config']>['languages']
>[number];

/** Gladia takes languages without their regions, and refuses those it does not know. */
function toCode(language: string): LanguageCode {
  return new Intl.Locale(language).language as LanguageCode;
}
