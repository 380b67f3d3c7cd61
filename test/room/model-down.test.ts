import { expect, it } from 'vitest';
import { guardedLlm } from '../../src/resilience/guarded-llm.ts';
import type { FakeCompletion } from '../support/fake-llm.ts';
import { llmError, makeFakeLlm } from '../support/fake-llm.ts';
import { openHandClock, settled } from '../support/hand-clock.ts';
import { openBotWorld, repeat } from './bot-world.ts';

it('an only model that is down: each line gets an apology at once, and an answer once it is well', async () => {
  let does = (completion: FakeCompletion): void => completion.fail(llmError('unavailable'));
  const model = makeFakeLlm((completion) => does(completion));
  const clock = openHandClock();
  const { enter, start, texts } = openBotWorld({
    parts: { llm: guardedLlm({ clock, observe: () => undefined }, model) },
  });
  const ann = enter('Ann');
  const { outcome } = await start();
  for (let line = 1; line <= 12; line += 1) await ann.says(`${line}`);
  expect(ann.lines().filter((text) => text.startsWith('Sorry, '))).toHaveLength(12);
  expect(model.completions).toHaveLength(10);

  does = repeat;
  await ann.says('Too early?');
  expect(ann.lines().at(-1)).toMatch(/^Sorry, /);
  clock.pass(5_000);
  await ann.says('And now?');
  await ann.says('For good?');
  await settled();
  expect(ann.lines().slice(-2)).toEqual(['You said And now?.', 'You said For good?.']);
  expect((await texts()).at(-1)).toBe('Mia: You said For good?.');
  expect(outcome()).toBeUndefined();
});
