import type { ServerResponse } from 'node:http';
import { chooseAnswer } from './answer.ts';
import { parseCompletionRequest, type CompletionRequest } from './completion-request.ts';
import { definedFields } from '../common/defined.ts';
import { deliverStream, deliverWhole } from './deliver.ts';
import type { Completion, Dialect, Refusals } from './dialect.ts';
import type { Armed } from '../common/armed-faults.ts';
import type { Faults } from './faults.ts';
import type { Ledger, ServedRequest } from './ledger.ts';
import type { Rejection } from './rejection.ts';
import type { Fault, Settings } from './settings.ts';
import type { StreamPlan } from './stream.ts';
import { nowMs } from '../common/time.ts';
import { countPrompt, tokenize } from './tokens.ts';

/** What all completions share. */
export interface CompletionDeps {
  readonly dialect: Dialect;
  readonly faults: Faults;
  readonly ledger: Ledger;
  readonly settings: () => Settings;
}

/**
 * Serves `POST /chat/completions` once the key was found right: checks, strikes with an armed
 * fault, answers. Throws the Rejection that the caller is to send.
 */
export async function serveCompletion(
  deps: CompletionDeps,
  response: ServerResponse,
  record: ServedRequest,
  raw: string,
): Promise<void> {
  const { request, fault } = admit(deps, record, raw);
  if (fault?.kind === 'hang') return;
  if (fault?.kind === 'reset') {
    deps.ledger.close(record, 'failed', nowMs());
    response.destroy();
    return;
  }
  record.promptTokens = countPrompt(request.messages);
  const completion: Completion = {
    id: record.id,
    created: Math.floor(record.arrivedAt / 1000),
    model: request.model,
    includeUsage: request.includeUsage,
  };
  const plan = makePlan(deps.settings(), request, fault);
  if (request.stream) deliverStream(deps, response, record, completion, plan);
  else await deliverWhole(deps, response, record, completion, plan);
}

function admit(
  { dialect, faults, ledger, settings }: CompletionDeps,
  record: ServedRequest,
  raw: string,
): { readonly request: CompletionRequest; readonly fault: Armed<Fault> | undefined } {
  const request = parseCompletionRequest(raw, dialect.ownModels);
  const { model, stream, messages } = request;
  ledger.describe(record, model, stream, messages);
  if (!settings().models.includes(model)) throw dialect.refusals.unknownModel(model);
  const fault = faults.takeFor(messages);
  if (fault === undefined) return { request, fault };
  record.fault = fault.kind;
  const refusal = REFUSALS[fault.kind]?.(dialect.refusals, model, fault);
  if (refusal !== undefined) throw refusal;
  return { request, fault };
}

function makePlan(
  settings: Settings,
  request: CompletionRequest,
  fault: Armed<Fault> | undefined,
): StreamPlan {
  const answer = chooseAnswer(settings.replies, request.messages);
  const all = fault?.kind === 'empty-answer' ? [] : tokenize(answer.text);
  const tokens = all.slice(0, request.maxTokens);
  const base: StreamPlan = {
    tokens,
    endless: fault?.kind === 'endless-answer',
    reason: tokens.length < all.length ? 'length' : 'stop',
    pace: { ...settings.latency, ...definedFields(answer.pace ?? {}) },
  };
  if (fault === undefined || !('afterTokens' in fault)) return base;
  if (fault.kind === 'content-filter') {
    return { ...base, tokens: tokens.slice(0, fault.afterTokens), reason: 'content_filter' };
  }
  return { ...base, breakage: { kind: fault.kind, afterTokens: fault.afterTokens } };
}

type MakeRefusal = (refusals: Refusals, model: string, fault: Fault) => Rejection;

const REFUSALS: Partial<Record<Fault['kind'], MakeRefusal>> = {
  unauthorized: (refusals) => refusals.wrongKey('revoked'),
  'no-credits': (refusals) => refusals.noCredits(),
  forbidden: (refusals, model) => refusals.forbidden(model),
  'unknown-model': (refusals, model) => refusals.unknownModel(model),
  'rate-limited': (refusals, model, fault) =>
    refusals.rateLimited(model, fault.kind === 'rate-limited' ? fault.retryAfterMs : 0),
  'server-error': (refusals, _model, fault) =>
    refusals.serverError(fault.kind === 'server-error' ? fault.status : 500),
};
