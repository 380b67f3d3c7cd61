import { openStack } from '../../dev/stack.ts';
import { percentile, rounded } from '../lib/percentile.ts';
import { openSounds } from '../lib/sounds.ts';
import { openSpeakers } from '../lib/speakers.ts';
import { hearEcho, questionAt } from '../lib/voice-turns.ts';

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
    const heard = [];
    for (let n = 0; n <= turns; n += 1) {
      heard.push(await hearEcho({ speakers, sounds }, room, questionAt(at + n)));
    }
    return heard.slice(1);
  });
  const heard = (await Promise.all(talks)).flat();
  const times = heard.filter((ms) => ms !== undefined);
  return {
    rooms: count,
    turnP50Ms: rounded(percentile(times, 0.5)),
    turnP95Ms: rounded(percentile(times, 0.95)),
    turns: heard.length,
    unheard: heard.length - times.length,
  };
}
