import { makeAgenda } from './agenda.ts';
import { autoscale, every } from './autoscale.ts';
import { RETURN_S } from './curves.ts';
import type { Curve } from './curves.ts';
import { makeFleet } from './fleet.ts';
import type { FleetCounts } from './fleet.ts';
import { makeRandom } from './random.ts';
import { makeRecord } from './record.ts';
import type { Figures, Totals } from './record.ts';
import type { Room } from './room.ts';
import type { FleetSettings } from './settings.ts';

/** What became of a fleet on a curve. */
export interface Run {
  readonly figures: Figures;
  readonly totals: Totals;
  /** Each minute of what is measured, by the minute after the warm-up. */
  readonly byTime: readonly Moment[];
}

/** A fleet at one minute after the warm-up. */
export interface Moment extends FleetCounts {
  readonly minute: number;
}

const LOOK_S = 5;
const MINUTE_S = 60;

/** Lets a fleet with its autoscaler live through a curve. The same seed gives the same run. */
export function simulate(curve: Curve, settings: FleetSettings, seed: number): Run {
  const agenda = makeAgenda();
  const random = makeRandom(seed, 'returns');
  const record = makeRecord(curve, settings.workers.roomsPerPod, () => agenda.now());
  const fleet = makeFleet(agenda, seed, settings, record);
  const byTime: Moment[] = [];
  const { outage, deployAtS, measureFromS } = curve;

  autoscale(agenda, fleet, settings, seed);
  every(agenda, LOOK_S, () => record.look(fleet.counts(), LOOK_S));
  every(agenda, MINUTE_S, () => {
    const minute = (agenda.now() - measureFromS) / MINUTE_S;
    if (minute >= 0) byTime.push({ minute, ...fleet.counts() });
  });
  if (deployAtS !== undefined) agenda.at(deployAtS, () => fleet.rollOut());
  if (outage !== undefined) agenda.at(outage.fromS, () => fleet.cutAll().forEach(comeBack));
  askNext(0);
  agenda.runUntil(curve.untilS);
  const atEnd = fleet.counts();
  return { figures: record.figures(atEnd), totals: record.totals(atEnd), byTime };

  /** One after the other, so that the agenda stays small. */
  function askNext(index: number): void {
    const next = curve.arrivals[index];
    if (next === undefined) return;
    agenda.at(next.atS, () => {
      if (isOut()) askAgain(next.talkS);
      else ask(next.talkS);
      askNext(index + 1);
    });
  }

  function isOut(): boolean {
    return outage !== undefined && agenda.now() >= outage.fromS && agenda.now() < outage.toS;
  }

  function ask(talkS: number): void {
    record.asked();
    fleet.ask(talkS);
  }

  /** For what was left of the talk. */
  function comeBack({ talkS, joinedAtS = agenda.now() }: Room): void {
    askAgain(talkS - (agenda.now() - joinedAtS));
  }

  function askAgain(talkS: number): void {
    const backS = (outage?.toS ?? 0) + random.between(0, RETURN_S);
    agenda.at(backS, () => ask(talkS));
  }
}
