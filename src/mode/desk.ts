import { unlessAborted } from '../lib/abort.ts';
import type { Clock } from '../lib/clock.ts';
import { withDeadline } from '../lib/deadline.ts';
import type { Observe } from '../ports/observe.ts';
import type { RoomLink, SegmentWriter } from '../ports/room-link.ts';
import { jointBehind } from '../reply/joint.ts';

/** What a desk writes with. */
export interface DeskDeps {
  readonly clock: Clock;
  readonly observe: Observe;
  readonly newId: () => string;
  readonly link: Pick<RoomLink, 'openSegment' | 'sendChatLine'>;
  /** Whether the lease and the link let us publish right now. */
  readonly mayPublish: () => boolean;
  /** Whether replies also go out as classic chat lines. */
  readonly chatLines: boolean;
}

/** What a line needs from the SDK to the server; who leaves sooner takes it along. */
const ON_ITS_WAY_MS = 250;
/** How long closing waits for what is being written: a goodbye is to be read. */
const CLOSE_LIMIT_MS = 1_500;
/** How often a lease or a path that is of no use just now is asked again, in ms. */
const PERMIT_LOOK_MS = 100;

/** Where pages are written, and what is still being written. */
export interface Desk {
  /** Opens the page of one reply or line; `signal` ends the writing on it, not its closing. */
  open(signal: AbortSignal, voiceTrackId?: string): Page;
  /** Writes a segment and a chat line of their own, behind what was asked for before. */
  note(text: string, signal: AbortSignal): void;
  /** Writes a chat line alone, likewise. */
  line(text: string, signal: AbortSignal): void;
  /** Does something that nobody waits for; its failure is told. */
  tend(what: string, work: () => Promise<void>): Promise<void>;
  /**
   * Resolves when every page is closed, nothing is being written, and what was written last has had a
   * moment to get there: the SDK takes it before it is on its way, and drops it with the room. At the
   * latest after 1.5 s, or when `signal` aborts.
   */
  settled(signal: AbortSignal): Promise<void>;
}

/** What one reply or line shows: its segment, opened with the first text, and its chat lines. */
export interface Page {
  /**
   * Writes a sentence into the segment and as a chat line, as soon as we may publish; false where
   * the page's signal aborts first. `sent` is called when it is on its way: it cannot be taken back then.
   * @throws what the link throws.
   */
  add(sentence: string, sent?: () => void): Promise<boolean>;
  /** The same for the segment alone, as it stands, and for the chat line alone. */
  write(text: string): Promise<boolean>;
  writeLine(sentence: string): Promise<boolean>;
  /** Closes the segment as it stands, cut or whole, as soon as we may publish before the signal aborts. */
  close(): void;
}

/** Opens the desk of one room. */
export function openDesk(deps: DeskDeps): Desk {
  const busy = new Set<Promise<void>>();
  let writtenAt = -Infinity;
  const tend: Desk['tend'] = (what, work) => {
    const done = work().catch((error: unknown) => {
      deps.observe({ type: 'publish-failed', what, error });
    });
    busy.add(done);
    void done.finally(() => busy.delete(done));
    return done;
  };
  const publish: Publish = async (work, signal) => {
    await (signal === undefined ? work() : unlessAborted(work(), signal));
    writtenAt = deps.clock.monotonicMs();
  };
  const open: Desk['open'] = (signal, voiceTrackId) => {
    const closed = Promise.withResolvers<void>();
    void tend('page', () => closed.promise);
    return openPage(deps, publish, { signal, voiceTrackId }, (segment) => {
      if (segment !== undefined) void tend('segment', segment);
      closed.resolve();
    });
  };
  let noted = Promise.resolve();
  const inTurn = (signal: AbortSignal, write: (page: Page) => Promise<boolean>): void => {
    const before = noted;
    noted = tend('fixed line', async () => {
      await before;
      const page = open(signal);
      try {
        await write(page);
      } finally {
        page.close();
      }
    });
  };
  /** The end of one thing may begin another: a page's segment is closed behind it. */
  const untilWritten = async (): Promise<void> => {
    while (busy.size > 0) await Promise.all(busy);
    const onItsWayMs = writtenAt + ON_ITS_WAY_MS - deps.clock.monotonicMs();
    if (onItsWayMs > 0) await deps.clock.delay(onItsWayMs);
  };
  return {
    tend,
    open,
    note: (text, signal) => inTurn(signal, (page) => page.add(text)),
    line: (text, signal) => inTurn(signal, (page) => page.writeLine(text)),
    async settled(signal) {
      const written = withDeadline(deps.clock, CLOSE_LIMIT_MS, untilWritten, signal);
      await written.catch(() => undefined);
    },
  };
}

type Publish = (work: () => Promise<void>, signal?: AbortSignal) => Promise<void>;

function openPage(
  deps: DeskDeps,
  publish: Publish,
  {
    signal,
    voiceTrackId,
  }: { readonly signal: AbortSignal; readonly voiceTrackId?: string | undefined },
  closed: (segment: (() => Promise<void>) | undefined) => void,
): Page {
  const { link } = deps;
  let segment: SegmentWriter | undefined;
  let shown = '';
  const write = async (text: string): Promise<void> => {
    const open = (segment ??= link.openSegment(deps.newId(), voiceTrackId));
    shown += text;
    await publish(() => open.write(text), signal);
  };
  const writeLine = async (text: string): Promise<void> => {
    if (deps.chatLines) await publish(() => link.sendChatLine(text), signal);
  };
  const end = async (open: SegmentWriter): Promise<void> => {
    // Whoever reads has it open until then, also over a cut of the path.
    if (!deps.mayPublish()) await untilPermitted(deps, signal);
    if (deps.mayPublish()) await publish(() => open.end(shown));
  };
  const whenPermitted = async (work: () => Promise<unknown>): Promise<boolean> => {
    await untilPermitted(deps, signal);
    if (signal.aborted) return false;
    await work();
    return true;
  };
  return {
    add: (sentence, sent) =>
      whenPermitted(() => {
        const written = [write(jointBehind(shown) + sentence), writeLine(sentence)];
        sent?.();
        return Promise.all(written);
      }),
    write: (text) => whenPermitted(() => write(text)),
    writeLine: (sentence) => whenPermitted(() => writeLine(sentence)),
    close() {
      const open = segment;
      closed(open && (() => end(open)));
    },
  };
}

/** Looks now and then: a lease without a permit is soon permitted again or lost, a path likewise. */
async function untilPermitted({ clock, mayPublish }: DeskDeps, signal: AbortSignal): Promise<void> {
  while (!signal.aborted && !mayPublish()) {
    await clock.delay(PERMIT_LOOK_MS, signal).catch(() => undefined);
  }
}
