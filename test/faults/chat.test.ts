import { beforeAll, expect, it } from 'vitest';
import { unansweredOf } from '../../src/memory/context.ts';
import { eventually } from '../support/eventually.ts';
import { useFleet } from '../support/fleet.ts';
import type { FleetWorker } from '../support/fleet.ts';
import { ask, openTalk } from '../support/talk.ts';
import type { Talk } from '../support/talk.ts';

const fleet = useFleet();
const CHAT_PACKETS = 'lk-chat-topic';
const HUGE = 'x'.repeat(65_536);
let worker: FleetWorker;

beforeAll(async () => {
  fleet().stack.llm.configure({
    replies: [{ pattern: '(^|\\n)line \\d+$', reply: 'Noted.', pace: { firstTokenMs: 400 } }],
  });
  worker = await fleet().openWorker();
});

it.each<[string, string, (talk: Talk) => Promise<unknown>]>([
  ['bad UTF-8', 'not-utf8', ({ ada }) => ada.sendPacket(Uint8Array.of(0xc3, 0x28), CHAT_PACKETS)],
  ['bad JSON', 'not-json', ({ ada }) => ada.sendPacket(bytes('{"message": '), CHAT_PACKETS)],
  ['JSON that is no chat', 'wrong-shape', ({ ada }) => ada.sendPacket(bytes('[1]'), CHAT_PACKETS)],
  ['a number as message', 'wrong-shape', ({ ada }) => ada.sendPacket({ message: 7 }, CHAT_PACKETS)],
  ['an empty message', 'empty', ({ ada }) => ada.sendPacket({ message: '' }, CHAT_PACKETS)],
  ['only white space', 'empty', ({ ada }) => ada.say(' \n\t ')],
  [
    '40 KB in a packet',
    'too-long',
    ({ ada }) => ada.sendPacket({ message: HUGE.slice(0, 40_000) }, CHAT_PACKETS),
  ],
  [
    '64 KB in a stream',
    'too-long',
    ({ ada }) => ada.ourselves.sendText(HUGE, { topic: 'lk.chat' }),
  ],
])('%s is refused as %s, logged, and the talk goes on', async (_what, reason, send) => {
  const talk = await openTalk(fleet(), 'garbage');
  await using ada = talk.ada;
  await send(talk);
  await worker.logged(
    'chat-refused',
    10_000,
    (line) => line['room'] === talk.room.name && line['reason'] === reason,
  );
  await ask(ada, 'What is my name?', /Your name is Ada/);
  expect(await talk.room.memory()).not.toContainEqual(expect.objectContaining({ text: '' }));
});

it('chat JSON without topic, id or time is taken; control characters do not get through', async () => {
  const { room, ada } = await openTalk(fleet(), 'old-client');
  await using _ada = ada;
  await ada.sendPacket({ message: 'Do\u0000 you\u0007 hear\u001b[31m an old client?' });
  await ada.read(/an old client/);
  const memory = await room.memoryThat('its answer', ({ length }) => length === 4);
  expect(memory[2]!.text).toBe('Do  you  hear [31m an old client?');
  const [request] = fleet().stack.llm.requests('an old client');
  expect(request!.messages!.at(-1)!.text).not.toMatch(/(?!\n)\p{Cc}/u);
});

it('a flood of 100 lines is bounded, keeps its order, and harms no other room', async () => {
  const { room, ada } = await openTalk(fleet(), 'flood');
  await using _ada = ada;
  const calm = await openTalk(fleet(), 'calm');
  await using bob = calm.ada;
  for (let at = 1; at <= 100; at += 1) {
    await ada.sendPacket({ id: String(at), message: `line ${at}` }, CHAT_PACKETS);
  }
  await ask(bob, 'Is it calm here?', /Is it calm here/);
  const dropped = () =>
    worker.log.filter((line) => line['room'] === room.name && line.event === 'turn-dropped');
  const lines = await eventually('all lines to be kept or dropped', async () => {
    const texts = (await room.memory()).flatMap(({ role, text }) =>
      role === 'user' ? [text] : [],
    );
    const kept = texts.filter((text) => text.startsWith('line '));
    return kept.length + dropped().length === 100 && kept;
  });
  expect(dropped().map(({ reason }) => reason)).toEqual(dropped().map(() => 'flood'));
  expect(dropped().length).toBeGreaterThan(0);
  const numbers = lines.map((text) => Number(text.slice('line '.length)));
  expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
  // While the flood waits for its answer, more would be dropped.
  await room.memoryThat('all answers', (messages) => unansweredOf(messages).length === 0);
  await ask(ada, 'Are you still well?', /Are you still well/);
});

function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
