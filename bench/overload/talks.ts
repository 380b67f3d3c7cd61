import type { MixedScene, TalkMode } from '../lib/mixed-scene.ts';
import { rounded, percentile } from '../lib/percentile.ts';
import { isUsableBot } from '../lib/sight-book.ts';
import { keepTalking } from '../lib/talker.ts';
import { EXCUSE } from '../rolling/errors-seen.ts';

/** Who talks where, for how long, and how patiently. */
export interface TalkPlan {
  readonly rooms: readonly { readonly room: string; readonly mode: TalkMode }[];
  /** How long a room waits for its bot. */
  readonly botLimitMs: number;
  readonly talkMs: number;
  readonly answerLimitMs: number;
}

/** What became of the rooms. */
export interface Talked {
  readonly rooms: number;
  readonly served: number;
  readonly turns: number;
  readonly answered: number;
  readonly excused: number;
  readonly mute: number;
  /** From the guest's coming to a bot that can be talked with, of the rooms that got one. */
  readonly waitP50Ms: number;
  readonly waitMaxMs: number;
}

/** Everybody comes at once, waits for the bot, talks for a while, and leaves. */
export async function talkInAll(scene: MixedScene, plan: TalkPlan): Promise<Talked> {
  const talks = await Promise.all(plan.rooms.map((place) => talk(scene, place, plan)));
  const waits = talks.flatMap(({ waitMs }) => waitMs ?? []);
  const sum = (of: 'turns' | 'answered' | 'excused'): number =>
    talks.reduce((all, one) => all + one[of], 0);
  const [turns, answered, excused] = [sum('turns'), sum('answered'), sum('excused')];
  return {
    rooms: talks.length,
    served: waits.length,
    turns,
    answered: answered - excused,
    excused,
    mute: turns - answered,
    waitP50Ms: rounded(percentile(waits, 0.5)),
    waitMaxMs: rounded(Math.max(...waits)),
  };
}

async function talk(
  scene: MixedScene,
  { room, mode }: TalkPlan['rooms'][number],
  { botLimitMs, talkMs, answerLimitMs }: TalkPlan,
) {
  await scene.call(room, mode);
  const calledAt = Date.now();
  const bot = await scene.sights.next(room, 0, isUsableBot, botLimitMs);
  const over = AbortSignal.timeout(talkMs);
  const asked = bot === undefined ? [] : await keepTalking(scene, room, mode, over, answerLimitMs);
  await scene.guests.leave(room);
  const excuses = scene.sights
    .of(room)
    .filter((sight) => sight.what === 'line' && EXCUSE.test(sight.text));
  return {
    waitMs: bot && bot.at - calledAt,
    turns: asked.length,
    answered: asked.filter(({ answered }) => answered).length,
    excused: excuses.length,
  };
}

/** So many rooms of a name, in one mode. */
export function roomsOf(name: string, mode: TalkMode, count: number): TalkPlan['rooms'] {
  return Array.from({ length: count }, (_none, at) => ({ room: `${name}-${mode}-${at}`, mode }));
}
