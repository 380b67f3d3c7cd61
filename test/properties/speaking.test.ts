import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { openSpeakingWorld } from '../reply/speaking-world.ts';

const sentences = [
  'Hi you.',
  ' **Well**, `a b`!',
  '```\ncode\n```\n',
  '猫が好きです。',
  ' 👋',
  'ok?',
];

type Act = { readonly say: string } | { readonly waitMs: number } | 'hold' | 'resume';

const act: fc.Arbitrary<Act> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ say: fc.constantFrom(...sentences) }) },
  { weight: 4, arbitrary: fc.record({ waitMs: fc.nat(700) }) },
  { weight: 2, arbitrary: fc.constantFrom('hold' as const, 'resume' as const) },
);

/** The fake voice takes 60 ms for each sign that is no space, and as much behind each word. */
function leastMsOf(text: string): number {
  return text.replaceAll(/\s/g, '').length * 60;
}

it('what is given back is a beginning of the reply that has sounded, and in the end all of it', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(act, { maxLength: 20 }), fc.boolean(), async (acts, isCut) => {
      const world = openSpeakingWorld();
      const { clock, track, stage, model, owner, given } = world;
      let said = '';
      const perform = async (one: Act): Promise<void> => {
        if (typeof one === 'string') stage[one]();
        else if ('say' in one) {
          said += one.say;
          world.says(one.say);
        } else await clock.live(one.waitMs);
      };
      for (const one of acts) {
        await perform(one);
        const pieces = given();
        expect(said.startsWith(pieces.map(({ original }) => original).join(''))).toBe(true);
        // All words but the last one, of which half may be to come.
        const before = pieces.filter(({ text }) => text !== '').slice(0, -1);
        const soundedMs = track.heard().length / 24;
        expect(leastMsOf(before.map(({ text }) => text).join(''))).toBeLessThanOrEqual(soundedMs);
      }
      if (isCut) {
        const told = given().length;
        const heard = [...given(), ...stage.rest(told)].map(({ original }) => original).join('');
        owner.abort(new Error('cut'));
        const { length } = track.heard();
        await clock.live(30_000);
        expect(said.startsWith(heard)).toBe(true);
        expect(given()).toHaveLength(told);
        expect(track.heard().length).toBeLessThanOrEqual(length + 480);
      } else {
        stage.resume();
        model.end();
        await clock.live(60_000);
        expect(
          given()
            .map(({ original }) => original)
            .join(''),
        ).toBe(said);
        expect(world.told.at(-1)).toBe('ended');
      }
      expect(clock.timers()).toBe(0);
    }),
    { numRuns: 150 },
  );
});
