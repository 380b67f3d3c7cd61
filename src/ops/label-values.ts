import type { CancelReason, DropReason } from '../conversation/commands.ts';
import type { ErrorKind } from '../errors.ts';
import type { BotOutcome, BotStatus, LeaveReason, ModeName } from '../ports/bot.ts';
import type { Arrival, Refusal } from '../ports/lease-table.ts';
import type { ProviderCall } from '../ports/meter.ts';
import type { TurnChannel } from '../ports/observe.ts';

const MODELS = ['openrouter', 'openai', 'openai-compatible'];

/** Vendors by what they serve; a second model at the vendor of the first is told from it. */
const PROVIDERS: Readonly<Record<ProviderCall['kind'], readonly string[]>> = {
  llm: [...MODELS, ...MODELS.map((vendor) => `${vendor}-2`)],
  stt: ['gladia', 'deepgram'],
  tts: ['cartesia', 'elevenlabs'],
};

/**
 * The values that labels of metrics take, each set closed: whatever else comes is counted as `other`.
 * So no room, person, model or text of an error ever becomes a label.
 */
export const VALUES = {
  mode: all<ModeName | 'undecided'>({ text: 1, voice: 1, realtime: 1, undecided: 1 }),
  phase: all<BotStatus['phase']>({ starting: 1, talking: 1, 'handing-over': 1, leaving: 1 }),
  arrival: all<Arrival>({ fresh: 1, takeover: 1, handover: 1 }),
  channel: all<TurnChannel>({ chat: 1, speech: 1 }),
  kind: Object.keys(PROVIDERS),
  callOutcome: all<Exclude<ProviderCall['outcome'], 'ongoing'>>({
    done: 1,
    cancelled: 1,
    failed: 1,
  }),
  botEnd: all<BotOutcome['kind']>({ left: 1, 'handed-over': 1, lost: 1, failed: 1 }),
  leaveReason: all<LeaveReason | 'none'>({
    idle: 1,
    'last-human-left': 1,
    'participant-left': 1,
    'room-deleted': 1,
    removed: 1,
    stopped: 1,
    none: 1,
  }),
  drop: all<DropReason>({
    repeated: 1,
    flood: 1,
    'not-human': 1,
    leaving: 1,
    'already-committed': 1,
    echo: 1,
    backchannel: 1,
  }),
  cancel: all<CancelReason>({
    'new-turn': 1,
    'barge-in': 1,
    'link-lost': 1,
    handover: 1,
    leaving: 1,
    'mode-switch': 1,
    'draft-void': 1,
  }),
  refusal: all<Refusal>({
    ended: 1,
    duplicate: 1,
    stale: 1,
    expired: 1,
    stalled: 1,
    poisoned: 1,
    occupied: 1,
  }),
  error: all<ErrorKind | 'unexpected'>({
    auth: 1,
    forbidden: 1,
    quota: 1,
    timeout: 1,
    unavailable: 1,
    rejected: 1,
    malformed: 1,
    'not-found': 1,
    'not-ready': 1,
    'lease-lost': 1,
    unexpected: 1,
  }),
  provider: Object.values(PROVIDERS).flat(),
  service: ['queue', 'database', 'livekit', 'llm', 'stt', 'tts', 'vad', 'voice', 'lease', 'bot'],
} as const;

/** Whether the values can meet: nobody is heard by a voice, or replaced by itself. */
export function canMeet(labels: Readonly<Record<string, string>>): boolean {
  const { provider, kind, from, to } = labels;
  if (from !== undefined && from === to) return false;
  const named = [provider, from, to].filter((one) => one !== undefined);
  const kinds = new Set([...named.map(kindOf), ...(kind === undefined ? [] : [kind])]);
  return named.length === 0 || kinds.size === 1;
}

function kindOf(provider: string): string | undefined {
  return Object.entries(PROVIDERS).find(([, names]) => names.includes(provider))?.[0];
}

/** All members of a union, complete by its type. */
function all<T extends string>(members: Readonly<Record<T, 1>>): readonly string[] {
  return Object.keys(members);
}
