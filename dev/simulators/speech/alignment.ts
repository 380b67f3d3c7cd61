import { COVERED, MISFIT, UNKNOWN, WARP } from './costs.ts';
import { cheapest, dearer } from './path.ts';
import type { Passage, Path } from './path.ts';
import type { Template } from './templates.ts';
import { makeTrack } from './track.ts';
import type { Moment } from './track.ts';

/** What the sound so far is best explained by. */
export interface Explanation {
  /** The last recording in it; those before hang on it. */
  readonly passage: Passage | undefined;
  /** Whether that recording goes on; otherwise there is silence, or a sound that no one knows. */
  readonly running: boolean;
  /** How badly the last frame fits the recording, 0 to `MISFIT`. */
  readonly misfit: number;
}

/** Explains a stream frame by frame. */
export interface Alignment {
  next(moment: Moment): Explanation;
  /** Forgets all that was heard. */
  reset(): void;
}

/**
 * Finds the cheapest way to explain a stream as silence, unknown sound and stretches of recordings
 * (Viterbi's search). A recording runs at its own pace, give or take a frame that a jitter buffer
 * dropped or made up; it may be entered and left anywhere, at a price.
 */
export function makeAlignment(templates: readonly Template[]): Alignment {
  const tracks = templates.map(makeTrack);
  let silence: Path = START;
  let unknown: Path = NOWHERE;

  return {
    next(moment) {
      const left = tracks
        .filter((track) => track.cost() < Infinity)
        .reduce((path, track) => cheapest(path, track.leaving()), NOWHERE);
      const entrance = cheapest(silence, unknown);
      for (const track of tracks) track.step(moment, entrance);
      const next = dearer(cheapest(silence, unknown, left), moment.loud ? MISFIT : 0);
      unknown = dearer(
        cheapest(unknown, dearer(cheapest(silence, left), WARP)),
        moment.loud ? UNKNOWN : COVERED,
      );
      silence = next;

      const best = tracks.reduce((one, track) => (track.cost() < one.cost() ? track : one));
      const resting = cheapest(silence, unknown);
      const least = Math.min(resting.cost, best.cost());
      silence = dearer(silence, -least);
      unknown = dearer(unknown, -least);
      for (const track of tracks) track.lower(least);
      if (resting.cost <= best.cost() + least) {
        return { passage: resting.after, running: false, misfit: 0 };
      }
      return { passage: best.passage(), running: true, misfit: best.misfit() };
    },
    reset() {
      silence = START;
      unknown = NOWHERE;
      for (const track of tracks) track.clear();
    },
  };
}

const START: Path = { cost: 0, after: undefined };
const NOWHERE: Path = { cost: Infinity, after: undefined };
