import type { EventBody } from '../conversation/events.ts';
import { toSpokenText } from '../reply/speakable.ts';
import { openDesk } from './desk.ts';
import type { DeskDeps } from './desk.ts';
import type { Mode } from './mouth.ts';
import { openReplies } from './replies.ts';
import type { RepliesDeps } from './replies.ts';
import { makeWriting } from './writing.ts';
import type { WritingDeps } from './writing.ts';

/** What a text mouth is made of. */
export interface TextModeDeps extends RepliesDeps, DeskDeps, WritingDeps {}

/** Opens the mouth that writes: each sentence into the reply's segment, and as a chat line. */
export function openTextMode(
  deps: TextModeDeps,
  post: (event: EventBody) => void,
  signal: AbortSignal,
): Mode {
  const desk = openDesk(deps);
  const replies = openReplies(deps, () => makeWriting(deps, desk), post, signal);
  return {
    ...replies,
    ...DEAF,
    note: (text) => desk.note(toSpokenText(text).text, signal),
    async [Symbol.asyncDispose]() {
      replies[Symbol.dispose]();
      await desk.settled(signal);
    },
  };
}

const DEAF: Pick<Mode, 'watchSilence' | 'showTranscript'> = {
  watchSilence: () => undefined,
  showTranscript: () => undefined,
};
