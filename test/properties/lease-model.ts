import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import type { AcquireAnswer, LeaseTable } from '../../src/ports/lease-table.ts';
import type { MemoryStore } from '../../src/ports/memory-store.ts';
import type { LeaseStep } from './lease-histories.ts';

/** What a history runs on. */
export interface LeaseStage {
  readonly leases: LeaseTable;
  readonly store: MemoryStore;
  now(): number;
  pass(ms: number): Promise<void>;
}

type StepOf<Type extends LeaseStep['type']> = Extract<LeaseStep, { type: Type }>;

interface Message {
  readonly id: string;
  readonly session: string;
  readonly generation?: number;
  readonly deferrals: number;
  readonly requestedAt: number;
  readonly expiresAt?: number;
  receiveCount: number;
  inFlight: boolean;
}

interface Bot {
  readonly message: Message;
  /** Its delivery of the message: with a later one its receipt handle is void. */
  readonly receiveCount: number;
  readonly session: string;
  readonly epoch: number;
  readonly generation: number;
  saves: number;
}

/**
 * One room with its message group, as the queue keeps it: in order, nothing of a group delivered
 * while one of it is in flight. Every step asserts what must be true of any history.
 */
export function openLeaseModel(stage: LeaseStage) {
  const { leases, store } = stage;
  const room = randomUUID();
  const group: Message[] = [];
  const bots: Bot[] = [];
  const ended = new Set<string>();
  /** Messages that were served or refused for good. */
  const settled = new Set<string>();
  const leavings: { session: string; at: number }[] = [];
  const named = (session: string): string => `${session} of ${room}`;
  /** The one bot whose writes count. */
  let holder: Bot | undefined;
  let lastEpoch = 0;
  const answers: AcquireAnswer[] = [];

  const send = (message: Pick<Message, 'session' | 'requestedAt'> & Partial<Message>): void => {
    const fresh = { id: randomUUID(), deferrals: 0, receiveCount: 0, inFlight: false };
    group.push({ ...fresh, ...message });
  };
  const inFlight = (): Message | undefined => group.find((message) => message.inFlight);
  const workingBot = (): Bot | undefined =>
    bots.find((bot) => bot.message.inFlight && bot.message.receiveCount === bot.receiveCount);
  const remove = <T>(list: T[], one: T): void => void list.splice(list.indexOf(one), 1);
  const finish = (bot: Bot, deletes: boolean): void => {
    remove(bots, bot);
    bot.message.inFlight = false;
    if (deletes) remove(group, bot.message);
  };

  async function ask(message: Message, receiveCount: number): Promise<AcquireAnswer> {
    const { id: messageId, session, deferrals, requestedAt, generation, expiresAt } = message;
    const answer = await leases.acquire({
      room,
      session,
      messageId,
      receiveCount,
      deferrals,
      requestedAt,
      worker: 'any',
      ...(generation !== undefined && { generation }),
      ...(expiresAt !== undefined && { expiresAt }),
    });
    answers.push(answer);
    if (answer.granted) {
      expect(answer.epoch).toBeGreaterThan(lastEpoch);
      expect(settled).not.toContain(messageId);
      expect(ended).not.toContain(session);
      lastEpoch = answer.epoch;
    }
    return answer;
  }

  /** A refusal is right only if nobody waits for this bot any more. */
  function expectServed(message: Message, refusal: string): void {
    const { session, requestedAt, expiresAt, generation } = message;
    if (generation !== undefined) return expect(['ended', 'stale', 'poisoned']).toContain(refusal);
    const reasons = {
      ended: ended.has(session),
      expired: (expiresAt ?? Number.POSITIVE_INFINITY) < stage.now(),
      duplicate: leavings.some((left) => left.session === session && left.at >= requestedAt),
      poisoned: true,
    };
    expect(reasons).toMatchObject({ [refusal]: true });
  }

  /** Another session may only replace a talk that no message in the queue can go on with. */
  function expectReplaceable(session: string): void {
    if (holder === undefined || holder.session === session) return;
    const { message, generation } = holder;
    expect(group).not.toContain(message);
    expect(group.filter((one) => one.generation === generation + 1)).toEqual([]);
  }

  async function deliver(again: boolean): Promise<void> {
    const message = group[0];
    if (message === undefined || inFlight() !== undefined) return;
    message.inFlight = true;
    message.receiveCount += 1;
    if (again) await ask(message, message.receiveCount);
    const answer = await ask(message, message.receiveCount);
    if (answer.granted) {
      const { session, receiveCount } = message;
      expectReplaceable(session);
      const { epoch, generation } = answer;
      holder = { message, receiveCount, session, epoch, generation, saves: 0 };
      bots.push(holder);
      return;
    }
    remove(group, message);
    if (answer.refusal === 'occupied') {
      send({ ...message, id: randomUUID(), deferrals: message.deferrals + 1, receiveCount: 0 });
      group.at(-1)!.inFlight = false;
      return;
    }
    expectServed(message, answer.refusal);
    settled.add(message.id);
    if (answer.refusal !== 'poisoned') return;
    leavings.push({ session: message.session, at: stage.now() });
    holder = undefined;
  }

  async function leave(bot: Bot | undefined, deletes: boolean): Promise<void> {
    if (bot === undefined) return;
    const write = await leases.markLeft({ room, epoch: bot.epoch }, 'left');
    expect(write).toBe(bot === holder ? 'written' : 'lost');
    if (bot === workingBot()) finish(bot, deletes && write === 'written');
    else remove(bots, bot);
    if (write === 'lost') return;
    holder = undefined;
    settled.add(bot.message.id);
    leavings.push({ session: bot.session, at: stage.now() });
  }

  async function write(bot: Bot | undefined): Promise<void> {
    if (bot === undefined) return;
    bot.saves += 1;
    const { session, epoch, saves: version } = bot;
    const result = await store.save({ room, session, epoch, version, messages: [], turns: [] });
    expect(result).toBe(bot === holder ? 'written' : 'lost');
  }

  async function handOver(deletes: boolean): Promise<void> {
    const bot = workingBot();
    if (bot === undefined || bot !== holder) return;
    send({ session: bot.session, requestedAt: stage.now(), generation: bot.generation + 1 });
    bot.message.inFlight = false;
    if (deletes) remove(group, bot.message);
    else remove(bots, bot);
  }

  async function end(session: string): Promise<void> {
    await leases.endSession(session);
    ended.add(session);
    if (holder?.session !== session) return;
    holder = undefined;
    lastEpoch += 1;
  }

  async function wake(): Promise<void> {
    const message = inFlight();
    if (message === undefined || message.receiveCount < 2 || holder?.message !== message) return;
    expect(await ask(message, message.receiveCount - 1)).toMatchObject({ granted: false });
  }

  const acts: { [Type in LeaseStep['type']]: (step: StepOf<Type>) => void | Promise<void> } = {
    async start({ session, expires }) {
      // No two of one millisecond: the time is what tells starts apart when they are sent again.
      await stage.pass(1);
      const start = { session: named(session), requestedAt: stage.now() };
      send(expires ? { ...start, expiresAt: stage.now() + 5_000 } : start);
    },
    deliver: ({ again }) => deliver(again),
    wake,
    crash() {
      const bot = workingBot();
      if (bot !== undefined) finish(bot, false);
    },
    lapse() {
      const bot = workingBot();
      if (bot !== undefined) bot.message.inFlight = false;
    },
    leave: ({ bot, deletes }) => leave(bots[bot], deletes),
    'hand-over': ({ deletes }) => handOver(deletes),
    end: ({ session }) => end(named(session)),
    write: ({ bot }) => write(bots[bot]),
    async ask({ bot: index }) {
      const bot = bots[index];
      if (bot === undefined) return;
      const held = await leases.holds([{ room, epoch: bot.epoch }]);
      expect(held.has(room)).toBe(bot === holder);
    },
    pass: ({ ms }) => stage.pass(ms),
  };

  async function step<Type extends LeaseStep['type']>(step: StepOf<Type>): Promise<void> {
    await acts[step.type](step);
  }

  /** Lets everybody die and the queue run dry: it must, and no message may go round for ever. */
  async function runDry(): Promise<void> {
    for (const message of group) message.inFlight = false;
    bots.length = 0;
    const bound = group.length * 4 + 4;
    for (let turns = 0; group.length > 0; turns += 1) {
      expect(turns).toBeLessThan(bound);
      await deliver(false);
      if (inFlight() !== undefined) await leave(workingBot(), true);
    }
  }

  return { step, runDry, answers };
}
