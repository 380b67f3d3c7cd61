/** Who may be in a room. The bot is called Ada. */
export type Speaker = 'Emma' | 'Oliver' | 'Sam';

/** A recording, or some of its words, and the silence before it, in ms. */
export interface Clip {
  readonly afterMs: number;
  readonly recording: string;
  /** From the first word to before the second; default: all. */
  readonly words?: readonly [from: number, to: number];
}

/** What one person says, clip after clip, and which of those clips end a turn. */
export interface Voice {
  readonly speaker: Speaker;
  readonly clips: readonly Clip[];
  /** Of each turn: which clip is its last, and whether the bot owes an answer. */
  readonly turns: readonly { readonly lastClip: number; readonly answered: boolean }[];
}

/** One scene, and how a good listener takes it. */
export interface Scenario {
  readonly name: string;
  readonly kind: Kind;
  readonly language: 'en' | 'ja';
  /** Everybody in the room; who says nothing listens. */
  readonly people: readonly Speaker[];
  readonly voices: readonly Voice[];
  /** Lines typed, in ms from the scene's beginning. */
  readonly typed: readonly {
    readonly atMs: number;
    readonly speaker: Speaker;
    readonly text: string;
  }[];
}

type Kind =
  | 'finished sentence'
  | 'pause in mid-sentence'
  | 'list of numbers'
  | 'follow-up'
  | 'correction'
  | 'overlap'
  | 'name'
  | 'three speakers'
  | 'typed while spoken'
  | 'no turn'
  | 'Japanese';

interface Part {
  readonly clips: readonly Clip[];
  readonly answered: boolean;
}

/** Words of a recording behind a silence. */
export function say(afterMs: number, recording: string, words?: readonly [number, number]): Clip {
  return { afterMs, recording, ...(words && { words }) };
}

/** What is said for the bot. */
export function turn(...clips: readonly Clip[]): Part {
  return { clips, answered: true };
}

/** What is said for others. */
export function aside(...clips: readonly Clip[]): Part {
  return { clips, answered: false };
}

/** All that one person says; `noises` come behind it. */
export function voice(
  speaker: Speaker,
  parts: readonly Part[],
  noises: readonly Clip[] = [],
): Voice {
  let last = -1;
  const turns = parts.map(({ clips, answered }) => ({
    lastClip: (last += clips.length),
    answered,
  }));
  return { speaker, turns, clips: [...parts.flatMap(({ clips }) => clips), ...noises] };
}

/** A scene with one person. */
export function alone(
  kind: Kind,
  name: string,
  parts: readonly Part[],
  noises: readonly Clip[] = [],
): Scenario {
  return { ...meeting(kind, name, ['Emma'], [voice('Emma', parts, noises)]) };
}

/** The same in Japanese. */
export function japanese(name: string, parts: readonly Part[]): Scenario {
  return { ...alone('Japanese', name, parts), language: 'ja' };
}

/** A scene with several people. */
export function meeting(
  kind: Kind,
  name: string,
  people: readonly Speaker[],
  voices: readonly Voice[],
): Scenario {
  return { kind, name, people, voices, language: 'en', typed: [] };
}
