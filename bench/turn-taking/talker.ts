import type { RoomCommand } from '../../src/conversation/commands.ts';
import type { EventBody, ReplyId } from '../../src/conversation/events.ts';
import type { Clock, Timer } from '../../src/lib/clock.ts';

/** A mouth that says the same answer each time, at the pace of speech. */
export interface Talker extends Disposable {
  obey(command: RoomCommand): void;
}

const FIRST_SOUND_MS = 350;
const WORD_MS = 350;
const WORDS = 'I have found something about that and will read it to you now'.split(' ');

/** Opens it; what is heard of its answers is posted. */
export function openTalker(clock: Clock, post: (event: EventBody) => void): Talker {
  let timer: Timer | undefined;
  let replyId: ReplyId | undefined;
  let isHeld = false;
  let said = 0;

  const tick = (): void => {
    timer = clock.after(said === 0 ? FIRST_SOUND_MS : WORD_MS, step);
  };
  const step = (): void => {
    const id = replyId;
    if (id === undefined) return;
    if (isHeld) return tick();
    if (said === 0) post({ type: 'reply-audible', replyId: id });
    const text = `${WORDS[said] ?? ''} `;
    said += 1;
    post({ type: 'reply-progress', replyId: id, piece: { text, original: text } });
    if (replyId !== id) return;
    if (said < WORDS.length) return tick();
    end('finished');
  };
  const end = (how: 'finished' | 'interrupted'): void => {
    const id = replyId;
    replyId = undefined;
    timer?.[Symbol.dispose]();
    if (id !== undefined) post({ type: 'reply-ended', replyId: id, end: how });
  };
  const begin = (id: ReplyId): void => {
    [replyId, said, isHeld] = [id, 0, false];
    tick();
  };
  return {
    obey(command) {
      if (command.type === 'start-reply' || command.type === 'release-reply') {
        begin(command.replyId);
      } else if (command.type === 'cancel-reply' && command.replyId === replyId) {
        end('interrupted');
      } else if (command.type === 'hold-playout') isHeld = true;
      else if (command.type === 'resume-playout') isHeld = false;
    },
    [Symbol.dispose]: () => timer?.[Symbol.dispose](),
  };
}
