import { isTroupeError, TroupeError } from '../errors.ts';
import { openBell } from '../lib/bell.ts';
import { withDeadline } from '../lib/deadline.ts';
import { fadeIn, fadeOut, padTo } from '../lib/pcm.ts';
import { openScope, ScopeEnded } from '../lib/scope.ts';
import { openSound } from '../lib/sound.ts';
import { openPlayhead, SAMPLES_PER_MS } from './playhead.ts';
import type { PlayheadDeps } from './playhead.ts';

/** One run of speech while it sounds. Sound that comes late leaves a gap, and is no end. */
export interface PlayoutRun {
  /** Takes sound of any length, 24 kHz. Once the run is over it is dropped. */
  push(pcm: Int16Array): void;
  /** No more sound will come. */
  end(): void;
  /** How much of the sound was heard, in ms; never shrinks. */
  playedMs(): number;
  /** Falls silent within 40 ms, with a short fade. */
  hold(): void;
  /** Goes on where it fell silent. */
  resume(): void;
  /** Ends the run: nothing but a short fade reaches the room afterwards. Gives `playedMs`. */
  stop(): number;
  /** Resolves when the first frame goes out. */
  readonly audible: Promise<void>;
  /**
   * Resolves when the run is over, true if all of it has sounded.
   * @throws TroupeError of service `livekit`, where the room takes no sound.
   */
  readonly played: Promise<boolean>;
}

/** The queue drains in a fifth of a second: a push that takes so long will never end. */
const PUSH_LIMIT_MS = 2_000;

/** The native library plays by so much: a rest would wait, and click in front of the next speech. */
const UNIT = 10 * SAMPLES_PER_MS;
const FRAME = 4 * UNIT;
const SHORTEST_FRAME = 2 * UNIT;
const FADE = 2 * UNIT;

/**
 * Opens a run and its pump, which pushes as the track takes it once `untilReady` resolves. `done`
 * resolves when the pump pushes no more, and never rejects.
 */
export function openPlayoutRun(
  deps: PlayheadDeps,
  untilReady: (signal: AbortSignal) => Promise<void>,
  signal: AbortSignal,
): { readonly run: PlayoutRun; readonly done: Promise<void> } {
  const { clock, track } = deps;
  const scope = openScope(signal);
  const head = openPlayhead(deps);
  const sound = openSound();
  const bell = openBell(clock);
  const audible = Promise.withResolvers<void>();
  const played = Promise.withResolvers<boolean>();
  // Who only looks at how much was heard need not know of a failure.
  played.promise.catch(() => undefined);
  let [isWhole, isHeld] = [false, false];
  /** Set once the run is over. */
  let finallyMs: number | undefined;
  let fade: Int16Array | undefined;
  let rises = false;

  const isOver = (): boolean => finallyMs !== undefined;
  const close = (heardMs: number): void => {
    finallyMs = heardMs;
    scope.signal.removeEventListener('abort', stop);
    scope.end(OVER);
    bell.ring();
  };
  const fallSilent = (): void => {
    if (isHeld || !head.rewind()) return;
    const next = sound.read(head.next(), FADE);
    if (next.length > 0) fade = padTo(fadeOut(next), UNIT);
    rises = true;
  };
  function stop(): number {
    if (finallyMs !== undefined) return finallyMs;
    const heardMs = head.playedMs();
    fallSilent();
    close(heardMs);
    played.resolve(false);
    return heardMs;
  }
  const fail = (error: unknown): void => {
    if (isOver()) return;
    close(head.playedMs());
    track.clear();
    played.reject(isTroupeError(error) ? error : stuck(error));
  };

  const nextFrame = (): Int16Array | undefined => {
    const there = sound.length() - head.next();
    const least = isWhole ? 1 : SHORTEST_FRAME;
    if (isOver() || isHeld || there < least) return undefined;
    const pcm = sound.read(head.next(), Math.min(FRAME, isWhole ? there : there - (there % UNIT)));
    const frame = padTo(rises ? fadeIn(pcm, FADE) : pcm, UNIT);
    head.giving(pcm.length, frame.length - pcm.length);
    rises = false;
    return frame;
  };
  const give = async (frame: Int16Array): Promise<void> => {
    const pushing = withDeadline(clock, PUSH_LIMIT_MS, () => track.push(frame));
    audible.resolve();
    await pushing;
    head.taken();
    sound.forget(head.left());
  };
  /** Waits for what may be given next, or finds that all has sounded. */
  const rest = async (): Promise<void> => {
    const isGiven = isWhole && !isHeld && head.next() === sound.length();
    const restMs = isGiven ? head.restMs() : undefined;
    if (restMs !== 0) return await bell.rung(restMs);
    close(sound.length() / SAMPLES_PER_MS);
    played.resolve(true);
  };
  const pump = async (): Promise<void> => {
    await untilReady(scope.signal);
    while (!isOver() || fade !== undefined) {
      const frame = fade ?? nextFrame();
      fade = undefined;
      await (frame === undefined ? rest() : give(frame));
    }
  };

  scope.signal.addEventListener('abort', stop, { once: true });
  if (scope.signal.aborted) stop();
  return {
    done: pump().catch(fail),
    run: {
      push(pcm) {
        if (isOver()) return;
        sound.append(pcm);
        bell.ring();
      },
      end() {
        isWhole = true;
        bell.ring();
      },
      playedMs: () => finallyMs ?? head.playedMs(),
      hold() {
        if (isOver()) return;
        fallSilent();
        isHeld = true;
        bell.ring();
      },
      resume() {
        isHeld = false;
        bell.ring();
      },
      stop,
      audible: audible.promise,
      played: played.promise,
    },
  };
}

const OVER = new ScopeEnded('speech is over');

function stuck(cause: unknown): TroupeError {
  return new TroupeError('LiveKit: the voice took no sound', {
    kind: 'timeout',
    fault: 'fleet',
    service: 'livekit',
    cause,
  });
}
