import type { Observations, Violation } from '../observations.ts';
import { checkActivations } from './activations.ts';
import { checkAnsweredOnce } from './answered-once.ts';
import { checkJoinedOnce } from './joined-once.ts';
import { checkMute } from './mute.ts';
import { checkOneBot } from './one-bot.ts';
import { checkReturns } from './returns.ts';
import { checkTurns } from './turns.ts';

/** All that must hold. */
const INVARIANTS: readonly ((seen: Observations) => readonly Violation[])[] = [
  checkOneBot,
  checkTurns,
  checkAnsweredOnce,
  checkJoinedOnce,
  checkActivations,
  checkMute,
  checkReturns,
];

/** Every invariant that does not hold for what was seen, each finding once. */
export function checkAll(seen: Observations): readonly Violation[] {
  const found = INVARIANTS.flatMap((check) => check(seen));
  return [...new Map(found.map((one) => [`${one.invariant} ${one.key}`, one])).values()];
}
