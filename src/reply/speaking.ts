import { openBell } from '../lib/bell.ts';
import { openScope, ScopeEnded } from '../lib/scope.ts';
import type { Scope } from '../lib/scope.ts';
import type { SpeechRequest } from '../ports/text-to-speech.ts';
import { placeWords, soundedUnits } from './heard-words.ts';
import type { PlacedWord } from './heard-words.ts';
import type { Mark } from './mark.ts';
import { SAMPLES_PER_MS } from './playhead.ts';
import type { Playout } from './playout.ts';
import type { PlayoutRun } from './playout-run.ts';
import type { Stage } from './reply.ts';
import { openScript } from './script.ts';
import type { HeardPiece, Script } from './script.ts';
import { synthesize } from './synthesize.ts';
import type { SynthesizeDeps } from './synthesize.ts';

export interface SpeakingDeps extends SynthesizeDeps {
  readonly playout: Playout;
  /** Where somebody wants to know how far it has come. */
  readonly mark?: Mark | undefined;
}

/** The last stage of a reply that is spoken; gives back word by word what was heard. */
export interface SpokenStage extends Stage {
  readonly deliver: (...to: Parameters<Stage['deliver']>) => AsyncIterable<HeardPiece>;
  readonly rest: (told: number) => readonly HeardPiece[];
  /** The voice falls silent; before its first sound it does not begin. */
  readonly hold: () => void;
  readonly resume: () => void;
}

/** How often we look how much was heard. */
const LOOK_MS = 100;

/**
 * Makes the stage that speaks one reply: sentences -> synthesis -> playout. All of it is one speech,
 * synthesized ahead of its sounding. Where the model or the provider fails in the middle, what came
 * until then is spoken to its end first.
 */
export function makeSpeaking(deps: SpeakingDeps, request: SpeechRequest): SpokenStage {
  const bell = openBell(deps.clock);
  let script: Script | undefined;
  let run: PlayoutRun | undefined;
  let isHeld = false;
  let isAudible = false;
  let placed: readonly PlacedWord[] = [];
  let samples = 0;
  let hasAllSound = false;
  /** How many pieces were heard. */
  let heard = 0;

  const soundMs = (): number => samples / SAMPLES_PER_MS;
  const hear = (script: Script): void => {
    const speech = { text: script.text(), placed, soundMs: soundMs(), isWhole: hasAllSound };
    const units = run === undefined ? 0 : soundedUnits(speech, run.playedMs());
    while ((script.pieces()[heard]?.middle ?? Infinity) < units) heard += 1;
  };
  const isSounding = (): boolean =>
    run !== undefined && isAudible && !isHeld && run.playedMs() < soundMs();

  const begin = (scope: Scope, audible: () => void): PlayoutRun => {
    const begun = deps.playout.play(scope.signal);
    if (isHeld) begun.hold();
    const tellAudible = async (): Promise<void> => {
      await begun.audible;
      audible();
      isAudible = true;
      bell.ring();
    };
    void tellAudible();
    // Nothing is synthesized for a run that is over.
    begun.played.then(
      (all) => all || scope.end(STOPPED),
      (error: Error) => scope.end(error),
    );
    return begun;
  };
  const play = async (script: Script, scope: Scope, audible: () => void): Promise<void> => {
    deps.mark?.('voice-asked');
    try {
      for await (const event of synthesize(deps, request, script, scope.signal)) {
        if (event.type === 'words') placed = placeWords(script.text(), placed, event.words);
        else {
          deps.mark?.('first-sound');
          samples += event.pcm.length;
          run ??= begin(scope, audible);
          run.push(event.pcm);
        }
        bell.ring();
      }
      hasAllSound = !scope.signal.aborted;
    } finally {
      run?.end();
      await run?.played;
    }
  };
  /** Resolves when all is over, with what went wrong. */
  const speak = async (script: Script, scope: Scope, audible: () => void): Promise<unknown> => {
    try {
      const begins = await script.begins;
      if (begins) await play(script, scope, audible);
      const isAllHeard = begins ? hasAllSound && (await run?.played) === true : true;
      if (isAllHeard) heard = script.pieces().length;
      return script.failure();
    } catch (error) {
      return error;
    }
  };
  return {
    async *deliver(sentences, audible, signal) {
      using scope = openScope(signal);
      scope.signal.addEventListener('abort', bell.ring, { once: true });
      const own = openScript(deps.clock, sentences);
      script = own;
      let end: { readonly error: unknown } | undefined;
      void speak(own, scope, audible).then((error) => {
        end = { error };
        return bell.ring();
      });
      for (let told = 0; !signal.aborted;) {
        hear(own);
        const next = told < heard ? own.pieces()[told] : undefined;
        if (next !== undefined) {
          yield next;
          told += 1;
        } else if (end === undefined) await bell.rung(isSounding() ? LOOK_MS : undefined);
        else if (end.error === undefined) return;
        else throw end.error;
      }
    },
    rest(told) {
      if (script === undefined) return [];
      run?.stop();
      hear(script);
      return script.pieces().slice(told, heard);
    },
    hold() {
      isHeld = true;
      run?.hold();
    },
    resume() {
      isHeld = false;
      run?.resume();
      bell.ring();
    },
  };
}

const STOPPED = new ScopeEnded('another speech began');
