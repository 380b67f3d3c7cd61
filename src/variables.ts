import { flag, keys, list, oneOf, share, text, url, whole } from './lib/env.ts';
import { needed, slots, v } from './variable.ts';
import type { Need } from './variable.ts';

const DAY_MS = 86_400_000;
export const BOTS: readonly Need[] = ['queue', 'room'];
const ROOMS: readonly Need[] = [...BOTS, 'gateway'];
const QUEUES: readonly Need[] = ['queue', 'producer', 'gateway'];
const DATABASES: readonly Need[] = [...BOTS, 'database', 'gateway'];

/** Every variable that Troupe reads; `.env.example` is held against this table by a test. */
export const variables = {
  // LiveKit
  LIVEKIT_URL: needed(
    ROOMS,
    url('ws', 'wss', 'http', 'https'),
    'The LiveKit server whose rooms the bots join',
  ),
  LIVEKIT_API_KEY: needed(ROOMS, text(), 'Key that signs the tokens of bots and guests'),
  LIVEKIT_API_SECRET: needed(ROOMS, text(), 'Secret of that key'),
  LIVEKIT_ICE_SERVERS: v(
    list().optional(),
    'STUN and TURN addresses, separated by commas, instead of those the server names',
  ),
  LIVEKIT_GATHER_ONCE: v(
    flag(false),
    'Gather network candidates once: for networks in which no STUN server answers',
  ),
  LIVEKIT_NATIVE_LOGS: v(
    flag(false),
    'Capture the native library’s log: costs about twice the memory and CPU of a room',
  ),
  JOINS_AT_A_TIME: v(
    whole(8, 1, 100),
    'Rooms that one worker joins at the same moment; the others wait their turn',
  ),

  // Database
  SUPABASE_URL: needed(
    DATABASES,
    url('http', 'https'),
    'The Supabase project with sessions, characters and our own tables',
  ),
  SUPABASE_SERVICE_ROLE: needed(
    DATABASES,
    text(),
    'Its service role key; the anon key sees empty tables and is refused',
  ),

  // Queue
  SQS_QUEUE_URL: needed(QUEUES, url('http', 'https'), 'The FIFO queue of activations'),
  SQS_DLQ_URL: v(
    url('http', 'https').optional(),
    'Where refused activations go; default: the target of the queue’s redrive policy',
  ),
  SQS_ENDPOINT: v(url('http', 'https').optional(), 'Another SQS-compatible server than AWS'),
  AWS_REGION: v(text().default('us-east-1'), 'Region of the queue'),
  VISIBILITY_TIMEOUT_S: v(
    whole(60, 3, 43_200),
    'How long a crashed worker’s room waits for the next one',
    { unit: 's' },
  ),
  RECEIVE_WAIT_S: v(whole(20, 0, 20), 'How long one receive waits for a message', { unit: 's' }),

  // Worker
  MAX_CONCURRENT_ROOMS: v(whole(10, 1, 10_000), 'Rooms that one worker serves at the same time'),
  WORKER_NAME: v(
    text().optional(),
    'Name of this worker in logs and leases; default: host name and process id',
  ),
  DRAIN_TIMEOUT_MS: v(
    whole(60_000, 0, DAY_MS),
    'How long a worker that was asked to stop may hand over or finish its rooms',
    { unit: 'ms' },
  ),
  RECYCLE_AFTER_ROOMS: v(whole(0, 0, 1_000_000), 'Drain and exit after so many rooms; 0: never'),
  RECYCLE_RSS_MB: v(whole(0, 0, 1_000_000), 'Drain and exit above this memory; 0: never', {
    unit: 'MB',
  }),

  // LLM
  OPENROUTER_API_KEY: v(text().optional(), 'Key of the default LLM provider, openrouter.ai'),
  OPENAI_API_KEY: v(
    text().optional(),
    'Key of api.openai.com, used where no OPENROUTER_API_KEY is set',
  ),
  LLM_BASE_URL: v(
    url('http', 'https').optional(),
    'Any other OpenAI-compatible API; it gets the key above',
  ),
  LLM_MODEL: v(text().optional(), 'Model for characters that name none; default by provider'),
  LLM_MAX_TOKENS: v(whole(500, 1, 100_000), 'Longest answer', { unit: 'tokens' }),
  LLM_FIRST_TOKEN_TIMEOUT_MS: v(
    whole(10_000, 100, 600_000),
    'How long the model may take to begin',
    { unit: 'ms' },
  ),
  LLM_TOKEN_GAP_TIMEOUT_MS: v(whole(8_000, 100, 600_000), 'How long it may pause in the middle', {
    unit: 'ms',
  }),
  LLM2_BASE_URL: v(
    url('http', 'https').optional(),
    'A second OpenAI-compatible API, asked where the first one fails; needs LLM2_MODEL',
  ),
  LLM2_API_KEY: v(text().optional(), 'Its key'),
  LLM2_MODEL: v(text().optional(), 'Its model, for every character'),
  LLM_FALLBACK_AFTER_MS: v(
    whole(3_000, 100, 600_000),
    'How long the first model may take to begin where there is a second one',
    { unit: 'ms' },
  ),
  CONTEXT_TOKENS: v(
    whole(6_000, 500, 1_000_000),
    'Size beyond which the oldest turns of a talk are summarized',
    { unit: 'tokens' },
  ),

  // Voice
  GLADIA_STT_API_KEY: v(text().optional(), 'Key of the speech-to-text provider gladia.io'),
  GLADIA_URL: v(url('http', 'https').default('https://api.gladia.io'), 'Its API'),
  GLADIA_SLOTS: v(slots(), 'Transcriptions that this process may have open there'),
  DEEPGRAM_API_KEY: v(
    text().optional(),
    'Key of the speech-to-text provider deepgram.com: the second one where both have a key',
  ),
  DEEPGRAM_URL: v(url('http', 'https').default('https://api.deepgram.com'), 'Its API'),
  DEEPGRAM_SLOTS: v(slots(), 'Transcriptions that this process may have open there'),
  CARTESIA_TTS_API_KEY: v(text().optional(), 'Key of the text-to-speech provider cartesia.ai'),
  CARTESIA_URL: v(url('https', 'http', 'wss', 'ws').default('https://api.cartesia.ai'), 'Its API'),
  CARTESIA_SLOTS: v(slots(), 'Speeches that this process may have made there at the same time'),
  ELEVENLABS_API_KEY: v(
    text().optional(),
    'Key of the text-to-speech provider elevenlabs.io: the second one where both have a key',
  ),
  ELEVENLABS_URL: v(url('ws', 'wss').default('wss://api.elevenlabs.io'), 'Its API'),
  ELEVENLABS_SLOTS: v(slots(), 'Speeches that this process may have made there at the same time'),
  VAD_THRESHOLD: v(share(0.1), 'How sure the model must be that it hears speech; 0 to 1'),
  VAD_MIN_SPEECH_MS: v(whole(64, 32, 2_000), 'Shortest sound that is taken for speech', {
    unit: 'ms',
  }),
  VAD_MIN_PAUSE_MS: v(whole(96, 32, 2_000), 'Shortest silence that is taken for a pause', {
    unit: 'ms',
  }),
  STT_MIN_CONFIDENCE: v(share(0.7), 'Words of which the provider is less sure are dropped; 0 to 1'),
  STT_FINAL_WAIT_MS: v(
    whole(0, 0, 60_000),
    'How long final words are waited for once a speaker has finished; 0: what the provider needs',
    { unit: 'ms' },
  ),
  ENDPOINT_MIN_MS: v(whole(250, 100, 10_000), 'Shortest silence that ends a turn', { unit: 'ms' }),
  ENDPOINT_MAX_MS: v(whole(3_000, 250, 30_000), 'Longest silence within a turn', { unit: 'ms' }),
  MIN_INTERRUPTION_MS: v(
    whole(300, 64, 5_000),
    'How long somebody must speak until the bot falls silent',
    { unit: 'ms' },
  ),
  PLAYOUT_PATH_MS: v(whole(80, 0, 1_000), 'How long sound is on its way from the bot to an ear', {
    unit: 'ms',
  }),
  DRAFTS_PER_TURN: v(whole(3, 0, 20), 'Replies begun before a turn is surely over; 0: none'),

  // Talk
  AUDIO_ENABLED: v(
    flag(false),
    'Voice where neither message nor character says; needs a key for hearing and one for speaking',
  ),
  IDLE_TIMEOUT_MS: v(whole(30_000, 0, DAY_MS), 'Leave a room in which nothing happens; 0: never', {
    unit: 'ms',
  }),
  DEPARTURE_GRACE_MS: v(
    whole(5_000, 0, DAY_MS),
    'How long the last human may be gone before the bot leaves',
    { unit: 'ms' },
  ),
  LEAVE_WHEN: v(
    oneOf(['last-human', 'any-human']),
    'Whose leaving ends the talk: last-human or any-human',
  ),
  NEW_TURN_WHILE_REPLYING: v(
    oneOf(['queue', 'interrupt']),
    'What a chat line does to a running reply: queue or interrupt',
  ),
  CHAT_SETTLE_MS: v(
    whole(0, 0, 60_000),
    'How long a chat line waits for the speaker’s next one to become one turn',
    { unit: 'ms' },
  ),
  CHARACTER_CACHE_TTL_MS: v(whole(60_000, 0, DAY_MS), 'How long a character’s row is remembered', {
    unit: 'ms',
  }),

  // Cost
  PRICES_FILE: v(
    text().optional(),
    'Prices of providers as JSON, in the form of src/cost/prices.json, which is the default',
  ),

  // Recordings
  RECORDINGS_DIR: v(
    text().optional(),
    'Where talks are recorded whose session or character asks for it; without it none is',
  ),
  RECORDINGS_WITH_TEXT: v(
    flag(false),
    'Record what was said and who said it as it was, instead of in other words',
  ),
  RECORDING_MAX_MB: v(whole(20, 1, 1_000), 'Size at which the recording of a talk is cut', {
    unit: 'MB',
  }),
  RECORDINGS_KEEP_DAYS: v(
    whole(30, 0, 36_500),
    'How long a recording is kept after its last line; 0: for ever',
    { unit: 'days' },
  ),
  RECORDINGS_KEEP_MB: v(
    whole(1_000, 0, 100_000_000),
    'Size of all recordings beyond which the oldest are deleted; 0: as many as come',
    { unit: 'MB' },
  ),

  // One room
  ROOM_ID: v(text().optional(), 'Serve this one room without a queue, then exit'),

  // API
  GATEWAY_API_KEYS: v(
    keys(16).optional(),
    'Keys of `troupe gateway`, separated by commas: whoever has one may open sessions',
    { neededFor: ['gateway'] },
  ),
  GATEWAY_REQUESTS_PER_MINUTE: v(
    whole(600, 1, 1_000_000),
    'How often one of those keys may ask each process of the API in a minute',
  ),

  // Operations
  HTTP_HOST: v(text().default('127.0.0.1'), 'Address of the health server, or of the API'),
  HTTP_PORT: v(whole(8080, 0, 65_535), 'Its port; 0: any free one'),
  OTEL_EXPORTER_OTLP_ENDPOINT: v(
    url('http', 'https').optional(),
    'Collector that gets a trace per turn, by OTLP over HTTP; unset: none is made',
  ),
  OTEL_SERVICE_NAME: v(text().default('troupe'), 'What the traces call this service'),
  OTEL_TRACES_SAMPLER_ARG: v(share(1), 'Share of the turns that are traced; 0 to 1'),
  LOG_LEVEL: v(
    oneOf(['info', 'debug', 'warn', 'error', 'silent']),
    'Least level that is logged: debug, info, warn, error, silent',
  ),
  FEATURE_ENABLE_DEBUG_LOGGING: v(flag(false), 'Log from debug on, whatever LOG_LEVEL says'),
} as const;
