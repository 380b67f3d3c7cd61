import { isTroupeError } from '../errors.ts';
import type { EventBody, ReplyEnd, ReplyId, SpokenText } from '../conversation/events.ts';
import { openScope, ScopeEnded } from '../lib/scope.ts';
import type { Observe } from '../ports/observe.ts';
import { toSpokenText } from './speakable.ts';

/** The last stage of a reply: brings it into the room. */
export interface Stage {
  /**
   * Takes pieces, and gives back, in the same order and cut finer at will, what the room has. Calls
   * `audible` as soon as anything gets there; only the first call counts. It stops publishing, at
   * once and for good, when the signal aborts.
   */
  readonly deliver: (
    pieces: AsyncIterable<SpokenText>,
    audible: () => void,
    signal: AbortSignal,
  ) => AsyncIterable<SpokenText>;
  /**
   * Stops, and tells what the room has besides the first `told` pieces, which were given back.
   * Asked once, at the reply's end, whatever ended it.
   */
  readonly rest: (told: number) => readonly SpokenText[];
  /** Falls silent; where nothing has sounded yet, nothing does until `resume`. */
  readonly hold: () => void;
  readonly resume: () => void;
}

/** A reply under way. */
export interface RunningReply {
  /** Ends it now: `reply-ended` is posted before this returns, and nothing follows. */
  cancel(): void;
}

export interface ReplyDeps {
  readonly observe: Observe;
  readonly post: (event: EventBody) => void;
}

/**
 * Brings sentences into the room: made speakable, then the last stage, pulled from the end, under one
 * scope. Posts `reply-audible`, `reply-progress` and, exactly once, `reply-ended`.
 */
export function startReply(
  deps: ReplyDeps,
  replyId: ReplyId,
  makeSentences: (signal: AbortSignal) => AsyncIterable<string>,
  stage: Stage,
  signal: AbortSignal,
): RunningReply {
  const scope = openScope(signal);
  let over = false;
  let told = 0;
  const end = (how: ReplyEnd): void => {
    if (over) return;
    over = true;
    const rest = stage.rest(told);
    scope.end(new ScopeEnded('reply ended'));
    for (const piece of rest) deps.post({ type: 'reply-progress', replyId, piece });
    deps.post({ type: 'reply-ended', replyId, end: how });
  };
  let isAudible = false;
  const audible = (): void => {
    if (over || isAudible) return;
    isAudible = true;
    deps.post({ type: 'reply-audible', replyId });
  };
  const run = async (): Promise<ReplyEnd> => {
    const pieces = speakable(makeSentences(scope.signal));
    for await (const piece of stage.deliver(pieces.all(), audible, scope.signal)) {
      // Whoever hears an event may cancel the reply within it.
      if (over) break;
      told += 1;
      pieces.told(piece);
      deps.post({ type: 'reply-progress', replyId, piece });
    }
    // The last stage stops early where it may not publish any more.
    return pieces.areAllTold() && !scope.signal.aborted ? 'finished' : 'interrupted';
  };
  run().then(end, (error: unknown) => {
    if (scope.signal.aborted) return end('interrupted');
    tellFailure(deps, error);
    end('failed');
  });
  return { cancel: () => end('interrupted') };
}

function tellFailure({ observe }: ReplyDeps, error: unknown): void {
  const service = isTroupeError(error) ? error.service : undefined;
  // The model's failures were told where they happened, attempt by attempt.
  if (service === 'llm') return;
  if (service === 'tts') observe({ type: 'provider-failed', provider: service, error });
  else observe({ type: 'publish-failed', what: 'reply', error });
}

/** Sentences as they are shown, and whether there are no more and the room has them all. */
function speakable(sentences: AsyncIterable<string>) {
  let ended = false;
  let owed = 0;
  return {
    told: ({ original }: SpokenText): void => void (owed -= original.length),
    areAllTold: () => ended && owed === 0,
    async *all(): AsyncGenerator<SpokenText> {
      for await (const sentence of sentences) {
        owed += sentence.length;
        yield toSpokenText(sentence);
      }
      ended = true;
    },
  };
}
