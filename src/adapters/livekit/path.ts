/** Our way to the room: `cut` may come back, `gone` never does. */
export type PathState = 'up' | 'cut' | 'gone';

/** The path as all parts of a link see it. */
export interface Path {
  readonly state: () => PathState;
  readonly isUp: () => boolean;
  /** Returns whether that was a change. */
  change(to: PathState): boolean;
  /** Runs `changed` after each change. It must not throw. */
  watch(changed: () => void): Disposable;
}

export function openPath(): Path {
  const watching = new Set<() => void>();
  let state: PathState = 'up';
  return {
    state: () => state,
    isUp: () => state === 'up',
    change(to) {
      if (state === to || state === 'gone') return false;
      state = to;
      for (const changed of watching) changed();
      return true;
    },
    watch(changed) {
      watching.add(changed);
      return { [Symbol.dispose]: () => void watching.delete(changed) };
    },
  };
}
