import { openStack } from '../../dev/stack.ts';
import { openSounds } from '../lib/sounds.ts';
import { openSpeakers } from '../lib/speakers.ts';
import { hearEcho, questionAt } from '../lib/voice-turns.ts';
import { talkFigures } from './talk-figures.ts';

/**
 * What of a turn's time is no bot's: people in as many rooms speak to bare echoes on rtc-node and hear
 * themselves. The times are from the first sample of speech to the first loud frame that comes back.
 */
export async function measureEcho(count: number, turns: number) {
  await using stack = await openStack({ parts: ['livekit'] });
  const sounds = openSounds();
  await using speakers = openSpeakers(stack.env, sounds.tell);
  await using echoes = openSpeakers(stack.env, () => undefined);
  const rooms = Array.from({ length: count }, (_none, at) => `echo-${at}`);
  for (const room of rooms) await Promise.all([speakers.enter(room), echoes.echo(room)]);
  const talks = rooms.map(async (room, at) => {
    const answers = [];
    for (let n = 0; n <= turns; n += 1) {
      answers.push(await hearEcho({ speakers, sounds }, room, questionAt(at + n)));
    }
    return answers.slice(1);
  });
  const { p50Ms, p95Ms, questions, unanswered } = talkFigures((await Promise.all(talks)).flat());
  return { rooms: count, turnP50Ms: p50Ms, turnP95Ms: p95Ms, questions, unanswered };
}
