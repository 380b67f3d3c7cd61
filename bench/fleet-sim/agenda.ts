/** What happens when: the clock of a simulation, which jumps from event to event. */
export interface Agenda {
  /** Seconds since the beginning. */
  now(): number;
  at(timeS: number, run: () => void): void;
  after(delayS: number, run: () => void): void;
  /** Runs all that is due until `timeS`, in order of time, then of arrival. */
  runUntil(timeS: number): void;
}

interface Entry {
  readonly timeS: number;
  readonly number: number;
  readonly run: () => void;
}

/** An agenda at time 0: a binary heap. */
export function makeAgenda(): Agenda {
  const heap: Entry[] = [];
  let nowS = 0;
  let count = 0;

  function push(entry: Entry): void {
    heap.push(entry);
    let at = heap.length - 1;
    while (at > 0) {
      const above = (at - 1) >> 1;
      if (!isBefore(heap, at, above)) return;
      swap(heap, at, above);
      at = above;
    }
  }

  function pop(): Entry | undefined {
    const [first] = heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return first;
    heap[0] = last;
    let at = 0;
    for (;;) {
      const left = 2 * at + 1;
      if (left >= heap.length) return first;
      const least = left + 1 < heap.length && isBefore(heap, left + 1, left) ? left + 1 : left;
      if (!isBefore(heap, least, at)) return first;
      swap(heap, at, least);
      at = least;
    }
  }

  function at(timeS: number, run: () => void): void {
    push({ timeS: Math.max(timeS, nowS), number: (count += 1), run });
  }

  return {
    now: () => nowS,
    at,
    after: (delayS, run) => at(nowS + delayS, run),
    runUntil(untilS) {
      while ((heap[0]?.timeS ?? Infinity) <= untilS) {
        const entry = pop();
        nowS = entry?.timeS ?? nowS;
        entry?.run();
      }
      nowS = untilS;
    },
  };
}

function isBefore(heap: readonly Entry[], at: number, other: number): boolean {
  const [one, two] = [heap[at], heap[other]];
  if (one === undefined || two === undefined) return false;
  return one.timeS === two.timeS ? one.number < two.number : one.timeS < two.timeS;
}

function swap(heap: Entry[], at: number, other: number): void {
  const [one, two] = [heap[at], heap[other]];
  if (one === undefined || two === undefined) return;
  heap[at] = two;
  heap[other] = one;
}
