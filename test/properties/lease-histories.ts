import * as fc from 'fast-check';

/** One thing that can happen to a room's messages and bots. */
export type LeaseStep =
  /** A backend asks for a bot in the room, for one of two sessions. */
  | { readonly type: 'start'; readonly session: string; readonly expires: boolean }
  /** A worker receives what the queue has; `again` when the answer of its first request is lost. */
  | { readonly type: 'deliver'; readonly again: boolean }
  /** A worker that slept over a redelivery asks with its old delivery. */
  | { readonly type: 'wake' }
  /** The bot that works on the message dies. */
  | { readonly type: 'crash' }
  /** The message lapses while its bot lives on. */
  | { readonly type: 'lapse' }
  /** A bot leaves; `deletes` unless it dies before it has deleted its message. */
  | { readonly type: 'leave'; readonly bot: number; readonly deletes: boolean }
  | { readonly type: 'hand-over'; readonly deletes: boolean }
  | { readonly type: 'end'; readonly session: string }
  /** Any bot that still runs, rightful or not, saves. */
  | { readonly type: 'write'; readonly bot: number }
  | { readonly type: 'ask'; readonly bot: number }
  | { readonly type: 'pass'; readonly ms: number };

const session = fc.constantFrom('one', 'one', 'one', 'two');
const bot = fc.nat(3);
const mostly = fc.constantFrom(true, true, true, false);
const seldom = fc.constantFrom(true, false, false, false);

/** Any history of a room, with what matters more often than what does not. */
export const leaseHistories: fc.Arbitrary<readonly LeaseStep[]> = fc.array(
  fc.oneof(
    { weight: 8, arbitrary: fc.record({ type: fc.constant('deliver' as const), again: seldom }) },
    {
      weight: 4,
      arbitrary: fc.record({ type: fc.constant('start' as const), session, expires: seldom }),
    },
    { weight: 4, arbitrary: fc.record({ type: fc.constant('write' as const), bot }) },
    {
      weight: 3,
      arbitrary: fc.record({ type: fc.constant('leave' as const), bot, deletes: mostly }),
    },
    {
      weight: 3,
      arbitrary: fc.record({ type: fc.constant('hand-over' as const), deletes: mostly }),
    },
    { weight: 3, arbitrary: fc.constant({ type: 'crash' as const }) },
    { weight: 2, arbitrary: fc.constant({ type: 'lapse' as const }) },
    { weight: 2, arbitrary: fc.constant({ type: 'wake' as const }) },
    { weight: 2, arbitrary: fc.record({ type: fc.constant('ask' as const), bot }) },
    {
      weight: 3,
      arbitrary: fc.record({
        type: fc.constant('pass' as const),
        ms: fc.constantFrom(1_000, 4_000, 7_000, 61_000, 601_000),
      }),
    },
    { weight: 1, arbitrary: fc.record({ type: fc.constant('end' as const), session }) },
  ),
  { minLength: 10, maxLength: 60, size: 'max' },
);
