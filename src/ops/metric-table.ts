import { VALUES } from './label-values.ts';

/** One metric as it is exposed: by the conventions of Prometheus, in base units. */
export interface MetricSpec {
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly help: string;
  /** Each label with all its values, `other` aside. */
  readonly labels: Readonly<Record<string, readonly string[]>>;
  /** Upper bounds of a histogram's buckets, in seconds. */
  readonly buckets?: readonly number[];
}

type Labels = MetricSpec['labels'];

const { provider, service, kind, channel, error, mode, phase, arrival } = VALUES;

/** Waits of a reply's stages: fine below a second, where people notice. */
const STAGE = [0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.45, 0.6, 0.8, 1, 1.5, 2.5, 5, 10];
/** What may take from a tenth of a second to minutes. */
const WAIT = [0.1, 0.25, 0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 900];

/** Every metric of ours, held against `docs/metrics.md` by a test. */
export const METRICS = {
  // the fleet
  troupe_ready: gauge('Whether the worker can be counted on'),
  troupe_draining: gauge('Whether the worker hands its rooms over to end'),
  troupe_receiving_paused: gauge('Whether nothing is received for the trouble of a service'),
  troupe_slots: gauge('Rooms that the worker may serve'),
  troupe_slots_used: gauge('Rooms that it serves'),
  troupe_rooms: gauge('Rooms that it serves, by mode and phase', { mode, phase }),
  troupe_activations_received_total: counter('Messages received from the queue'),
  troupe_activations_total: counter('Activations by what became of them', {
    outcome: ['started', 'adopted', 'malformed', 'rerouted', 'deferred', 'unbeaten'].concat(
      ['not-acquired', 'dead-lettered', 'dropped'],
      VALUES.refusal,
    ),
  }),
  troupe_activation_age_seconds: histogram('Age of a message when it is received', WAIT),
  troupe_activation_to_joined_seconds: histogram('From receipt to being in the room', WAIT, {
    arrival,
  }),
  troupe_bots_ended_total: counter('Bots by how they ended', {
    how: VALUES.botEnd,
    reason: VALUES.leaveReason,
  }),
  troupe_lease_beats_total: counter('Beats that extend leases, one for all of a worker', {
    result: ['good', 'failed'],
  }),
  troupe_leases_lost_total: counter('Leases lost to others or to silence'),
  troupe_handovers_total: counter('Handovers of a room', { result: ['sent', 'failed'] }),
  troupe_handover_seconds: histogram('From the wish to hand over to the successor sent', WAIT),

  // talks
  troupe_mode_switches_total: counter('Live talks that went on in another mode', { mode }),
  troupe_link_losses_total: counter('Paths to a room that broke'),
  troupe_rejoins_total: counter('Attempts to join a room anew'),
  troupe_chat_refused_total: counter('Chat messages that could not be read'),
  troupe_turns_total: counter('Turns by how they came and what became of them', {
    channel,
    outcome: ['finished', 'interrupted', 'failed', 'dropped', 'not-addressed'],
  }),
  troupe_turns_dropped_total: counter('Turns that were not taken', {
    channel,
    reason: VALUES.drop,
  }),
  troupe_answers_total: counter('Replies to turns: the share of `answered` is the availability', {
    result: ['answered', 'failed'],
  }),
  troupe_turn_stage_seconds: histogram('How long a reply’s stages took', STAGE, {
    stage: ['endpoint', 'stt_final', 'llm_first_token', 'first_chunk', 'tts_first_byte'].concat([
      'first_frame',
      'own',
      'whole',
      'first_segment',
    ]),
  }),
  troupe_drafts_unused_total: counter('Replies begun before their turn was certain, in vain'),
  troupe_replies_cancelled_total: counter('Replies cut or given up', { reason: VALUES.cancel }),
  troupe_replies_held_total: counter('Replies held as somebody seemed to interrupt'),
  troupe_replies_resumed_total: counter('Held replies that went on: nobody had interrupted'),
  troupe_publish_failures_total: counter('Lines, segments or sound that did not reach a room'),

  // providers
  troupe_provider_requests_total: counter('Calls of providers', {
    provider,
    kind,
    outcome: VALUES.callOutcome,
  }),
  troupe_provider_errors_total: counter('Calls of providers that failed', {
    provider,
    kind,
    error,
  }),
  troupe_provider_first_output_seconds: histogram('From a call to its first output', STAGE, {
    provider,
    kind,
  }),
  troupe_provider_retries_total: counter('Calls that were made again', { provider }),
  troupe_provider_breaker_open: gauge('Whether it is left alone after failures just now', {
    provider,
  }),
  troupe_provider_off: gauge('Whether it refused our key and is off', { provider }),
  troupe_provider_fallbacks_total: counter('Calls served by another provider', {
    from: provider,
    to: provider,
  }),
  troupe_tokens_total: counter('Tokens of models', { provider, direction: ['input', 'output'] }),
  troupe_cost_dollars_total: counter('What providers cost, in US dollars', { provider, kind }),
  troupe_unpriced_calls_total: counter('Calls of providers without a known price', {
    provider,
    kind,
  }),
  troupe_usage_lost_total: counter('Calls whose cost could not be saved'),
  troupe_tts_characters_total: counter('Characters given to be spoken', { provider }),
  troupe_audio_seconds_total: counter('Sound transcribed or made', { provider, kind }),

  // memory
  troupe_context_save_lag_seconds: histogram('From a change of the memory to its save', WAIT),
  troupe_context_save_failures_total: counter('Saves that failed and are tried again'),
  troupe_contexts_unsaved: gauge('Rooms whose memory waits for the database'),
  troupe_contexts_compacted_total: counter('Memories whose oldest part was summarized'),
  troupe_inbox_failures_total: counter('Inboxes that could not be read or written'),

  // the API
  troupe_sessions_opened_total: counter('Sessions opened'),
  troupe_session_open_seconds: histogram('How long opening a session took', STAGE),
  troupe_sessions_left_behind_total: counter('Rows of sessions that no bot was asked for'),
  troupe_request_failures_total: counter('Requests that were answered with our fault', {
    status: ['500', '502', '503', '504'],
  }),

  // the process
  troupe_service_errors_total: counter('Failed calls of what we depend on', { service, error }),
  troupe_warnings_total: counter('Warnings of no kind of their own'),
  troupe_unexpected_errors_total: counter('Defects of ours that nobody caught'),
  troupe_native_memory_bytes: gauge('Resident memory beyond the JavaScript heap and its buffers'),
  troupe_uncounted_observations_total: counter('Observations whose counting failed, by our defect'),
} as const satisfies Readonly<Record<string, MetricSpec>>;

export type MetricName = keyof typeof METRICS;

function counter(help: string, labels: Labels = {}): MetricSpec {
  return { type: 'counter', help, labels };
}

function gauge(help: string, labels: Labels = {}): MetricSpec {
  return { type: 'gauge', help, labels };
}

function histogram(help: string, buckets: readonly number[], labels: Labels = {}): MetricSpec {
  return { type: 'histogram', help, labels, buckets };
}
