import { isTroupeError } from '../errors.ts';
import type { BotOutcome, RunningBot, StartBot } from './bot.ts';
import { groupIdOf, parseActivation } from './activation.ts';
import type { Activation } from './activation.ts';
import { admit } from './admission.ts';
import type { Received } from './consumer.ts';
import { firstBeat } from './first-beat.ts';
import type { Heartbeat } from './heartbeat.ts';
import { openLease } from './lease.ts';
import type { Lease } from './lease.ts';
import type { LeaseTimes } from './lease-times.ts';
import type { AcquireAnswer, Arrival, LeaseTable } from '../ports/lease-table.ts';
import { releaseMessage } from './row-and-message.ts';
import { refuse, resend, settled, settleOutcome, settleRefusal } from './settlement.ts';
import type { SettlementDeps } from './settlement.ts';
import type { Occupant } from './slots.ts';
import type { Recovery } from './recovery.ts';
import { whatNow } from './failure.ts';

export interface AssignmentDeps extends SettlementDeps {
  readonly leases: LeaseTable;
  readonly startBot: StartBot;
  readonly heartbeat: Heartbeat;
  readonly recovery: Recovery;
  readonly random: () => number;
  readonly draining: AbortSignal;
  readonly worker: string;
  readonly times: LeaseTimes;
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
    if (verdict.kind === 'malformed')
      return await refuse(deps, received, 'malformed', verdict.reason);
    if (verdict.kind === 'reroute')
      return await resend(deps, received, verdict.activation, 'rerouted');
    await serve(deps, { ...received, slot }, verdict.activation);
  } catch (error) {
    deps.observe({ type: 'unexpected-error', error });
  }
}

async function serve(
  deps: AssignmentDeps,
  received: Received,
  activation: Activation,
): Promise<void> {
  const beatenAt = await firstBeat(deps, received, deps.times);
  if (beatenAt === undefined) return settled(deps, received, activation, 'unbeaten');
  const { room, session } = activation;
  const receipt = { handle: received.delivery.receiptHandle, groupId: received.delivery.groupId };
  const lease = openLease(deps, { room, session, receipt }, beatenAt, deps.times);
  deps.heartbeat.add(lease);
  try {
    const answer = await acquire(deps, received, activation, lease);
    if (answer === undefined) return settled(deps, received, activation, 'not-acquired');
    if (!answer.granted) return await settleRefusal(deps, received, activation, answer.refusal);
    const running = deps.slots.occupants().get(room);
    if (running !== undefined && goesOn(running, session)) {
      running.lease.adopt(receipt, beatenAt, answer);
      running.bot.adopt();
      return settled(deps, received, activation, 'adopted');
    }
    running?.lease.lose('the room was given to another bot of this worker');
    lease.grant(answer);
    await runToTheEnd(deps, received, activation, lease, answer.arrival);
  } finally {
    deps.heartbeat.remove(lease);
  }
}

/** Whether a bot of this process can take the newer delivery over, without leaving the room. */
function goesOn({ bot, lease }: Occupant, session: string): boolean {
  return bot.session === session && !lease.lost.aborted && bot.status().phase !== 'leaving';
}

/** Asks until the database answers; meanwhile the wheel keeps the message in flight. */
async function acquire(
  deps: AssignmentDeps,
  { delivery }: Received,
  activation: Activation,
  lease: Lease,
): Promise<AcquireAnswer | undefined> {
  const { room, session, generation, expiresAt, deferrals } = activation;
  while (!deps.draining.aborted && lease.owned()) {
    try {
      return await deps.leases.acquire({
        room,
        session,
        messageId: delivery.messageId,
        receiveCount: delivery.receiveCount,
        requestedAt: activation.requestedAt ?? delivery.sentAt,
        deferrals,
        worker: deps.worker,
        ...(generation !== undefined && { generation }),
        ...(expiresAt !== undefined && { expiresAt }),
      });
    } catch (error) {
      if (!isTroupeError(error)) throw error;
      await deps.recovery.recovered(error, deps.draining);
    }
  }
  if (lease.owned()) await releaseMessage(deps, delivery.receiptHandle);
  return undefined;
}

/** Runs bots for this lease until one ends in a way that settles the message. */
async function runToTheEnd(
  deps: AssignmentDeps,
  received: Received,
  activation: Activation,
  lease: Lease,
  arrival: Arrival,
): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    const outcome = await runBot(
      deps,
      received,
      activation,
      lease,
      attempt === 1 ? arrival : 'takeover',
    );
    const next = await whatNow(deps, { outcome, attempt, lease });
    if (next === 'again') continue;
    return await settleOutcome(deps, received, activation, lease, outcome, next);
  }
}

async function runBot(
  deps: AssignmentDeps,
  { delivery, slot }: Received,
  activation: Activation,
  lease: Lease,
  arrival: Arrival,
): Promise<BotOutcome> {
  const { room, session, characterId, mode } = activation;
  const requestedAt = activation.requestedAt ?? delivery.sentAt;
  deps.observe({
    type: 'bot-started',
    room,
    session,
    epoch: lease.epoch(),
    arrival,
    worker: deps.worker,
  });
  const bot: RunningBot = deps.startBot({
    room,
    session,
    characterId,
    mode,
    requestedAt,
    arrival,
    lease,
  });
  slot.occupy({ bot, lease, since: deps.clock.wallMs() });
  using _health = deps.clock.after(deps.times.visibilityMs, () => markHealthy(deps, lease));
  return await bot.outcome;
}

/** A bot that has lived for V is well: what crashed before it is forgotten. */
function markHealthy(deps: AssignmentDeps, lease: Lease): void {
  const held = lease.held();
  if (held === undefined || lease.lost.aborted) return;
  deps.leases.markHealthy(held).then(
    (written) => written === 'lost' && lease.refused(held.epoch),
    (error: unknown) => deps.observe({ type: 'queue-failed', doing: 'mark healthy', error }),
  );
}
