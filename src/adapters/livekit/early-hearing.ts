import { MICROPHONE_FRAME_MS } from '../../ports/room-sound.ts';
import type { Microphone, MicrophoneListener, RoomSound } from '../../ports/room-sound.ts';

/** What is heard of a room's microphones before our own link hears them. */
export interface EarlyHearing extends Disposable {
  /** Resolves with the first sound of anybody. */
  readonly sound: Promise<void>;
  /** From here on what comes is kept, as the other bot may be gone at any moment. */
  keep(): void;
  /**
   * Makes the first use of `hear` begin each microphone with what was kept of it, and go on with what is
   * heard early until it is heard by `hear` itself. The last microphone ends the early hearing.
   */
  prependTo(hear: RoomSound['hear']): RoomSound['hear'];
}

/** As much as the ears take at once. */
const MOST_KEPT_FRAMES = Math.floor(2_000 / MICROPHONE_FRAME_MS);
/** Whoever has listened for long hears later than one who just came: jitter buffers grow, 0.2 s was seen. */
const LAG_FRAMES = Math.floor(320 / MICROPHONE_FRAME_MS);

/** Begins to hear, by `hearEarly`; `onEnd` runs once, when nobody needs it any more. */
export function openEarlyHearing(
  hearEarly: RoomSound['hear'],
  onEnd: () => void,
  onError: (error: unknown) => void,
): EarlyHearing {
  const microphones = new Map<string, EarlyMicrophone>();
  const sound = Promise.withResolvers<void>();
  let mostFrames = LAG_FRAMES;
  let isPrepended = false;
  let isOver = false;
  const hearing = hearEarly((microphone) => {
    const { trackId } = microphone;
    const one = openEarly(microphone, () => mostFrames, sound.resolve);
    microphones.set(trackId, one);
    return { ...one, closed: () => drop(trackId)?.closed() };
  });

  /** It is not ours any more. */
  function drop(trackId: string): EarlyMicrophone | undefined {
    const one = microphones.get(trackId);
    microphones.delete(trackId);
    if (isPrepended && microphones.size === 0) end();
    return one;
  }
  function end(): void {
    if (isOver) return;
    isOver = true;
    onEnd();
    hearing[Symbol.dispose]();
    // Where the end has not closed them.
    for (const one of microphones.values()) one.closed();
    microphones.clear();
  }

  return {
    sound: sound.promise,
    keep: () => void (mostFrames = MOST_KEPT_FRAMES),
    prependTo: (hear) => (open) => {
      if (isPrepended || isOver) return hear(open);
      isPrepended = true;
      for (const one of microphones.values()) {
        try {
          one.goOnWith(open);
        } catch (error) {
          onError(error);
        }
      }
      const own = hear((microphone) =>
        microphones.has(microphone.trackId)
          ? openLate(microphone, (now) => drop(now.trackId)?.handOver(now) ?? open(now))
          : open(microphone),
      );
      if (microphones.size === 0) end();
      return {
        [Symbol.dispose]() {
          end();
          own[Symbol.dispose]();
        },
      };
    },
    [Symbol.dispose]: end,
  };
}

/** A microphone as it is heard early. */
interface EarlyMicrophone extends MicrophoneListener {
  /** Opens a listener for it, who gets what was kept and what comes. */
  goOnWith(open: (microphone: Microphone) => MicrophoneListener): void;
  /** Gives the listener up to whoever hears the microphone now. */
  handOver(now: Microphone): MicrophoneListener | undefined;
}

function openEarly(
  microphone: Microphone,
  mostFrames: () => number,
  onSound: () => void,
): EarlyMicrophone {
  const kept: Int16Array[] = [];
  const { now, pass, ...relay } = openRelay(microphone);
  return {
    ...relay,
    frame(pcm) {
      if (isSound(pcm)) onSound();
      const to = pass();
      if (to !== undefined) to.frame(pcm);
      else if (kept.push(pcm) > mostFrames()) kept.shift();
    },
    goOnWith(open) {
      const to = pass(open(now()));
      for (const pcm of kept.splice(0)) to?.frame(pcm);
    },
    handOver({ muted }) {
      const to = relay.release();
      if (muted && !now().muted) to?.muted();
      if (!muted && now().muted) to?.unmuted();
      return to;
    },
  };
}

/** Asks for its listener only with its first sound: until then the early hearing goes on. */
function openLate(
  microphone: Microphone,
  take: (now: Microphone) => MicrophoneListener,
): MicrophoneListener {
  const { now, pass, ...relay } = openRelay(microphone);
  return {
    ...relay,
    frame(pcm) {
      const to = pass() ?? (isSound(pcm) ? pass(take(now())) : undefined);
      to?.frame(pcm);
    },
  };
}

/** Tells a listener that may still be to come how its microphone is, and until then remembers it. */
function openRelay(microphone: Microphone) {
  let { muted } = microphone;
  let listener: MicrophoneListener | undefined;
  /** Who listens from now on no more, if anybody did. */
  function release(): MicrophoneListener | undefined {
    const one = listener;
    listener = undefined;
    return one;
  }
  return {
    now: (): Microphone => ({ ...microphone, muted }),
    /** Who listens; with `to`, from now on. */
    pass: (to?: MicrophoneListener): MicrophoneListener | undefined => (listener = to ?? listener),
    release,
    muted() {
      muted = true;
      listener?.muted();
    },
    unmuted() {
      muted = false;
      listener?.unmuted();
    },
    closed: () => release()?.closed(),
  };
}

/** A track gives zeros from its subscription to its first packet. */
function isSound(pcm: Int16Array): boolean {
  return pcm.some((sample) => sample !== 0);
}
