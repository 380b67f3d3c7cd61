import type { Clock } from '../lib/clock.ts';
import { withDeadline } from '../lib/deadline.ts';
import type { Observe } from '../ports/observe.ts';
import type { RoomLink, SegmentWriter } from '../ports/room-link.ts';

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

/** Longest wait for the SDK to take a piece. */
const PUBLISH_LIMIT_MS = 5_000;

/** Where pages are written, and what is still being written. */
export interface Desk {
  open(signal: AbortSignal): Page;
  /** Does something that nobody waits for; its failure is told. */
  tend(what: string, work: () => Promise<void>): Promise<void>;
  idle(): Promise<unknown>;
}

/** What one reply or line shows: its segment, opened with the first text, and its chat lines. */
export interface Page {
  add(text: string): Promise<void>;
  close(): void;
}

/** Opens the desk of one room. */
export function openDesk(deps: DeskDeps): Desk {
  const busy = new Set<Promise<void>>();
  const tend: Desk['tend'] = (what, work) => {
    const done = work().catch((error: unknown) => {
      deps.observe({ type: 'publish-failed', what, error });
    });
    busy.add(done);
    void done.finally(() => busy.delete(done));
    return done;
  };
  return {
    open: (signal) => openPage(deps, tend, signal),
    tend,
    // The end of one may begin another: a line's segment is closed behind it.
    async idle() {
      while (busy.size > 0) await Promise.all(busy);
    },
  };
}

function openPage(deps: DeskDeps, tend: Desk['tend'], signal: AbortSignal): Page {
  let segment: SegmentWriter | undefined;
  let shown = '';
  const publish = async (work: () => Promise<void>): Promise<void> => {
    if (signal.aborted || !deps.mayPublish()) return;
    await withDeadline(deps.clock, PUBLISH_LIMIT_MS, work, signal);
  };
  return {
    async add(text) {
      if (signal.aborted || !deps.mayPublish()) return;
      const open = (segment ??= deps.link.openSegment(deps.newId()));
      const part = shown === '' ? text : joint(shown, text);
      shown += part;
      await Promise.all([
        publish(() => open.write(part)),
        deps.chatLines && publish(() => deps.link.sendChatLine(text)),
      ]);
    },
    close() {
      const open = segment;
      if (open === undefined || !deps.mayPublish()) return;
      void tend('segment', () => withDeadline(deps.clock, PUBLISH_LIMIT_MS, () => open.end(shown)));
    },
  };
}

/** Japanese sentences follow each other without a space. */
function joint(before: string, text: string): string {
  return /[。！？｡]$/.test(before) ? text : ` ${text}`;
}
