import { percentile, rounded } from '../lib/percentile.ts';
import type { Curve } from './curves.ts';
import type { FleetCounts, FleetListener } from './fleet.ts';

/** What a run came to, from the end of the warm-up on; times in seconds. */
export interface Figures {
  readonly activations: number;
  /** From being asked for to joined, of those that are judged. */
  readonly joinedP50S: number;
  readonly joinedP95S: number;
  readonly joinedP99S: number;
  readonly joinedMaxS: number;
  readonly waitingMax: number;
  /** Rooms that no bot had joined when the run ended. */
  readonly waitingAtEnd: number;
  /** Pods that serve, start or drain. */
  readonly podsMax: number;
  readonly podHours: number;
  /** Slots in use, as a share of the slots of all those pods. */
  readonly useShare: number;
  readonly podsScaledIn: number;
  readonly handoversByScaleIn: number;
  readonly handoversByRollout: number;
  /** The drain's deadline came before a free slot did. */
  readonly handoversLate: number;
  readonly silentP95S: number;
  readonly silentMaxS: number;
}

/** Over the whole run, warm-up included: what was asked is what ended, was cut, or is there. */
export interface Totals {
  readonly asked: number;
  readonly ended: number;
  readonly cut: number;
  readonly there: number;
}

/** Keeps the books of one run. */
export interface Record extends FleetListener {
  asked(): void;
  /** The fleet as it is at this moment; `lookS` apart. */
  look(counts: FleetCounts, lookS: number): void;
  figures(atEnd: FleetCounts): Figures;
  totals(atEnd: FleetCounts): Totals;
}

/** Empty books; what comes before the end of the curve's warm-up is only counted for the totals. */
export function makeRecord(
  { measureFromS, untilS, judged = { fromS: measureFromS, toS: untilS } }: Curve,
  roomsPerPod: number,
  now: () => number,
): Record {
  const waits: number[] = [];
  const silences: number[] = [];
  const handovers = { 'scale-in': 0, rollout: 0 };
  const totals = { asked: 0, ended: 0, cut: 0 };
  let [waitingMax, podsMax, podS, liveS, late, podsScaledIn] = [0, 0, 0, 0, 0, 0];
  const isMeasured = (): boolean => now() >= measureFromS;

  return {
    asked: () => void (totals.asked += 1),
    joined(room) {
      const { askedAtS } = room;
      if (askedAtS >= judged.fromS && askedAtS <= judged.toS) waits.push(now() - askedAtS);
    },
    abandoned() {
      if (isMeasured()) late += 1;
    },
    silent(silentS) {
      if (isMeasured()) silences.push(silentS);
    },
    draining(why, rooms) {
      if (!isMeasured()) return;
      handovers[why] += rooms;
      if (why === 'scale-in') podsScaledIn += 1;
    },
    over: (_room, how) => void (totals[how] += 1),
    look({ waiting, live, ready, starting, draining }, lookS) {
      if (!isMeasured()) return;
      const pods = ready + starting + draining;
      waitingMax = Math.max(waitingMax, waiting);
      podsMax = Math.max(podsMax, pods);
      podS += pods * lookS;
      liveS += live * lookS;
    },
    figures: ({ waiting }) => ({
      activations: waits.length,
      joinedP50S: rounded(percentile(waits, 0.5)),
      joinedP95S: rounded(percentile(waits, 0.95)),
      joinedP99S: rounded(percentile(waits, 0.99)),
      joinedMaxS: rounded(percentile(waits, 1)),
      waitingMax,
      waitingAtEnd: waiting,
      podsMax,
      podHours: rounded(podS / 3_600),
      useShare: rounded(liveS / (podS * roomsPerPod), 3),
      podsScaledIn,
      handoversByScaleIn: handovers['scale-in'],
      handoversByRollout: handovers.rollout,
      handoversLate: late,
      silentP95S: rounded(percentile(silences, 0.95), 3),
      silentMaxS: rounded(percentile(silences, 1), 3),
    }),
    totals: ({ waiting, live }) => ({ ...totals, there: waiting + live }),
  };
}
