import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { Room } from '@livekit/rtc-node';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { LinkEvent } from '../../../src/ports/room-link.ts';
import { enterAsBot } from '../../support/livekit-link.ts';
import type { LinkRecorder } from '../../support/link-recorder.ts';
import { livekitServer } from '../../support/livekit-server.ts';
import { openVisitor } from '../../support/livekit-visitor.ts';
import type { LiveKitVisitor, VisitorOptions } from '../../support/livekit-visitor.ts';
import { openRawStream } from '../../support/raw-stream.ts';

const PACKETS = 'lk-chat-topic';
const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const brokenUtf8 = new Uint8Array([0x68, 0x69, 0xff, 0xfe, 0xc3]);

async function meet(
  options: Partial<VisitorOptions> = {},
): Promise<{ anna: LiveKitVisitor; recorder: LinkRecorder; room: string; inside: Room }> {
  const room = `chat ${randomUUID()}`;
  const { recorder, room: inside } = await enterAsBot(livekitServer(), room);
  const anna = await openVisitor({ server: livekitServer(), room, identity: 'anna', ...options });
  onTestFinished(() => anna[Symbol.asyncDispose]());
  await recorder.first('person-joined');
  return { anna, recorder, room, inside };
}

/** What the bot got of chat until a last line on each wire: between wires there is no order. */
async function heardOf(anna: LiveKitVisitor, recorder: LinkRecorder): Promise<readonly unknown[]> {
  await anna.ourselves.sendText('over', { topic: 'lk.chat' });
  await anna.sendPacket({ message: 'out' }, PACKETS);
  const isLast = (event: LinkEvent): boolean =>
    event.type === 'chat-received' && (event.text === 'over' || event.text === 'out');
  await recorder.until('the last lines', () => recorder.events.filter(isLast).length === 2);
  return recorder.events
    .filter((event) => !isLast(event))
    .map((event) => {
      if (event.type === 'chat-received') return { id: event.id, text: event.text };
      return event.type === 'chat-refused' ? event.reason : undefined;
    })
    .filter((heard) => heard !== undefined);
}

describe('chat of the older packet wire', () => {
  it('takes what clients send, with or without topic, id and time', async () => {
    const { anna, recorder } = await meet();
    await anna.sendPacket({ id: 'a', timestamp: 1, message: 'one' }, PACKETS);
    await anna.sendPacket({ message: 'two' }, PACKETS);
    await anna.sendPacket({ id: 3, message: 'three' });
    await anna.sendPacket({ id: '', message: 'four', timestamp: 'late' });
    await anna.sendPacket({ id: 'e', message: '' }, PACKETS);
    expect(await heardOf(anna, recorder)).toEqual([
      { id: 'a', text: 'one' },
      { id: undefined, text: 'two' },
      { id: '3', text: 'three' },
      { id: undefined, text: 'four' },
      { id: 'e', text: '' },
    ]);
  });

  it('skips the copy of a line that also goes out as a stream', async () => {
    const { anna, recorder } = await meet();
    const id = await anna.say('once');
    expect(await heardOf(anna, recorder)).toEqual([{ id, text: 'once' }]);
  });

  it('refuses what is broken, and says why', async () => {
    const { anna, recorder } = await meet();
    await anna.sendPacket(brokenUtf8, PACKETS);
    await anna.sendPacket(utf8('{"message": "hi"'), PACKETS);
    await anna.sendPacket(utf8('"hi"'), PACKETS);
    await anna.sendPacket({ message: 7 }, PACKETS);
    await anna.sendPacket({ message: 'x'.repeat(33_000) }, PACKETS);
    expect(await heardOf(anna, recorder)).toEqual([
      'not-utf8',
      'not-json',
      'wrong-shape',
      'wrong-shape',
      'too-long',
    ]);
  });

  it("leaves others' data alone", async () => {
    const { anna, recorder } = await meet();
    await anna.sendPacket({ message: 'not chat' }, 'cursor');
    await anna.sendPacket(utf8('x=1;y=2'));
    await anna.sendPacket({ x: 1, y: 2 });
    await anna.sendPacket(brokenUtf8);
    expect(await heardOf(anna, recorder)).toEqual([]);
  });
});

