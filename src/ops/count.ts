import { isTroupeError } from '../errors.ts';
import type { TroupeError } from '../errors.ts';
import type { Observation } from '../ports/observe.ts';
import type { MetricName } from './metric-table.ts';

/** What moves metrics; labels' values are bounded behind it. */
export interface Tally {
  /** Adds to a counter. */
  add(metric: MetricName, labels?: Labels, by?: number): void;
  /** Sets a gauge. */
  set(metric: MetricName, value: number, labels?: Labels): void;
  /** Sets a gauge to 1 for so long, then to 0: nobody tells that it is over. */
  hold(metric: MetricName, forMs: number, labels: Labels): void;
  /** Whether this failure was not told yet: one that goes through several hands is told by each. */
  isNews(error: TroupeError): boolean;
  /** Puts a time into a histogram; `undefined`: there is none. */
  time(metric: MetricName, ms: number | undefined, labels?: Labels): void;
  /** The room's memory waits for the database, or no more. */
  unsaved(room: string | undefined, isUnsaved: boolean): void;
}

type Labels = Readonly<Record<string, string>>;
type Of<T extends Observation['type']> = Extract<Observation, { readonly type: T }>;
type Counting = { readonly [T in Observation['type']]?: (tally: Tally, one: Of<T>) => void };

/** Moves the metrics that an observation is about. */
export function count(tally: Tally, observation: Observation): void {
  const move = COUNTING[observation.type] as ((tally: Tally, one: Observation) => void) | undefined;
  move?.(tally, observation);
  if ('error' in observation && observation.error !== undefined) countError(tally, observation);
}

