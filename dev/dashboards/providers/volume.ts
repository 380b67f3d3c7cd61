import type { Row } from '../board.ts';
import { graph } from '../panels.ts';
import { perMinute, perMinuteSeen } from '../promql.ts';
import { CHOSEN, EACH } from './chosen.ts';

/** How much of it: what the cost is made of. */
export const VOLUME: Row = {
  title: 'Volume',
  panels: [
    graph({
      title: 'Tokens, a minute',
      about: 'As billed, or estimated where a cut answer was not told.',
      unit: 'short',
      queries: {
        '{{provider}} {{direction}}': perMinute('troupe_tokens_total', {
          by: 'provider, direction',
          where: CHOSEN,
        }),
      },
    }),
    graph({
      title: 'Characters to be spoken, a minute',
      about: 'As given to the voice; what people then did not hear is billed too.',
      unit: 'short',
      queries: {
        '{{provider}}': perMinuteSeen('troupe_tts_characters_total', {
          by: 'provider',
          where: CHOSEN,
        }),
      },
    }),
    graph({
      title: 'Minutes of sound, an hour',
      about:
        'Given to be transcribed (`stt`), or made (`tts`). A person who is listened to all the time is 60.',
      unit: 'short',
      queries: { '{{provider}} {{kind}}': perMinute('troupe_audio_seconds_total', EACH) },
    }),
  ],
};
