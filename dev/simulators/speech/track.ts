import { BEAM, COVERED, ENTER, ENTER_INSIDE, LEAVE_INSIDE, MISFIT, MISSED, WARP } from './costs.ts';
import type { Entry, Passage, Path } from './path.ts';
import { BANDS } from './spectrum.ts';
import type { Frame } from './spectrum.ts';
import { LOUD, SILENT, START_FRAMES } from './templates.ts';
import type { Template } from './templates.ts';

/** One frame of the stream; its cost is counted from the best path's. */
export interface Moment extends Frame {
  readonly loud: boolean;
  readonly number: number;
}

/** All paths that are inside one recording now. */
export interface Track {
  /** The cost of the cheapest of them; infinite when there is none. */
  cost(): number;
  /** Where the cheapest is. */
  passage(): Passage | undefined;
  /** How badly the last frame fitted the cheapest. */
  misfit(): number;
  /** What it costs to leave the recording now. */
  leaving(): Path;
  /** Goes on by a frame; `entrance` is the cheapest path that could enter. */
  step(moment: Moment, entrance: Path): void;
  /** Counts all costs from a new best. */
  lower(by: number): void;
  clear(): void;
}

export function makeTrack(template: Template): Track {
  const { frames, sound } = template;
  const costs = new Float32Array(frames).fill(Infinity);
  const entries: (Entry | undefined)[] = [];
  let best = Infinity;
  let bestIndex = 0;
  /** Nothing is inside outside of these. */
  let [from, to] = [frames, -1];
  let misfit = 0;

  /** The cheapest way to frame `index`: by one, waiting, or by two. */
  function advance(index: number): void {
    let cost = costs[index - 1] ?? Infinity;
    let entry = entries[index - 1];
    const stay = (costs[index] ?? Infinity) + WARP;
    if (stay < cost) [cost, entry] = [stay, entries[index]];
    const skip = (costs[index - 2] ?? Infinity) + WARP;
    if (skip < cost) [cost, entry] = [skip, entries[index - 2]];
    costs[index] = cost;
    entries[index] = entry;
  }

  /** Frames that were there before, each a step further. */
  function goOn(moment: Moment): void {
    const last = Math.min(frames - 1, to + 2);
    const first = from;
    [from, to] = [frames, -1];
    for (let index = last; index >= first; index -= 1) {
      advance(index);
      if ((costs[index] ?? Infinity) > BEAM) costs[index] = Infinity;
      else take(index, (costs[index] ?? 0) + compare(template, index, moment));
    }
  }

  /** A diagonal that is missed now is entered at one of the next frames. */
  function enter(entrance: Path, moment: Moment): void {
    const inside = entrance.cost + ENTER_INSIDE < BEAM;
    const until = inside ? frames : Math.min(frames, START_FRAMES + 1);
    for (let index = 0; index < until; index += index < START_FRAMES ? 1 : STRIDE) {
      if (sound[index] !== LOUD) continue;
      const price = entrance.cost + (index <= START_FRAMES ? ENTER + index * MISSED : ENTER_INSIDE);
      if (price >= (costs[index] ?? Infinity)) continue;
      const cost = price + compare(template, index, moment);
      if (cost >= (costs[index] ?? Infinity)) continue;
      entries[index] = {
        template,
        fromIndex: index,
        atFrame: moment.number,
        before: entrance.after,
      };
      take(index, cost);
    }
  }

  function take(index: number, cost: number): void {
    costs[index] = cost;
    from = Math.min(from, index);
    to = Math.max(to, index);
    if (cost < best) [best, bestIndex] = [cost, index];
  }

  return {
    cost: () => best,
    passage: () => passageAt(bestIndex),
    misfit: () => misfit,
    leaving() {
      const inside = best + LEAVE_INSIDE;
      const atEnd = costs[frames - 1] ?? Infinity;
      return inside < atEnd
        ? { cost: inside, after: passageAt(bestIndex) }
        : { cost: atEnd, after: passageAt(frames - 1) };
    },
    step(moment, entrance) {
      const open = moment.loud && entrance.cost + ENTER < BEAM;
      if (best === Infinity && !open) return;
      best = Infinity;
      goOn(moment);
      if (open) enter(entrance, moment);
      if (best < Infinity) misfit = compare(template, bestIndex, moment);
    },
    lower(by) {
      if (best === Infinity) return;
      best -= by;
      for (let index = from; index <= to; index += 1) costs[index] = (costs[index] ?? 0) - by;
    },
    clear() {
      best = Infinity;
      [from, to] = [frames, -1];
      costs.fill(Infinity);
      entries.fill(undefined);
    },
  };

  function passageAt(index: number): Passage | undefined {
    const entry = entries[index];
    return entry && { ...entry, toIndex: index };
  }
}

function compare({ shapes, sound }: Template, index: number, { shape, loud }: Moment): number {
  const template = sound[index];
  if (!loud) return template === LOUD ? MISFIT : template === SILENT ? 0 : COVERED;
  if (template === SILENT) return MISFIT;
  let sum = 0;
  const from = index * BANDS;
  for (let band = 0; band < BANDS; band += 1) {
    const difference = (shapes[from + band] ?? 0) - (shape[band] ?? 0);
    sum += difference * difference;
  }
  return Math.min(template === LOUD ? MISFIT : 2 * COVERED, sum / BANDS);
}

/** Entrances inside a recording are this many frames apart. */
const STRIDE = 4;
