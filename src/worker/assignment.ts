import { TroupeError } from '../errors.ts';
import type { AcquireAnswer, Arrival, LeaseTable } from '../ports/lease-table.ts';
import { groupIdOf, parseActivation } from './activation.ts';
import { admit } from './admission.ts';
import type { Received } from './consumer.ts';
import { tryUnderLease } from './failure.ts';
import type { Tried } from './failure.ts';
import { hiddenForMs } from './fate.ts';
import type { BotEnd } from './fate.ts';
import { firstBeat } from './first-beat.ts';
import type { Heartbeat } from './heartbeat.ts';
import { openLease } from './lease.ts';
import type { Grant, Instant, Lease } from './lease.ts';
import { releaseMessage } from './message.ts';
import { openPatience, patienceMs } from './patience.ts';
import type { Patience } from './patience.ts';
import { runBot } from './run-bot.ts';
import type { RunBotDeps } from './run-bot.ts';
import { handBack, refuse, resend, settled, settleOutcome, settleRefusal } from './settlement.ts';
import type { Case, SettlementDeps } from './settlement.ts';
import type { Occupant, Slot } from './slots.ts';

export interface AssignmentDeps extends SettlementDeps, RunBotDeps {
  readonly leases: LeaseTable;
  readonly heartbeat: Heartbeat;
  readonly worker: string;
}

/**
 * One delivery, from receipt to settlement: parse, admit, beat, acquire, run the bot, settle by its
 * outcome. Owns the slot; never rejects.
 */
export async function assign(deps: AssignmentDeps, received: Received): Promise<void> {
  using slot = received.slot;
  const { delivery } = received;
  try {
    const parsed = parseActivation(delivery.body);
    const homeGroup = parsed.ok ? groupIdOf(parsed.activation.room) : undefined;
    const verdict = admit(parsed, { group: delivery.groupId, homeGroup }, deps.draining.aborted);
    if (verdict.kind === 'draining') return await releaseMessage(deps, delivery.receiptHandle);
    if (verdict.kind === 'malformed') {
      return await refuse(deps, delivery, 'malformed', verdict.reason);
    }
    const one = { delivery, activation: verdict.activation };
    if (verdict.kind === 'reroute') return await resend(deps, one, 'rerouted');
    const beatenAt = await firstBeat(deps, delivery, deps.times, deps.draining);
    if (beatenAt !== undefined) return await serve(deps, one, slot, beatenAt);
    settled(deps, one, 'unbeaten');
    if (deps.draining.aborted) await releaseMessage(deps, delivery.receiptHandle);
  } catch (error) {
    deps.observe({ type: 'unexpected-error', error });
  }
}

/** Of a message that is ours by its beat: takes the room, runs the bot in it, settles. */
async function serve(
  deps: AssignmentDeps,
  one: Case,
  slot: Slot,
  beatenAt: Instant,
): Promise<void> {
  const { delivery, activation } = one;
  const receipt = { handle: delivery.receiptHandle, groupId: delivery.groupId };
  using patience = openPatience(
    deps.clock,
    patienceMs(deps.times, delivery.receiveCount),
    (): boolean => lease.owned(),
  );
  // A path that breaks casts doubt on LiveKit: nothing is received until that has answered.
  const present = (isThere: boolean): void => {
    patience.present(isThere);
    if (!isThere) void deps.recovery.recovered(brokenPath(activation.room), deps.draining);
  };
  const lease = openLease(deps, { ...activation, receipt, present }, beatenAt, deps.times);
  deps.heartbeat.add(lease);
  try {
    const asked = await take(deps, one, lease, patience);
    if (asked.kind === 'hopeless') {
      return await refuse(deps, delivery, 'malformed', asked.error.message);
    }
    if (asked.kind === 'given-up') {
      settled(deps, one, 'not-acquired');
      return await handBack(deps, lease, hiddenForMs(asked.atOnce || deps.draining.aborted));
    }
    const answer = asked.value;
    if (!answer.granted) return await settleRefusal(deps, one, answer.refusal);
    if (goesOn(deps, lease, answer)) return settled(deps, one, 'adopted');
    lease.grant(answer);
    // A drain that has begun hands over only the rooms that it found.
    if (deps.draining.aborted) return await handBack(deps, lease);
    const ended = await runUnderLease(deps, one, { lease, slot, patience }, answer.arrival);
    await settleOutcome(deps, one, lease, ended);
  } finally {
    deps.heartbeat.remove(lease);
  }
}

/** How long the database may owe an answer before that is a sign of trouble, in ms. */
const SLOW_GRANT_MS = 2_000;

/** Asks the database for the room, until it answers or others are to try. */
async function take(
  deps: AssignmentDeps,
  one: Case,
  lease: Lease,
  patience: Patience,
): Promise<Tried<AcquireAnswer>> {
  // Nothing is received until the database has answered: the room is not to come back to us.
  using _slow = deps.clock.after(SLOW_GRANT_MS, () => {
    patience.present(false);
    void deps.recovery.recovered(noAnswer(one.activation.room), deps.draining);
  });
  const ask = (): Promise<AcquireAnswer> => acquire(deps, one, patience.over);
  return await tryUnderLease(deps, lease, ask, patience);
}

/** Runs the bot, and again where that may help: one that was in its room then goes on with the talk. */
function runUnderLease(
  deps: AssignmentDeps,
  one: Case,
  held: { readonly lease: Lease; readonly slot: Slot; readonly patience: Patience },
  first: Arrival,
): Promise<Tried<BotEnd>> {
  let arrival = first;
  const run = async (): Promise<BotEnd> => {
    const { outcome, wasThere } = await runBot(deps, one, { ...held, arrival });
    if (wasThere) arrival = 'takeover';
    if (outcome.kind === 'left') deps.lookUps.succeeded();
    if (outcome.kind === 'failed') throw outcome.error;
    return outcome;
  };
  return tryUnderLease(deps, held.lease, run, held.patience);
}

function noAnswer(room: string): TroupeError {
  return new TroupeError(`the database owes an answer about room ${room}`, {
    kind: 'timeout',
    fault: 'fleet',
    service: 'database',
  });
}

function brokenPath(room: string): TroupeError {
  return new TroupeError(`the path to room ${room} is broken`, {
    kind: 'unavailable',
    fault: 'fleet',
    service: 'livekit',
  });
}

function acquire(
  { leases, worker }: AssignmentDeps,
  { delivery, activation }: Case,
  signal: AbortSignal,
): Promise<AcquireAnswer> {
  const { room, session, generation, expiresAt, deferrals } = activation;
  const { messageId, receiveCount, sentAt } = delivery;
  const request = {
    room,
    session,
    messageId,
    receiveCount,
    requestedAt: activation.requestedAt ?? sentAt,
    deferrals,
    worker,
    ...(generation !== undefined && { generation }),
    ...(expiresAt !== undefined && { expiresAt }),
  };
  return leases.acquire(request, signal);
}

/**
 * Lets a bot of this process go on under the newer delivery and epoch, if there is one in the room
 * that is not leaving; a bot that cannot is told that the room is no longer its own.
 */
function goesOn({ slots }: AssignmentDeps, newer: Lease, grant: Grant): boolean {
  const running: Occupant | undefined = slots.occupants().get(newer.room);
  if (running === undefined) return false;
  const { bot, lease } = running;
  const able =
    bot.session === newer.session && !lease.lost.aborted && bot.status().phase !== 'leaving';
  if (able) {
    lease.adopt(newer.flight(), grant);
    bot.adopt();
  } else {
    lease.lose('the room was given to another bot of this worker');
  }
  return able;
}
