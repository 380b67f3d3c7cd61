import * as fc from 'fast-check';
import type { ConversationEvent, Person } from '../../src/conversation/events.ts';
import { reduce } from '../../src/conversation/reduce.ts';
import { initialState } from '../../src/conversation/state.ts';
import { histories } from '../properties/conversation-histories.ts';
import type { History } from '../properties/conversation-model.ts';
import { openHandClock } from '../support/hand-clock.ts';
import { openRecorded } from './recorded.ts';
import type { RecordedOptions } from './recorded.ts';

/** Words that nobody may find in a recording, in several scripts. */
export const SECRETS = (
  'appendicitis Kensington rendezvous Übermorgen façades O’Connell swimming ' +
  'mountain sandwich notebook umbrella airplane painting ' +
  'Пароль секретно 비밀번호 病院予約 パスワード ひみつきち 4915771234'
).split(' ');

/** What else is said: the words that the core knows, and marks. */
const OPEN = (
  'Mia Mia, mhm yeah and the you know um let me see because ミアさん から けど ですか。 うん 、 ? . ! … ' +
  '3.5 ** [x](y)'
).split(' ');

const NAMES: Readonly<Record<string, string>> = {
  ann: 'Dr. Ann Kensington',
  ben: 'O’Connell',
  cleo: 'パスワード',
};

/** Random talks in which people of telling names say secrets, and the bot too. */
export function telling(): fc.Arbitrary<History> {
  const word = fc.oneof(fc.constantFrom(...SECRETS), fc.constantFrom(...OPEN));
  const text = fc.array(word, { minLength: 1, maxLength: 4 }).map((words) => words.join(' '));
  const texts = fc.array(text, { minLength: 1, maxLength: 20 });
  return fc.tuple(histories(), texts).map(([{ policy, entries }, texts]) => {
    let before = initialState(0);
    const told = entries.map(({ event }, index) => {
      const said = withText(event, texts[index % texts.length] ?? '');
      const step = reduce(before, said, policy);
      const entry = { event: said, before, after: step.state, commands: step.commands };
      before = step.state;
      return entry;
    });
    return { policy, entries: told };
  });
}

/** Records a whole talk; gives its lines. */
export async function record(
  { policy, entries }: History,
  options: RecordedOptions = {},
): Promise<readonly string[]> {
  const { recorder, lines } = openRecorded(openHandClock(), () => policy, options);
  for (const { event, after, commands } of entries) recorder.take(event, after, commands);
  await recorder[Symbol.asyncDispose]();
  return lines;
}

function withText(event: ConversationEvent, text: string): ConversationEvent {
  const named = 'person' in event ? { ...event, person: renamed(event.person) } : event;
  if ('people' in named) return { ...named, people: named.people.map(renamed) };
  if (named.type === 'reply-progress') return { ...named, piece: { text, original: `*${text}* ` } };
  return 'text' in named ? { ...named, text } : named;
}

function renamed(person: Person): Person {
  return { ...person, name: NAMES[person.identity] ?? person.name };
}
