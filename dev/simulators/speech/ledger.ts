import { nowMs } from '../common/time.ts';
/** A final that went out; times are ms since 1970, with fractions. */
export interface SentFinal {
  readonly text: string;
  /** Where its last word ended, in ms of the stream's sound. */
  readonly audioToMs: number;
  /** When the sound came in that holds the end of that word. */
  readonly spokenAt: number;
  readonly sentAt: number;
}

/** How a stream ended: closed by the client in order, by a fault or a refusal, or left. */
export type Outcome = 'open' | 'closed' | 'failed' | 'lost';

/** One speaker's stream. */
export interface Stream {
  readonly id: string;
  readonly openedAt: number;
  /** What the client asked for, as the provider names it. */
  readonly parameters: object;
  connections: number;
  /** Ms of sound that came in. */
  audioMs: number;
  readonly finals: SentFinal[];
  /** What the client said besides sound, by the provider's word for it, and how often. */
  readonly said: Record<string, number>;
  endedAt?: number;
  outcome: Outcome;
}

/** Who was transcribed, and how it went. */
export interface Ledger {
  open(id: string, parameters: object): Stream;
  /** Ends the record, once; what comes later is ignored. */
  close(stream: Stream, outcome: Exclude<Outcome, 'open'>): void;
  /** Copies of the last 10,000, oldest first. */
  streams(): readonly Stream[];
  /** How many are open. */
  active(): number;
  forget(): void;
}

export function makeLedger(): Ledger {
  let streams: Stream[] = [];
  let active = 0;
  return {
    open(id, parameters) {
      const stream: Stream = {
        id,
        parameters,
        openedAt: nowMs(),
        connections: 0,
        audioMs: 0,
        finals: [],
        said: {},
        outcome: 'open',
      };
      streams.push(stream);
      if (streams.length > KEPT) streams.shift();
      active += 1;
      return stream;
    },
    close(stream, outcome) {
      if (stream.outcome !== 'open') return;
      stream.outcome = outcome;
      stream.endedAt = nowMs();
      active -= 1;
    },
    streams: () => streams.map((stream) => structuredClone(stream)),
    active: () => active,
    forget: () => void (streams = []),
  };
}

const KEPT = 10_000;
