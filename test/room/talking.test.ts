import { describe, expect, it } from 'vitest';
import { answered, said } from '../contract/memory-world.ts';
import type { FakeCompletion } from '../support/fake-llm.ts';
import { llmError } from '../support/fake-llm.ts';
import { settled } from '../support/hand-clock.ts';
import { ANN } from '../support/timeline.ts';
import { openBotWorld, ROOM } from './bot-world.ts';

/** A model that says nothing by itself. */
const silent = (): void => undefined;

describe('a talk', () => {
  it('is remembered turn by turn, with the books of each reply', async () => {
    const { enter, start, store, stored } = openBotWorld();
    const ann = enter('Ann');
    await start();
    await ann.says('One?');
    await ann.says('Two?');
    const [first, reply] = await stored();
    expect(first).toMatchObject({ role: 'user', speaker: 'ann', name: 'Ann', addressed: true });
    expect(first?.id).toMatch(/^ann\//);
    expect(reply).toMatchObject({ role: 'assistant', answers: [first?.id], ended: 'finished' });
    expect(store.turns(ROOM)).toMatchObject([
      { outcome: 'finished', model: 'a/model', promptTokens: 7, completionTokens: 5 },
      { outcome: 'finished' },
    ]);
  });

  it('keeps the order of quick lines, one reply after the other', async () => {
    const { enter, start, texts, llm } = openBotWorld({ script: silent });
    const ann = enter('Ann');
    await start();
    await ann.says('one');
    await ann.says('two');
    await ann.says('three');
    expect(llm.completions).toHaveLength(1);
    answer(llm.completions[0], 'First.');
    await settled();
    answer(llm.completions[1], 'Second.');
    await settled();
    expect(await texts()).toEqual([
      'Ann: one',
      'Ann: two',
      'Ann: three',
      'Mia: First.',
      'Mia: Second.',
    ]);
    expect(llm.completions).toHaveLength(2);
  });

  it('is cut by a new turn where the policy says so: what was heard is kept, the rest never comes', async () => {
    const { enter, start, texts, llm } = openBotWorld({
      script: silent,
      conversation: { newTurnWhileReplying: 'interrupt' },
    });
    const ann = enter('Ann');
    await start();
    await ann.says('one');
    llm.completions[0]?.say('Heard.\nNever ');
    await settled();
    await ann.says('two');
    llm.completions[0]?.say('heard.\n');
    answer(llm.completions[1], 'New.');
    await settled();
    expect(ann.lines()).toEqual(['Mia has joined the chat!', 'Heard.', 'New.']);
    expect(await texts()).toEqual(['Ann: one', 'Ann: two', 'Mia: Heard.\n', 'Mia: New.']);
    expect(llm.completions[1]?.request.messages.at(-1)?.content).toBe('two');
  });

  it('goes on with an apology where the model fails', async () => {
    const { enter, start, stored } = openBotWorld({
      script: (completion) => completion.fail(llmError('rejected')),
    });
    const ann = enter('Ann');
    const { outcome } = await start();
    await ann.says('one');
    expect(ann.lines().at(-1)).toMatch(/^Sorry, /);
    expect((await stored()).slice(-2)).toMatchObject([
      { text: '', ended: 'failed' },
      { text: expect.stringMatching(/^Sorry, /), ended: 'finished' },
    ]);
    expect(outcome()).toBeUndefined();
  });

  it('goes on while the database is away, and catches up', async () => {
    const { enter, start, store, texts, clock } = openBotWorld();
    const ann = enter('Ann');
    await start();
    store.failWith(llmError('unavailable'));
    await ann.says('one');
    await clock.live(10_000);
    expect(ann.lines().at(-1)).toBe('You said one.');
    store.failWith(undefined);
    await clock.live(15_000);
    expect(await texts()).toEqual(['Ann: one', 'Mia: You said one.']);
  });

  it('has each line once that is sent again, as soon as the bot is there or later', async () => {
    const { crashed, enter, start, rooms, clock, texts } = openBotWorld();
    const aside = { ...said('for Ben', 'ann/2'), addressed: false };
    await crashed(said('one', 'ann/1'), answered('two', 'ann/1'), aside, said('three', 'ann/3'));
    enter('Ann');
    const lines = [...(await texts())].filter((one) => one.startsWith('Ann: '));
    const sendAgain = (): void => {
      for (const [at, line] of [...lines, 'Ann: new'].entries()) {
        const [id, text] = [`${at + 1}`, line.slice('Ann: '.length)];
        rooms.tell(ROOM, { type: 'chat-received', wire: 'chat-topic', person: ANN, id, text });
      }
    };
    await start();
    sendAgain();
    await clock.live(2_000);
    sendAgain();
    await clock.live(1_000);
    expect(await texts()).toEqual([
      'Ann: one',
      'Mia: two',
      'Ann: for Ben',
      'Ann: three',
      'Ann: new',
      'Mia: You said for Ben\nthree\nnew.',
    ]);
  });

  it('is summarized when it outgrows its budget', async () => {
    const { enter, start, texts } = openBotWorld({
      script: (completion) => {
        const summary = completion.request.maxTokens === 400;
        answer(completion, summary ? 'They counted.' : `${'x'.repeat(400)}.`);
      },
    });
    const ann = enter('Ann');
    await start();
    for (let at = 1; at < 12; at += 1) await ann.says(`${at}`);
    expect((await texts())[0]).toBe('(They counted.)');
    expect((await texts()).length).toBeLessThan(20);
  });
});

describe('several people in a room', () => {
  it('are told apart by name; the bot answers when it is named', async () => {
    const { enter, start, texts, llm } = openBotWorld();
    const ann = enter('Ann');
    const ben = enter('Ben');
    await start();
    await ann.says('Shall we have lunch?');
    await ben.says('Yes!');
    expect(llm.completions).toEqual([]);
    await ben.says('Mia, where?');
    expect(llm.completions[0]?.request.messages).toEqual([
      { role: 'system', content: expect.stringMatching(/You are Mia.*several people/s) },
      {
        role: 'user',
        content: 'Ann: Shall we have lunch?\nBen: Yes!\nBen: Mia, where?',
      },
    ]);
    expect((await texts()).slice(0, 3)).toEqual([
      'Ann: Shall we have lunch?',
      'Ben: Yes!',
      'Ben: Mia, where?',
    ]);
    expect(llm.completions).toHaveLength(1);
  });

  it('are answered always where the character says so', async () => {
    const addressing = { rule: 'always', names: [], phrases: [] } as const;
    const { enter, start, llm } = openBotWorld({ character: { addressing } });
    const ann = enter('Ann');
    enter('Ben');
    await start();
    await ann.says('Shall we have lunch?');
    expect(llm.completions).toHaveLength(1);
  });

  it('are answered again without a name when only one is left', async () => {
    const { enter, start, llm } = openBotWorld();
    const ann = enter('Ann');
    const ben = enter('Ben');
    await start();
    await ann.says('one');
    ben.leave();
    await ann.says('two');
    expect(llm.completions).toHaveLength(1);
  });

  it('are never another bot: it is not answered, and not remembered', async () => {
    const { enter, start, texts, llm, told } = openBotWorld();
    enter('Ann');
    const other = enter('Rob', 'bot');
    await start();
    await other.says('Mia, are you there?');
    expect(llm.completions).toEqual([]);
    expect(await texts()).toEqual([]);
    expect(told('turn-dropped')).toMatchObject([{ reason: 'not-human' }]);
  });
});

describe('a bot with a defect', () => {
  it('ends, and is tried again elsewhere', async () => {
    const { enter, start, told, clock } = openBotWorld({
      parts: {
        newId: () => {
          throw new Error('no ids left');
        },
      },
    });
    const ann = enter('Ann');
    const { outcome } = await start();
    await ann.says('one');
    await clock.live(5_000);
    expect(outcome()).toMatchObject({ kind: 'failed', error: { service: 'bot', fault: 'fleet' } });
    expect(told('unexpected-error')).not.toEqual([]);
  });

  it('leaves at once also where it has just come', async () => {
    const { enter, start, clock } = openBotWorld({
      parts: {
        observe: ({ type }) => {
          if (type === 'room-joined') throw new Error('cannot look');
        },
      },
    });
    const ann = enter('Ann');
    const { outcome } = await start();
    await clock.live(0);
    expect(outcome()).toMatchObject({ kind: 'failed', error: { service: 'bot' } });
    await ann.misses('bot-room');
    expect(clock.timers()).toBe(0);
  });

  it('touches no other', async () => {
    const { enter, start, deps, clock } = openBotWorld();
    const ann = enter('Ann');
    const { outcome } = await start();
    const broken = openBotWorld({
      parts: { ...deps, loadCharacter: () => Promise.reject(new Error('broken')) },
    });
    const other = await broken.start();
    expect(other.outcome()).toMatchObject({ kind: 'failed', error: { service: 'bot' } });
    await ann.says('one');
    await clock.live(100);
    expect(ann.lines().at(-1)).toBe('You said one.');
    expect(outcome()).toBeUndefined();
  });
});

function answer(completion: FakeCompletion | undefined, text: string): void {
  completion?.say(text);
  completion?.finish();
}
