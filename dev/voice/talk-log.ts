/** A stretch of a talk, in ms from its beginning. */
export interface Stretch {
  readonly fromMs: number;
  readonly toMs: number;
}

/** What somebody's transcript showed, from its first word to its last change. */
export interface Caption extends Stretch {
  readonly identity: string;
  readonly text: string;
}

/** What a bot showed of itself for a while. */
export interface ShownState extends Stretch {
  readonly state: string;
}

/** How a talk by voice went, as its visitor has it. */
export interface TalkRecord {
  readonly lengthMs: number;
  /** When the visitor spoke, first word to last. */
  readonly said: readonly Stretch[];
  /** When the bot was heard. */
  readonly heard: readonly Stretch[];
  readonly captions: readonly Caption[];
  readonly states: readonly ShownState[];
}

/** Keeps what happens; times are of `performance.now()`. */
export interface TalkLog {
  said(fromMs: number, toMs: number): void;
  /** The bot is heard, or is no more. */
  sound(isLoud: boolean, atMs: number): void;
  state(state: string, atMs: number): void;
  /** A transcript shows this by now; what was heard of it later replaces it. */
  caption(identity: string, segmentId: string, text: string, atMs: number): void;
  /** All that was kept, as of now. */
  read(atMs: number): TalkRecord;
}

/** Opens the log of a talk that begins at `startMs`. */
export function openTalkLog(startMs: number): TalkLog {
  const said: Stretch[] = [];
  const heard: Stretch[] = [];
  const states: { readonly state: string; readonly fromMs: number }[] = [];
  const captions = new Map<string, Caption>();
  let loudSince: number | undefined;
  const since = (ms: number): number => ms - startMs;
  return {
    said: (fromMs, toMs) => void said.push({ fromMs: since(fromMs), toMs: since(toMs) }),
    sound(isLoud, atMs) {
      if (isLoud) loudSince = since(atMs);
      else if (loudSince !== undefined) heard.push({ fromMs: loudSince, toMs: since(atMs) });
      if (!isLoud) loudSince = undefined;
    },
    state: (state, atMs) => void states.push({ state, fromMs: since(atMs) }),
    caption(identity, segmentId, text, atMs) {
      const before = captions.get(segmentId);
      if (text === '' || before?.text === text) return;
      const fromMs = before?.fromMs ?? since(atMs);
      captions.set(segmentId, { identity, text, fromMs, toMs: since(atMs) });
    },
    read(atMs) {
      const lengthMs = since(atMs);
      const sounding = loudSince === undefined ? [] : [{ fromMs: loudSince, toMs: lengthMs }];
      return {
        lengthMs,
        said,
        heard: [...heard, ...sounding],
        captions: [...captions.values()],
        states: states.map((one, at) => ({ ...one, toMs: states[at + 1]?.fromMs ?? lengthMs })),
      };
    },
  };
}
