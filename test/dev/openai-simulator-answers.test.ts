import { OpenAI } from 'openai';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openOpenAiSimulator, type OpenAiSimulator } from '../../dev/simulators/openai/server.ts';

const model = 'meta-llama/llama-3.1-8b-instruct';
const system = { role: 'system', content: 'You are Luna, a guide.' } as const;

let simulator: OpenAiSimulator;
let client: OpenAI;

beforeEach(async () => {
  simulator = await openOpenAiSimulator();
  client = new OpenAI({ baseURL: simulator.url, apiKey: simulator.apiKey, maxRetries: 0 });
});

afterEach(() => simulator[Symbol.asyncDispose]());

function user(content: string): { role: 'user'; content: string } {
  return { role: 'user', content };
}

/** What the model says to `texts`, said by the user one after the other. */
async function ask(...texts: string[]): Promise<string> {
  const completion = await client.chat.completions.create({
    model,
    messages: [system, ...texts.map(user)],
  });
  return completion.choices[0]?.message.content ?? '';
}

describe('what it says', () => {
  it('remembers what the user told, speaker by speaker', async () => {
    expect(await ask('My name is Ada and I like chess.', 'What is my name?')).toContain('is Ada.');
    expect(await ask('What is my name?')).toContain('have not told');
    expect(await ask('Ada: my name is Ada', 'Bob: my name is Bob', 'Ada: who am I?')).toContain(
      'Ada.',
    );
    expect(await ask('Bob: my name is Bob', 'Ada: what is my name?')).toContain('have not told');
    expect(await ask('my favourite colour is blue', "what's my favourite colour?")).toContain(
      'blue.',
    );
    expect(await ask('Good evening.', 'What did I say?')).toContain('"Good evening"');
  });

  it('takes a character who speaks in the first person for nobody else', async () => {
    const { choices } = await client.chat.completions.create({
      model,
      messages: [{ role: 'system', content: 'My name is Luna.' }, user('What is my name?')],
    });
    expect(choices[0]?.message.content).toContain('have not told');
  });

  it('knows its character, and otherwise answers in several sentences', async () => {
    expect(await ask('What is your name?')).toContain('I am Luna.');
    expect(await ask('How are you?')).toBe(
      'I heard you say "How are you". That makes 1 from you so far. What else is on your mind?',
    );
  });

  it('summarizes on demand, and understands its own summary', async () => {
    const { choices } = await client.chat.completions.create({
      model,
      messages: [
        { role: 'system', content: 'Summarize the conversation so far in a few sentences.' },
        user('My name is Ada.'),
      ],
    });
    const summary = choices[0]?.message.content ?? '';
    expect(summary).toBe("The user's name is Ada. The talk began with: My name is Ada.");
    const kept = {
      role: 'system',
      content: `Summary of what was said before: ${summary}`,
    } as const;
    const later = await client.chat.completions.create({
      model,
      messages: [system, kept, user('What is my name?')],
    });
    expect(later.choices[0]?.message.content).toContain('is Ada.');
  });

  it('follows rules by character and by what was said', async () => {
    simulator.configure({
      replies: [
        { character: 'luna', says: 'moon', reply: 'It is full.' },
        { character: 'Sol', reply: 'Never said.' },
        { pattern: '^(bye|see you)\\b', reply: 'Farewell.' },
      ],
    });
    expect(await ask('How is the MOON?')).toBe('It is full.');
    expect(await ask('See you tomorrow')).toBe('Farewell.');
    expect(await ask('Hello')).toContain('I heard you say');
    expect(() => simulator.configure({ replies: [{ pattern: '(', reply: '' }] })).toThrow(
      'regular',
    );
  });
});