describe('chat of the packet type of its own', () => {
  it('takes a line, and no later edit of it', async () => {
    const { anna, recorder } = await meet();
    const line = await anna.ourselves.sendChatMessage('one');
    await anna.ourselves.editChatMessage('won', line);
    expect(await heardOf(anna, recorder)).toEqual([{ id: line.id, text: 'one' }]);
  });
});

describe('chat as text streams', () => {
  it('takes an empty line and one in pieces, with ids, whatever is in it', async () => {
    const { anna, recorder } = await meet();
    const odd = 'tea\u0000 or\u0007 \u202Ecoffee 🫖';
    const empty = await anna.say('');
    const stream = await openRawStream(anna.ourselves);
    const bytes = utf8(odd);
    await stream.write(bytes.subarray(0, 9));
    await stream.write(bytes.subarray(9));
    await stream.close();
    expect(await heardOf(anna, recorder)).toEqual([
      { id: empty, text: '' },
      { id: stream.id, text: odd },
    ]);
  });

  it('refuses what is no UTF-8 or too long, announced or not', async () => {
    const { anna, recorder } = await meet();
    const broken = await openRawStream(anna.ourselves);
    await broken.write(brokenUtf8);
    await broken.close();
    const announced = await openRawStream(anna.ourselves, 65_536);
    await announced.write(utf8('x'));
    await announced.close();
    const endless = await openRawStream(anna.ourselves);
    for (let n = 0; n < 5; n++) await endless.write(utf8('x'.repeat(13_000)));
    await endless.close();
    // 64 KB of one letter travel compressed.
    await anna.ourselves.sendText('x'.repeat(65_536), { topic: 'lk.chat' });
    expect(await heardOf(anna, recorder)).toEqual(['not-utf8', 'too-long', 'too-long', 'too-long']);
  });

  it("keeps a sender's order when a later line ends first, and makes nobody else wait", async () => {
    const { anna, recorder, room } = await meet();
    const ben = await openVisitor({ server: livekitServer(), room, identity: 'ben' });
    onTestFinished(() => ben[Symbol.asyncDispose]());
    const slow = await openRawStream(anna.ourselves);
    await slow.write(utf8('first'));
    await anna.say('second');
    await ben.say('meanwhile');
    await recorder.first('chat-received');
    await slow.close();
    await anna.say('third');
    const lines = await recorder.count('chat-received', 4);
    expect(lines.map(({ text }) => text)).toEqual(['meanwhile', 'first', 'second', 'third']);
  });

  it('gives up on a line whose sender goes away in the middle', async () => {
    const { anna, recorder, inside } = await meet();
    const reached = once(inside, 'dataReceived');
    const stream = await openRawStream(anna.ourselves);
    await stream.write(utf8('and then'));
    await anna.sendPacket({ x: 1 }, 'cursor');
    await reached;
    await anna[Symbol.asyncDispose]();
    expect(await recorder.first('chat-refused')).toEqual({
      type: 'chat-refused',
      wire: 'text-stream',
      reason: 'unfinished',
    });
  });

  it('bounds what one sender leaves unfinished', async () => {
    const { anna, recorder } = await meet();
    const open = await Promise.all(
      Array.from({ length: 300 }, () => openRawStream(anna.ourselves)),
    );
    const refused = await recorder.count('chat-refused', 300 - 256);
    expect(new Set(refused.map(({ reason }) => reason))).toEqual(new Set(['too-many']));
    await Promise.all(open.map((stream) => stream.close()));
    expect(await recorder.count('chat-received', 256)).toHaveLength(256);
    await anna.say('better now');
    expect((await recorder.count('chat-received', 257)).at(-1)?.text).toBe('better now');
  });
});

it('tells who speaks, also whether it is another bot', async () => {
  const { anna, recorder } = await meet({ identity: 'helper', name: 'Helper', kind: 'agent' });
  await anna.say('I am a bot');
  expect((await recorder.first('chat-received')).person).toEqual({
    identity: 'helper',
    name: 'Helper',
    kind: 'bot',
  });
});
