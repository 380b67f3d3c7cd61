import { nowMs } from '../common/time.ts';
import type { SpeechFault } from './settings.ts';

/**
 * How a context ended: spoken to its end, cancelled by the client, left without text for too long,
 * refused, broken by a fault, or lost with its connection.
 */
export type Outcome = 'open' | 'done' | 'cancelled' | 'expired' | 'refused' | 'failed' | 'lost';

/** One context; times are ms since 1970, with fractions. */
export interface Speech {
  readonly id: string;
  /** The connection that it came by, counted from 1. */
  readonly connection: number;
  readonly voice: string;
  readonly language: string | undefined;
  readonly openedAt: number;
  text: string;
  firstSoundAt?: number;
  endedAt?: number;
  /** Ms of sound that went out. */
  soundMs: number;
  fault?: SpeechFault['kind'];
  outcome: Outcome;
}

/** Who let what be spoken, and how it went. */
export interface Ledger {
  /** Counts a connection that was opened; returns its number. */
  connect(): number;
  open(speech: Pick<Speech, 'id' | 'connection' | 'voice' | 'language' | 'text'>): Speech;
  /** Ends the record, once; what comes later is ignored. */
  close(speech: Speech, outcome: Exclude<Outcome, 'open'>): void;
  /** Copies of the last 10,000, oldest first. */
  speeches(): readonly Speech[];
  /** How many connections there were. */
  connections(): number;
  /** How many contexts are at work. */
  active(): number;
  forget(): void;
}

export function makeLedger(): Ledger {
  let speeches: Speech[] = [];
  let connections = 0;
  let active = 0;
  return {
    connect: () => ++connections,
    open(given) {
      const speech: Speech = { ...given, openedAt: nowMs(), soundMs: 0, outcome: 'open' };
      speeches.push(speech);
      if (speeches.length > KEPT) speeches.shift();
      active += 1;
      return speech;
    },
    close(speech, outcome) {
      if (speech.outcome !== 'open') return;
      speech.outcome = outcome;
      speech.endedAt = nowMs();
      active -= 1;
    },
    speeches: () => speeches.map((speech) => ({ ...speech })),
    connections: () => connections,
    active: () => active,
    forget: () => void (speeches = []),
  };
}

const KEPT = 10_000;
