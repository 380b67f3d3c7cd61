import { jointBehind } from '../reply/joint.ts';
import type { HeardPiece } from '../reply/script.ts';
import type { Desk, Page } from './desk.ts';

/** Shows a reply as it is heard. Nothing here is waited for, and nothing throws. */
export interface SpokenPage {
  /** Takes the next piece: at once into the segment, with the last one of a sentence its chat line. */
  readonly show: (piece: HeardPiece) => void;
  /** No more is heard; a sentence that was cut gets its chat line as it stands. */
  readonly close: () => void;
}

/** Opens the page of one reply, with the first piece that there is to be read. */
export function openSpokenPage(desk: Desk, voiceTrackId: string, signal: AbortSignal): SpokenPage {
  let page: Page | undefined;
  let shown = '';
  /** What waits to be written: pieces that come meanwhile are written in one go. */
  let waiting = '';
  let sentence = '';
  let writing: Promise<void> | undefined;
  const lines: string[] = [];
  let isClosed = false;

  const write = async (open: Page): Promise<void> => {
    while (waiting !== '' || lines.length > 0) {
      const [text, line] = [waiting, lines.shift()];
      waiting = '';
      await Promise.all([text !== '' && open.write(text), line && open.writeLine(line)]);
    }
  };
  const finish = async (open: Page): Promise<void> => {
    await desk.tend('reply', () => write(open));
    writing = undefined;
    if (isClosed) open.close();
  };
  const work = (): void => {
    const open = (page ??= desk.open(signal, voiceTrackId));
    writing ??= finish(open);
  };
  const endSentence = (): void => {
    const line = sentence.trim();
    sentence = '';
    if (line !== '') lines.push(line);
  };
  return {
    show({ text, last }) {
      if (text !== '') {
        const joint = sentence === '' ? jointBehind(shown) : '';
        shown += joint + text;
        waiting += joint + text;
        sentence += text;
      }
      if (last) endSentence();
      if (waiting !== '' || lines.length > 0) work();
    },
    close() {
      isClosed = true;
      endSentence();
      if (page !== undefined) work();
    },
  };
}
