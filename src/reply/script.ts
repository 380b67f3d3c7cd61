import type { SpokenText } from '../conversation/events.ts';
import { openBell } from '../lib/bell.ts';
import type { Clock } from '../lib/clock.ts';
import { jointBehind } from './joint.ts';
import { splitWords } from './words.ts';

/** A word of a spoken reply, or what goes with one without being spoken. */
export interface HeardPiece extends SpokenText {
  /** Which sentence of the reply it belongs to, from 0. */
  readonly sentence: number;
  /** Whether it is the last one of that sentence. */
  readonly last: boolean;
}

/**
 * A piece, and where its middle is in the script's text: it was heard once the sound has gone beyond.
 * What is not spoken has its middle at 0, and so was heard with the piece before it.
 */
export interface ScriptPiece extends HeardPiece {
  readonly middle: number;
}

/** What a voice is to say, while it is still being made. */
export interface Script {
  /** Resolves once there is something to say; false: there is nothing. */
  readonly begins: Promise<boolean>;
  /** Reads it from the beginning, as it comes; it can be read again. */
  read(): AsyncGenerator<string>;
  /** All that was read or may be read now, as one text. */
  text(): string;
  pieces(): readonly ScriptPiece[];
  /** Whether no more will come. */
  isWhole(): boolean;
  /** What broke it off, if anything did. */
  failure(): unknown;
}

/** What cannot be said aloud makes a provider fail. */
const SAYABLE = /[\p{L}\p{N}]/u;

/** Opens the script of these sentences, and takes them as fast as they come. */
export function openScript(clock: Clock, sentences: AsyncIterable<SpokenText>): Script {
  const bell = openBell(clock);
  const begins = Promise.withResolvers<boolean>();
  const lines: string[] = [];
  const pieces: ScriptPiece[] = [];
  let text = '';
  let count = 0;
  let isWhole = false;
  let failure: unknown;

  const speak = (line: string): void => {
    lines.push(line);
    text += line;
    begins.resolve(true);
  };
  const add = (sentence: SpokenText): void => {
    const isSaid = SAYABLE.test(sentence.text);
    const joint = isSaid ? jointBehind(text) : '';
    let at = text.length + joint.length;
    const words = isSaid ? splitWords(sentence.original) : [sentence];
    words.forEach((word, index) => {
      const middle = isSaid ? at + word.text.length / 2 : 0;
      at += word.text.length;
      pieces.push({ ...word, sentence: count, last: index === words.length - 1, middle });
    });
    if (isSaid) speak(joint + sentence.text);
    count += 1;
  };
  const take = async (): Promise<void> => {
    try {
      for await (const sentence of sentences) {
        add(sentence);
        bell.ring();
      }
    } catch (error) {
      failure = error;
    }
    isWhole = true;
    begins.resolve(false);
    bell.ring();
  };
  void take();
  return {
    begins: begins.promise,
    async *read() {
      for (let at = 0; ; at += 1) {
        let line = lines[at];
        for (; line === undefined; line = lines[at]) {
          if (isWhole) return;
          await bell.rung();
        }
        yield line;
      }
    },
    text: () => text,
    pieces: () => pieces,
    isWhole: () => isWhole,
    failure: () => failure,
  };
}
