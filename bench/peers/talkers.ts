import { setTimeout as sleep } from 'node:timers/promises';
import { openSounds } from '../lib/sounds.ts';
import { openSpeakers } from '../lib/speakers.ts';
import { questionAt } from '../lib/voice-turns.ts';
import type { Guests } from './guests.ts';

/**
 * People who speak recordings and listen, one a room, in a process of their own; their microphones are
 * never still. A question's time is from its last sample, when it leaves the microphone, to the first loud
 * frame that is heard.
 */
export function openTalkers(env: Readonly<Record<string, string>>): Guests {
  const sounds = openSounds();
  const speakers = openSpeakers(env, sounds.tell);
  return {
    enter: (room) => speakers.enter(room),
    leave: (room) => speakers.leave(room),
    async ask(room, n) {
      const said = await speakers.say(room, questionAt(n));
      const heardAt = await sounds.next(room, 'loud', said.from, ANSWER_LIMIT_MS);
      if (heardAt === undefined) return undefined;
      const endedAt = await sounds.next(room, 'quiet', heardAt, END_LIMIT_MS);
      await sleep(PAUSE_MS * (1 + Math.random()));
      return { beganMs: heardAt - said.to, endedMs: (endedAt ?? Number.NaN) - said.to };
    },
    [Symbol.asyncDispose]: () => speakers[Symbol.asyncDispose](),
  };
}

const ANSWER_LIMIT_MS = 8_000;
const END_LIMIT_MS = 20_000;
/** Silence between an answer and the next question, at least, and spread over as much again. */
const PAUSE_MS = 700;