/** What each kind of observation moves; those that are missing are for the log alone. */
const COUNTING: Counting = {
  // queue and lease
  'activation-received'(tally, { ageMs }) {
    tally.add('troupe_activations_received_total');
    tally.time('troupe_activation_age_seconds', ageMs);
  },
  'activation-settled': (tally, { how: outcome }) =>
    tally.add('troupe_activations_total', { outcome }),
  'receiving-paused': (tally) => tally.set('troupe_receiving_paused', 1),
  'receiving-resumed': (tally) => tally.set('troupe_receiving_paused', 0),
  beaten: (tally) => tally.add('troupe_lease_beats_total', { result: 'good' }),
  'beat-failed': (tally) => tally.add('troupe_lease_beats_total', { result: 'failed' }),
  'lease-lost': (tally) => tally.add('troupe_leases_lost_total'),
  'bot-started': (tally) => tally.add('troupe_activations_total', { outcome: 'started' }),
  'bot-ended'(tally, { room, how, reason = 'none' }) {
    tally.add('troupe_bots_ended_total', { how, reason });
    tally.unsaved(room, false);
  },
  'handover-sent'(tally, { tookMs }) {
    tally.add('troupe_handovers_total', { result: 'sent' });
    tally.time('troupe_handover_seconds', tookMs);
  },
  'handover-failed': (tally) => tally.add('troupe_handovers_total', { result: 'failed' }),

  // room
  'room-joined': (tally, { sinceReceiptMs, arrival }) =>
    tally.time('troupe_activation_to_joined_seconds', sinceReceiptMs, { arrival }),
  'room-rejoining': (tally) => tally.add('troupe_rejoins_total'),
  'mode-switched': (tally, { mode }) => tally.add('troupe_mode_switches_total', { mode }),
  'link-lost': (tally) => tally.add('troupe_link_losses_total'),
  'chat-refused': (tally) => tally.add('troupe_chat_refused_total'),
  'turn-dropped'(tally, { channel, reason }) {
    tally.add('troupe_turns_total', { channel, outcome: 'dropped' });
    tally.add('troupe_turns_dropped_total', { channel, reason });
  },
  'turn-committed'(tally, { channel, addressed }) {
    if (!addressed) tally.add('troupe_turns_total', { channel, outcome: 'not-addressed' });
  },
  'reply-held': (tally) => tally.add('troupe_replies_held_total'),
  'reply-resumed': (tally) => tally.add('troupe_replies_resumed_total'),
  'reply-cancelled': (tally, { reason }) => tally.add('troupe_replies_cancelled_total', { reason }),
  'reply-finished'(tally, { end, channel, firstTokenMs, firstSegmentMs }) {
    if (end === 'unused') return tally.add('troupe_drafts_unused_total');
    // Cut before the room had a word of it: its turns still wait for their answer.
    const isOwed = end === 'interrupted' && firstSegmentMs === undefined;
    if (channel === undefined || isOwed) return;
    tally.add('troupe_turns_total', { channel, outcome: end });
    tally.add('troupe_answers_total', { result: end === 'failed' ? 'failed' : 'answered' });
    tally.time('troupe_turn_stage_seconds', firstTokenMs, { stage: 'llm_first_token' });
    tally.time('troupe_turn_stage_seconds', firstSegmentMs, { stage: 'first_segment' });
  },
  'reply-timed'(tally, { endpointMs, finalMs, chunkMs, ttsMs, frameMs, ownMs, wholeMs }) {
    const stage = (name: string, ms: number | undefined): void =>
      tally.time('troupe_turn_stage_seconds', ms, { stage: name });
    stage('endpoint', endpointMs);
    stage('stt_final', finalMs);
    stage('first_chunk', chunkMs);
    stage('tts_first_byte', ttsMs);
    stage('first_frame', frameMs);
    stage('own', ownMs);
    stage('whole', wholeMs);
  },
  'publish-failed': (tally) => tally.add('troupe_publish_failures_total'),

  // providers
  usage(tally, call) {
    const { provider, kind, outcome, errorKind } = call;
    countAmounts(tally, call);
    if (outcome === 'ongoing') return;
    tally.add('troupe_provider_requests_total', { provider, kind, outcome });
    tally.time('troupe_provider_first_output_seconds', call.firstMs, { provider, kind });
    if (outcome !== 'failed') return;
    tally.add('troupe_provider_errors_total', { provider, kind, error: errorKind ?? 'unexpected' });
  },
  'provider-failed'(tally, { provider, retryInMs }) {
    if (retryInMs !== undefined) tally.add('troupe_provider_retries_total', { provider });
  },
  'provider-paused': (tally, { provider, forMs }) =>
    tally.hold('troupe_provider_breaker_open', forMs, { provider }),
  'provider-restored': (tally, { provider }) =>
    tally.hold('troupe_provider_breaker_open', 0, { provider }),
  'provider-off': (tally, { provider }) => tally.set('troupe_provider_off', 1, { provider }),
  'provider-fallback': (tally, { from, provider: to }) =>
    tally.add('troupe_provider_fallbacks_total', { from, to }),

  'usage-lost': (tally, { count }) => tally.add('troupe_usage_lost_total', {}, count),

  // memory
  'context-saved'(tally, { room, lagMs }) {
    tally.time('troupe_context_save_lag_seconds', lagMs);
    tally.unsaved(room, false);
  },
  'context-save-failed'(tally, { room }) {
    tally.add('troupe_context_save_failures_total');
    tally.unsaved(room, true);
  },
  'context-compacted': (tally) => tally.add('troupe_contexts_compacted_total'),
  'inbox-failed': (tally) => tally.add('troupe_inbox_failures_total'),

  // gateway
  'session-opened'(tally, { tookMs }) {
    tally.add('troupe_sessions_opened_total');
    tally.time('troupe_session_open_seconds', tookMs);
  },
  'session-left-behind': (tally) => tally.add('troupe_sessions_left_behind_total'),
  'request-failed': (tally, { status }) =>
    tally.add('troupe_request_failures_total', { status: String(status) }),

  // process
  warning: (tally) => tally.add('troupe_warnings_total'),
  'unexpected-error': (tally) => tally.add('troupe_unexpected_errors_total'),
};

function countAmounts(tally: Tally, call: Of<'usage'>): void {
  const { provider, kind } = call;
  const add = (metric: MetricName, labels: Labels, by = 0): void => {
    if (by > 0) tally.add(metric, labels, by);
  };
  add('troupe_tokens_total', { provider, direction: 'input' }, call.promptTokens);
  add('troupe_tokens_total', { provider, direction: 'output' }, call.completionTokens);
  add('troupe_tts_characters_total', { provider }, call.characters);
  add('troupe_audio_seconds_total', { provider, kind }, (call.audioMs ?? 0) / 1_000);
  if (call.cost === undefined) tally.add('troupe_unpriced_calls_total', { provider, kind });
  else add('troupe_cost_dollars_total', { provider, kind }, call.cost);
}

/** Whatever failed: of whose service, and how. Defects of ours have no service. */
function countError(tally: Tally, { error }: { readonly error?: unknown }): void {
  if (!isTroupeError(error) || !tally.isNews(error)) return;
  tally.add('troupe_service_errors_total', { service: error.service, error: error.kind });
}
