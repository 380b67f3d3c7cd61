import { makeRandom, meanOf } from './random.ts';
import type { Random, Spread } from './random.ts';

/** One activation: when it is asked for, and how long its talk is to last, in seconds. */
export interface Arrival {
  readonly atS: number;
  readonly talkS: number;
}

/** What a fleet has to live through. */
export interface Curve {
  readonly name: string;
  readonly arrivals: readonly Arrival[];
  /** Until then the fleet only warms up: nothing of it is in the figures. */
  readonly measureFromS: number;
  readonly untilS: number;
  /** The activations whose way to a bot is told; default: all that are measured. */
  readonly judged?: Window;
  /** All talks end then, and come back after it. */
  readonly outage?: Window;
  /** A new version is rolled out. */
  readonly deployAtS?: number;
}

/** A part of a curve, in seconds. */
export interface Window {
  readonly fromS: number;
  readonly toS: number;
}

/** How long talks last: an assumption, to be replaced by what a fleet's own metrics say. */
const TALK_S: Spread = { p50: 480, p95: 1_800 };

const HOUR_S = 3_600;
const MINUTE_S = 60;
/** Within which all come back after an outage. */
export const RETURN_S = 60;

/** The same number of rooms, on average, for two hours; a rollout in the middle of it. */
export function steady(seed: number, rooms: number): Curve {
  const untilS = 3 * HOUR_S;
  return {
    name: `steady, ${rooms} rooms`,
    arrivals: arrive(seed, untilS, () => rooms),
    measureFromS: HOUR_S,
    untilS,
  };
}

/** A steady fleet whose version is replaced. */
export function deploy(seed: number, rooms: number): Curve {
  return {
    ...steady(seed, rooms),
    name: `rolling deploy, ${rooms} rooms`,
    deployAtS: 2 * HOUR_S,
  };
}

/** A day: least at four in the morning, most at four in the afternoon. */
export function daily(seed: number, least: number, most: number): Curve {
  const level = (atS: number): number =>
    least + ((most - least) * (1 - Math.cos((2 * Math.PI * atS) / (24 * HOUR_S)))) / 2;
  return {
    name: `daily curve, ${least} to ${most} rooms`,
    arrivals: arrive(seed, 25 * HOUR_S, level),
    measureFromS: HOUR_S,
    untilS: 25 * HOUR_S,
  };
}

/** A steady fleet, and so many activations more within one minute. */
export function burst(seed: number, rooms: number, more: number): Curve {
  const random = makeRandom(seed, 'burst');
  const calm = steady(seed, rooms);
  const fromS = calm.measureFromS + 10 * MINUTE_S;
  const extra = Array.from({ length: more }, () => ({
    atS: random.between(fromS, fromS + MINUTE_S),
    talkS: random.spread(TALK_S),
  }));
  return {
    ...calm,
    name: `burst of ${more} in a minute on ${rooms} rooms`,
    judged: { fromS, toS: fromS + MINUTE_S },
    arrivals: inOrder([...calm.arrivals, ...extra]),
  };
}

/** A steady fleet that nobody can reach for ten minutes; then all come back within a minute. */
export function thunderingReturn(seed: number, rooms: number): Curve {
  const calm = steady(seed, rooms);
  const fromS = calm.measureFromS + 10 * MINUTE_S;
  const outage = { fromS, toS: fromS + 10 * MINUTE_S };
  const judged = { fromS: outage.toS, toS: outage.toS + RETURN_S };
  return { ...calm, name: `return after 10 min outage, ${rooms} rooms`, outage, judged };
}

/** Activations whose talks add up to `level` rooms at a time (thinned from its highest rate). */
function arrive(seed: number, untilS: number, level: (atS: number) => number): readonly Arrival[] {
  const random = makeRandom(seed, 'arrivals');
  const most = Math.max(...Array.from({ length: 100 }, (_none, at) => level((at / 100) * untilS)));
  const arrivals: Arrival[] = [];
  for (let atS = next(random, most); atS < untilS; atS += next(random, most)) {
    const talkS = random.spread(TALK_S);
    if (random.next() * most < level(atS)) arrivals.push({ atS, talkS });
  }
  return arrivals;
}

function next(random: Random, level: number): number {
  return random.untilNext(level / meanOf(TALK_S));
}

function inOrder(arrivals: readonly Arrival[]): readonly Arrival[] {
  return [...arrivals].sort((one, two) => one.atS - two.atS);
}
