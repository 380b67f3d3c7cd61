import type { Database } from './database/database.ts';
import type { LiveKitAddress } from './livekit/server.ts';
import type { Queue } from './queue/queue.ts';
import type { OpenAiSimulator } from './simulators/openai/server.ts';
import type { VoiceParts } from './simulators/voice-parts.ts';

/** Parts that run; a worker's environment speaks only of these. */
interface RunningParts {
  readonly livekit?: LiveKitAddress | undefined;
  readonly queue?: Queue | undefined;
  readonly database?: Database | undefined;
  readonly llm?: OpenAiSimulator | undefined;
  readonly voice?: VoiceParts | undefined;
}

/** The environment variables that lead a worker to these parts. */
export function environmentOf(parts: RunningParts): Readonly<Record<string, string>> {
  const { livekit, queue, database, llm, voice } = parts;
  return {
    ...(livekit && {
      LIVEKIT_URL: livekit.url,
      LIVEKIT_API_KEY: livekit.apiKey,
      LIVEKIT_API_SECRET: livekit.apiSecret,
      LIVEKIT_GATHER_ONCE: 'true',
    }),
    ...(queue && {
      SQS_QUEUE_URL: queue.queueUrl,
      SQS_DLQ_URL: queue.deadLetterUrl,
      SQS_ENDPOINT: queue.endpoint,
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: queue.accessKeyId,
      AWS_SECRET_ACCESS_KEY: queue.secretAccessKey,
    }),
    ...(database && {
      SUPABASE_URL: database.url,
      SUPABASE_SERVICE_ROLE: database.serviceRoleKey,
    }),
    ...(voice && {
      GLADIA_URL: voice.gladia.url,
      GLADIA_STT_API_KEY: voice.gladia.apiKey,
      DEEPGRAM_URL: voice.deepgram.url,
      DEEPGRAM_API_KEY: voice.deepgram.apiKey,
      CARTESIA_URL: voice.cartesia.url,
      CARTESIA_TTS_API_KEY: voice.cartesia.apiKey,
      ELEVENLABS_URL: voice.elevenlabs.url,
      ELEVENLABS_API_KEY: voice.elevenlabs.apiKey,
    }),
    ...(llm && { LLM_BASE_URL: llm.url, OPENROUTER_API_KEY: llm.apiKey }),
  };
}
