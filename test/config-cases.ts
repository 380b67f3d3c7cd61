import type { Config } from '../src/config.ts';

const anyText = { good: [['a b', 'a b']], bad: [] } as const;
const http = {
  good: [['https://h.example:1/p', 'https://h.example:1/p']],
  bad: ['h.example', 'ws://h', 'https://', 'https://a b', 'HTTPS://h'],
} as const;
const flag = {
  good: [
    ['true', true],
    ['FALSE', false],
    ['True', true],
  ],
  bad: ['yes', '1'],
} as const;

const share = {
  good: [
    ['0', 0],
    ['0.35', 0.35],
    ['1.0', 1],
  ],
  bad: ['1.1', '-0.1', '35%', '1e-1'],
} as const;

/** A whole number within bounds. */
function whole(min: number, max: number) {
  return {
    good: [
      [String(min), min],
      [String(max), max],
    ],
    bad: [
      ...(min > 0 ? [String(min - 1)] : []),
      String(max + 1),
      '-1',
      '1.5',
      '1e3',
      '0x10',
      'ten',
    ],
  } as const;
}

const DAY_MS = 86_400_000;

/** For every variable what it takes, and how it is read, and what it refuses. */
export const EACH: {
  readonly [Name in keyof Config]: {
    readonly good: readonly (readonly [string, Config[Name]])[];
    readonly bad: readonly string[];
  };
} = {
  LIVEKIT_URL: {
    good: [
      ['wss://lk.example', 'wss://lk.example'],
      ['http://lk', 'http://lk'],
    ],
    bad: ['lk.example', 'tcp://lk', 'wss://'],
  },
  LIVEKIT_API_KEY: anyText,
  LIVEKIT_API_SECRET: anyText,
  LIVEKIT_ICE_SERVERS: {
    good: [
      ['stun:a:1', ['stun:a:1']],
      [' stun:a, turn:b ,', ['stun:a', 'turn:b']],
    ],
    bad: [],
  },
  LIVEKIT_GATHER_ONCE: flag,
  LIVEKIT_NATIVE_LOGS: flag,
  JOINS_AT_A_TIME: whole(1, 100),
  SUPABASE_URL: http,
  SUPABASE_SERVICE_ROLE: anyText,
  SQS_QUEUE_URL: http,
  SQS_DLQ_URL: http,
  SQS_ENDPOINT: http,
  AWS_REGION: { good: [['eu-central-1', 'eu-central-1']], bad: [] },
  VISIBILITY_TIMEOUT_S: whole(3, 43_200),
  RECEIVE_WAIT_S: whole(0, 20),
  MAX_CONCURRENT_ROOMS: whole(1, 10_000),
  WORKER_NAME: anyText,
  DRAIN_TIMEOUT_MS: whole(0, DAY_MS),
  RECYCLE_AFTER_ROOMS: whole(0, 1_000_000),
  RECYCLE_RSS_MB: whole(0, 1_000_000),
  OPENROUTER_API_KEY: anyText,
  OPENAI_API_KEY: anyText,
  LLM_BASE_URL: http,
  LLM_MODEL: anyText,
  LLM_MAX_TOKENS: whole(1, 100_000),
  LLM_FIRST_TOKEN_TIMEOUT_MS: whole(100, 600_000),
  LLM_TOKEN_GAP_TIMEOUT_MS: whole(100, 600_000),
  LLM2_BASE_URL: http,
  LLM2_API_KEY: anyText,
  LLM2_MODEL: anyText,
  LLM_FALLBACK_AFTER_MS: whole(100, 600_000),
  CONTEXT_TOKENS: whole(500, 1_000_000),
  GLADIA_STT_API_KEY: anyText,
  GLADIA_URL: http,
  GLADIA_SLOTS: whole(1, 10_000),
  DEEPGRAM_API_KEY: anyText,
  DEEPGRAM_URL: http,
  DEEPGRAM_SLOTS: whole(1, 10_000),
  CARTESIA_TTS_API_KEY: anyText,
  CARTESIA_URL: {
    good: [
      ['https://h.example', 'https://h.example'],
      ['ws://h:1', 'ws://h:1'],
    ],
    bad: ['h.example', 'ftp://h'],
  },
  CARTESIA_SLOTS: whole(1, 10_000),
  ELEVENLABS_API_KEY: anyText,
  ELEVENLABS_URL: { good: [['wss://h.example', 'wss://h.example']], bad: ['https://h'] },
  ELEVENLABS_SLOTS: whole(1, 10_000),
  VAD_THRESHOLD: share,
  VAD_MIN_SPEECH_MS: whole(32, 2_000),
  VAD_MIN_PAUSE_MS: whole(32, 2_000),
  STT_MIN_CONFIDENCE: share,
  STT_FINAL_WAIT_MS: whole(0, 60_000),
  ENDPOINT_MIN_MS: whole(100, 10_000),
  ENDPOINT_MAX_MS: whole(250, 30_000),
  MIN_INTERRUPTION_MS: whole(64, 5_000),
  PLAYOUT_PATH_MS: whole(0, 1_000),
  DRAFTS_PER_TURN: whole(0, 20),
  AUDIO_ENABLED: flag,
  IDLE_TIMEOUT_MS: whole(0, DAY_MS),
  DEPARTURE_GRACE_MS: whole(0, DAY_MS),
  LEAVE_WHEN: {
    good: [
      ['any-human', 'any-human'],
      ['Last-Human', 'last-human'],
    ],
    bad: ['nobody'],
  },
  NEW_TURN_WHILE_REPLYING: { good: [['interrupt', 'interrupt']], bad: ['both'] },
  CHAT_SETTLE_MS: whole(0, 60_000),
  CHARACTER_CACHE_TTL_MS: whole(0, DAY_MS),
  PRICES_FILE: anyText,
  RECORDINGS_DIR: anyText,
  RECORDINGS_WITH_TEXT: flag,
  RECORDING_MAX_MB: whole(1, 1_000),
  RECORDINGS_KEEP_DAYS: whole(0, 36_500),
  RECORDINGS_KEEP_MB: whole(0, 100_000_000),
  ROOM_ID: anyText,
  GATEWAY_API_KEYS: {
    good: [['0123456789abcdef, a-second-long-key', ['0123456789abcdef', 'a-second-long-key']]],
    bad: [',', 'short', '0123456789abcdef,short', 'a long one with spaces'],
  },
  GATEWAY_REQUESTS_PER_MINUTE: whole(1, 1_000_000),
  HTTP_HOST: { good: [['0.0.0.0', '0.0.0.0']], bad: [] },
  HTTP_PORT: whole(0, 65_535),
  OTEL_EXPORTER_OTLP_ENDPOINT: http,
  OTEL_SERVICE_NAME: anyText,
  OTEL_TRACES_SAMPLER_ARG: share,
  LOG_LEVEL: {
    good: [
      ['DEBUG', 'debug'],
      ['silent', 'silent'],
    ],
    bad: ['loud', 'trace'],
  },
  FEATURE_ENABLE_DEBUG_LOGGING: flag,
};
