import { setTimeout as sleep } from 'node:timers/promises';
import type { Fields } from './engine.ts';
import { SqsRefusal } from './refusal.ts';

/** Troubles that a test orders; `action` is SQS's name of a call, like `ReceiveMessage`. */
export interface QueueFaults {
  /** Answers the next `times` calls of `action` with this error. Default: once, status 400. */
  failNext(action: string, code: string, how?: { times?: number; status?: number }): void;
  /** The first entry of the next batch of `action` fails with this code, the others do not. */
  failNextEntry(action: string, code: string): void;
  /** Answers every call of `action` only after `ms`; 0 ends it. */
  delay(action: string, ms: number): void;
  /** The next receive that gets a message assigns it, but its answer never arrives. */
  loseNextReceive(): void;
  /** Ends every trouble that was ordered. */
  heal(): void;
}

/** The faults in force, as the server asks for them. */
export interface FaultsInForce extends QueueFaults {
  /** Waits or throws SqsRefusal, if that was ordered for `action`. */
  meet(action: string): Promise<void>;
  /** Runs a call, without the batch entry that is to fail. */
  thin(action: string, request: Fields, run: (request: Fields) => Promise<Fields>): Promise<Fields>;
  /** Whether this answer is to be lost. */
  loses(action: string, answer: object): boolean;
}

/** No faults yet. */
export function makeFaults(): FaultsInForce {
  const failures = new Map<string, { code: string; status: number; times: number }>();
  const entries = new Map<string, string>();
  const delays = new Map<string, number>();
  let losing = false;
  return {
    failNext(action, code, { times = 1, status = 400 } = {}) {
      failures.set(action, { code, status, times });
    },
    failNextEntry: (action, code) => void entries.set(action, code),
    async thin(action, request, run) {
      const code = entries.get(action);
      if (code === undefined) return await run(request);
      entries.delete(action);
      const [first, ...others] = request['Entries'] as readonly Fields[];
      const failed = { Id: first?.['Id'], Code: code, Message: ORDERED, SenderFault: false };
      const answer = others.length === 0 ? {} : await run({ ...request, Entries: others });
      return { ...answer, Failed: [failed, ...((answer['Failed'] ?? []) as readonly Fields[])] };
    },
    delay: (action, ms) => void delays.set(action, ms),
    loseNextReceive: () => void (losing = true),
    heal() {
      [failures, entries, delays].forEach((ordered) => ordered.clear());
      losing = false;
    },
    async meet(action) {
      const delayMs = delays.get(action) ?? 0;
      if (delayMs > 0) await sleep(delayMs);
      const failure = failures.get(action);
      if (failure === undefined) return;
      failure.times -= 1;
      if (failure.times === 0) failures.delete(action);
      throw new SqsRefusal(failure.code, ORDERED, failure.status);
    },
    loses(action, answer) {
      const lost = losing && action === 'ReceiveMessage' && 'Messages' in answer;
      if (lost) losing = false;
      return lost;
    },
  };
}

const ORDERED = 'ordered by a test';
