import type { ProviderCall } from '../ports/meter.ts';
import type { Observation } from '../ports/observe.ts';

/** A span as it is to be told, when it is over; times in ms since 1970. */
export interface SpanPlan {
  readonly name: string;
  /** `client`: a call of somebody else's service. */
  readonly kind: 'internal' | 'client';
  readonly from: number;
  readonly to: number;
  readonly attributes: Readonly<Record<string, string | number | boolean | undefined>>;
  /** What failed, as `error.type` says it. */
  readonly error?: string | undefined;
}

type Of<T extends Observation['type']> = Extract<Observation, { readonly type: T }>;

/** What is known of a turn when its reply has ended. */
export interface TurnFacts {
  readonly session: string;
  readonly room: string | undefined;
  readonly turnId: string;
  /** When it was committed, by this bot. */
  readonly committedAt: number | undefined;
  readonly calls: readonly ProviderCall[];
  readonly finished: Of<'reply-finished'>;
  /** Where the reply was spoken and heard. */
  readonly timed: Of<'reply-timed'> | undefined;
}

/** The spans of a turn: the turn itself first, then its stages. */
export function spansOfTurn(facts: TurnFacts): readonly [SpanPlan, ...SpanPlan[]] {
  const stages = [
    ...heard(facts),
    ...facts.calls.map((call) => spanOfCall(call, facts)),
    ...told(facts),
  ];
  const { finished, session, room, turnId, committedAt, timed } = facts;
  const began = timed?.moments.voiced ?? committedAt ?? finished.at - finished.durationMs;
  const lastFailure = facts.calls.findLast(({ outcome }) => outcome === 'failed');
  const turn: SpanPlan = {
    name: 'turn',
    kind: 'internal',
    // A draft is begun before its turn is certain.
    from: Math.min(began, ...stages.map(({ from }) => from)),
    to: Math.max(finished.at, ...stages.map(({ to }) => to)),
    attributes: {
      'gen_ai.conversation.id': session,
      'troupe.room': room,
      'troupe.turn.id': turnId,
      'troupe.turn.channel': finished.channel,
      'troupe.turn.outcome': finished.end,
      'troupe.turn.drafted': timed?.drafted,
      'troupe.turn.own_ms': timed?.ownMs,
      'troupe.turn.whole_ms': timed?.wholeMs,
    },
    error: finished.end === 'failed' ? (lastFailure?.errorKind ?? '_OTHER') : undefined,
  };
  return [turn, ...stages];
}

/** From the last voiced sample: until the turn was certain, and until its last words were. */
function heard({ timed }: TurnFacts): readonly SpanPlan[] {
  if (timed === undefined) return [];
  const { voiced, committed, final } = timed.moments;
  return [span('endpointing', voiced, committed), span('stt final', voiced, final)].flat();
}

/** What the room got: sound, or text. */
function told({ timed, finished }: TurnFacts): readonly SpanPlan[] {
  const { at, durationMs, firstSegmentMs } = finished;
  if (timed !== undefined) return span('playout', timed.moments.audible, timed.moments.ended);
  if (firstSegmentMs === undefined) return [];
  return span('writing', at - durationMs + firstSegmentMs, at);
}

function span(name: string, from: number | undefined, to: number | undefined): readonly SpanPlan[] {
  if (from === undefined || to === undefined) return [];
  return [{ name, kind: 'internal', from, to, attributes: {} }];
}

/**
 * A provider's call by the semantic conventions for generative AI, version 1.45.0; for speech they
 * name no operation yet.
 */
function spanOfCall(call: ProviderCall, { session }: TurnFacts): SpanPlan {
  const operation = call.kind === 'llm' ? 'chat' : 'text_to_speech';
  return {
    name: `${operation} ${call.model ?? call.provider}`,
    kind: 'client',
    from: call.startedAt,
    to: call.startedAt + call.tookMs,
    attributes: {
      'gen_ai.operation.name': operation,
      'gen_ai.provider.name': call.provider,
      'gen_ai.conversation.id': session,
      'gen_ai.output.type': call.kind === 'llm' ? 'text' : 'speech',
      'gen_ai.request.model': call.model,
      'gen_ai.usage.input_tokens': call.promptTokens,
      'gen_ai.usage.output_tokens': call.completionTokens,
      'troupe.tokens_estimated': call.estimated,
      'troupe.voice': call.voice,
      'troupe.characters': call.characters,
      'troupe.audio_ms': call.audioMs,
      'troupe.first_output_ms': call.firstMs,
      'troupe.call.outcome': call.outcome,
    },
    error: call.outcome === 'failed' ? (call.errorKind ?? '_OTHER') : undefined,
  };
}
