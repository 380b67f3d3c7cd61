import { setTimeout as sleep } from 'node:timers/promises';
import { startHelper } from '../lib/helper-process.ts';
import { openLookout } from '../lib/lookout.ts';
import type { Errand } from '../lib/visitor-protocol.ts';
import type { Guests } from './guests.ts';

/** Somebody has read a piece of what a bot writes; `at` is in ms since 1970. */
export interface Read {
  readonly what: 'read';
  readonly room: string;
  readonly at: number;
}

/**
 * People who write, one a room, in a process of their own. A question's time is from the moment at which
 * it was handed to the SDK to the first piece of text of the bot, as a chat line or as a segment.
 */
export function openReaders(env: Readonly<Record<string, string>>): Guests {
  const lastRead = new Map<string, number>();
  const lookout = openLookout();
  const helper = startHelper<Errand>('../peers/readers-process.ts', env, ({ room, at }: Read) => {
    lastRead.set(room, at);
    lookout.changed();
  });
  const readAfter = (room: string, after: number): number | undefined => {
    const at = lastRead.get(room);
    return at !== undefined && at > after ? at : undefined;
  };
  return {
    async enter(room) {
      await helper.send({ do: 'enter', room });
    },
    async leave(room) {
      await helper.send({ do: 'leave', room });
    },
    async ask(room, n) {
      const { at: askedAt } = await helper.send({ do: 'say', room, text: `And what about ${n}?` });
      const readAt = await lookout.until(() => readAfter(room, askedAt), ANSWER_LIMIT_MS);
      if (readAt === undefined) return undefined;
      await sleep(END_MS);
      const endedAt = lastRead.get(room) ?? readAt;
      return { beganMs: readAt - askedAt, endedMs: endedAt - askedAt };
    },
    [Symbol.asyncDispose]: () => helper[Symbol.asyncDispose](),
  };
}

const ANSWER_LIMIT_MS = 20_000;
/** By then the rest of the answer has come. */
const END_MS = 1_500;
