import type { Mode } from '../mode/mouth.ts';

/** One mode after the other, as if they were one. */
export interface Switchboard extends Mode {
  /** What begins from here on goes to `next`; gives the mode before, which still ends its reply. */
  switchTo(next: Mode): Mode;
}

/** Opens it with the first mode. What concerns a reply reaches the mode before too: ids never repeat. */
export function openSwitchboard(first: Mode): Switchboard {
  let current = first;
  let before: Mode | undefined;
  return {
    switchTo(next) {
      before = current;
      current = next;
      return before;
    },
    startReply: (...reply) => current.startReply(...reply),
    startLine: (...line) => current.startLine(...line),
    draftReply: (...draft) => current.draftReply(...draft),
    releaseReply: (replyId) => current.releaseReply(replyId),
    cancelReply(...reply) {
      before?.cancelReply(...reply);
      current.cancelReply(...reply);
    },
    holdReply: (replyId) => current.holdReply(replyId),
    resumeReply: (replyId) => current.resumeReply(replyId),
    watchSilence: (...watch) => current.watchSilence(...watch),
    showTranscript(transcript) {
      // Ears that are closing know whose microphone it was.
      (before ?? current).showTranscript(transcript);
      if (before !== undefined) current.showTranscript(transcript);
    },
    note: (text) => current.note(text),
    async [Symbol.asyncDispose]() {
      await Promise.all([before?.[Symbol.asyncDispose](), current[Symbol.asyncDispose]()]);
    },
  };
}
