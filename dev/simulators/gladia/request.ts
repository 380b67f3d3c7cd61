import { z } from 'zod';

const vocabulary = z.union([
  z.string(),
  z.strictObject({
    value: z.string(),
    intensity: z.number().min(0).max(1).optional(),
    pronunciations: z.array(z.string()).optional(),
    language: z.string().optional(),
  }),
]);

/** What is to be sent; the documented defaults. */
const messagesConfig = z.strictObject({
  receive_partial_transcripts: z.boolean().default(false),
  receive_final_transcripts: z.boolean().default(true),
  receive_speech_events: z.boolean().default(true),
  receive_pre_processing_events: z.boolean().default(true),
  receive_realtime_processing_events: z.boolean().default(true),
  receive_post_processing_events: z.boolean().default(true),
  receive_acknowledgments: z.boolean().default(true),
  receive_errors: z.boolean().default(true),
  receive_lifecycle_events: z.boolean().default(false),
});

/** Body of `POST /v2/live`; what it does not name is refused. */
export const liveRequestSchema = z.strictObject({
  encoding: z.literal(['wav/pcm', 'wav/alaw', 'wav/ulaw']).default('wav/pcm'),
  bit_depth: z.literal([8, 16, 24, 32]).default(16),
  sample_rate: z.literal([8_000, 16_000, 32_000, 44_100, 48_000]).default(16_000),
  channels: z.int().min(1).max(8).default(1),
  custom_metadata: z.record(z.string(), z.unknown()).optional(),
  model: z.literal('solaria-1').default('solaria-1'),
  endpointing: z.number().min(0.01).max(10).default(0.05),
  maximum_duration_without_endpointing: z.number().min(5).max(60).default(5),
  language_config: z
    .strictObject({
      languages: z.array(z.string().regex(/^[a-z]{2,3}$/u)).default([]),
      code_switching: z.boolean().default(false),
    })
    .optional(),
  pre_processing: z
    .strictObject({
      audio_enhancer: z.boolean().default(false),
      speech_threshold: z.number().min(0).max(1).default(0.6),
    })
    .optional(),
  realtime_processing: z
    .strictObject({
      custom_vocabulary: z.boolean().default(false),
      custom_vocabulary_config: z
        .strictObject({
          vocabulary: z.array(vocabulary),
          default_intensity: z.number().min(0).max(1).optional(),
        })
        .optional(),
      custom_spelling: z.boolean().default(false),
      custom_spelling_config: z
        .strictObject({ spelling_dictionary: z.record(z.string(), z.array(z.string())) })
        .optional(),
      translation: z.literal(false).default(false),
      named_entity_recognition: z.literal(false).default(false),
      sentiment_analysis: z.literal(false).default(false),
    })
    .optional(),
  post_processing: z
    .strictObject({
      summarization: z.literal(false).default(false),
      chapterization: z.literal(false).default(false),
    })
    .optional(),
  messages_config: messagesConfig.prefault({}),
  callback: z.literal(false).default(false),
});

export type LiveRequest = z.infer<typeof liveRequestSchema>;
export type MessagesConfig = LiveRequest['messages_config'];
