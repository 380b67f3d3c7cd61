import { randomUUID } from 'node:crypto';
import type { LocalParticipant, Room } from '@livekit/rtc-node';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openPath } from '../../../src/adapters/livekit/path.ts';
import { makePublisher } from '../../../src/adapters/livekit/publisher.ts';
import type { Publisher } from '../../../src/adapters/livekit/publisher.ts';
import { openSegment } from '../../../src/adapters/livekit/segments.ts';
import { openHandClock } from '../../support/hand-clock.ts';
import { enterAsBot } from '../../support/livekit-link.ts';
import { livekitServer } from '../../support/livekit-server.ts';
import { openVisitor } from '../../support/livekit-visitor.ts';

describe('a chat line', () => {
  it('goes out as a stream, and for old clients as a packet that the others skip', async () => {
    const room = `publishing ${randomUUID()}`;
    const anna = await openVisitor({ server: livekitServer(), room, identity: 'anna' });
    onTestFinished(() => anna[Symbol.asyncDispose]());
    const { link } = await enterAsBot(livekitServer(), room);
    await link.sendChatLine('Good day.');
    const { id } = await anna.heard(/Good day/);
    const copy = await anna.until('the copy', () => anna.packets[0]);
    expect(copy).toEqual({
      id,
      timestamp: expect.any(Number) as number,
      message: 'Good day.',
      ignoreLegacy: true,
    });
  });
});

describe('the way out', () => {
  const ourselves = {} as LocalParticipant;
  const connected = { localParticipant: ourselves } as Room;

  /** Something is given to the library, which answers when the test does. */
  const send = () => {
    const [clock, path, answer] = [openHandClock(), openPath(), Promise.withResolvers<string>()];
    const publisher = makePublisher(connected, path, clock, 5_000);
    let isGivenUp = (): boolean => true;
    const sent = publisher.publish('a chat line', (_ourselves, signal) => {
      isGivenUp = () => signal.aborted;
      return answer.promise;
    });
    sent.catch(() => undefined);
    return {
      clock,
      path,
      answer: () => answer.resolve('sent'),
      sent,
      isGivenUp: () => isGivenUp(),
    };
  };

  it('waits for the native library within bounds', async () => {
    const { clock, sent, isGivenUp } = send();
    clock.pass(4_999);
    expect([clock.timers(), isGivenUp()]).toEqual([1, false]);
    clock.pass(1);
    expect(isGivenUp()).toBe(true);
    await expect(sent).rejects.toMatchObject({ kind: 'timeout', service: 'livekit' });
    expect(clock.timers()).toBe(0);
  });

  it('waits for a path that is cut meanwhile: the library sends it when that is whole', async () => {
    const { clock, path, answer, sent } = send();
    clock.pass(4_000);
    path.change('cut');
    clock.pass(60_000);
    path.change('up');
    clock.pass(4_999);
    answer();
    expect(await sent).toBe('sent');
    expect(clock.timers()).toBe(0);
  });

  it('waits for nothing on a path that is gone', async () => {
    const { path, sent, isGivenUp } = send();
    path.change('cut');
    expect(isGivenUp()).toBe(false);
    path.change('gone');
    expect(isGivenUp()).toBe(true);
    await expect(sent).rejects.toMatchObject({ kind: 'unavailable', service: 'livekit' });
  });

  it('waits again where the process stood still: answers come behind the timers then', async () => {
    const { clock, answer, sent } = send();
    clock.stall(20_000);
    clock.pass(0);
    answer();
    expect(await sent).toBe('sent');
  });

  it('does not wait for ever in a process that stands still again and again', async () => {
    const { clock, sent } = send();
    for (let time = 0; time < 2; time += 1) {
      clock.stall(20_000);
      clock.pass(0);
    }
    await expect(sent).rejects.toMatchObject({ kind: 'timeout' });
  });

  it('gives the library nothing while the path is cut, nor before the room is entered', async () => {
    const [clock, path] = [openHandClock(), openPath()];
    const given: unknown[] = [];
    const send = async (to: LocalParticipant): Promise<void> => void given.push(to);
    const outside = makePublisher({} as Room, path, clock, 5_000);
    const cut = makePublisher(connected, path, clock, 5_000);
    await expect(outside.publish('a chat line', send)).rejects.toMatchObject(NOTHING_SENT);
    path.change('cut');
    await expect(cut.publish('a chat line', send)).rejects.toMatchObject(NOTHING_SENT);
    expect(given).toEqual([]);
  });
});

const NOTHING_SENT = { kind: 'unavailable' };

describe('a segment', () => {
  it('shows nothing of a reply that said nothing', async () => {
    const { publisher, sent } = openWire();
    await openSegment(publisher, 'SG_1').end('');
    expect(sent).toEqual([]);
  });

  it('ends its stream before it tells the whole text', async () => {
    const { publisher, sent } = openWire();
    const segment = openSegment(publisher, 'SG_1');
    await segment.write('Good ');
    await segment.write('day.');
    await segment.end('Good day.');
    expect(sent).toEqual([
      { open: { 'lk.segment_id': 'SG_1', 'lk.transcription_final': 'false' } },
      'Good ',
      'day.',
      'closed',
      { text: 'Good day.', 'lk.segment_id': 'SG_1', 'lk.transcription_final': 'true' },
    ]);
  });

  it('tells the whole text also where its stream broke', async () => {
    const { publisher, sent, breakStream } = openWire();
    const segment = openSegment(publisher, 'SG_1');
    await segment.write('Good ');
    breakStream();
    await expect(segment.write('day.')).rejects.toThrow('the stream broke');
    await segment.end('Good day.');
    expect(sent).toEqual([
      { open: { 'lk.segment_id': 'SG_1', 'lk.transcription_final': 'false' } },
      'Good ',
      { text: 'Good day.', 'lk.segment_id': 'SG_1', 'lk.transcription_final': 'true' },
    ]);
  });
});

it('sends no text of a segment by a room that was left meanwhile: that would end the process', async () => {
  const { publisher, sent, giveUp } = openWire();
  const segment = openSegment(publisher, 'SG_1');
  await segment.write('Good day.');
  const [writing, ending] = [segment.write(' And'), segment.end('Good day. And')];
  giveUp();
  await expect(writing).rejects.toThrow('given up');
  await expect(ending).rejects.toThrow('given up');
  expect(sent).toEqual([
    { open: { 'lk.segment_id': 'SG_1', 'lk.transcription_final': 'false' } },
    'Good day.',
    'closed',
  ]);
});

/** A participant whose stream can break; `sent` is what reached the room. */
function openWire() {
  const sent: unknown[] = [];
  const patience = new AbortController();
  let broken = false;
  const failWhenBroken = (): void => {
    if (broken) throw new Error('the stream broke');
  };
  const ourselves = {
    async streamText({ attributes }: { attributes: Record<string, string> }) {
      sent.push({ open: attributes });
      return {
        async write(text: string) {
          failWhenBroken();
          sent.push(text);
        },
        async close() {
          failWhenBroken();
          sent.push('closed');
        },
      };
    },
    async sendText(text: string, { attributes }: { attributes: Record<string, string> }) {
      sent.push({ text, ...attributes });
    },
  };
  const publisher: Publisher = {
    publish: (_what, send) => send(ourselves as unknown as LocalParticipant, patience.signal),
  };
  return {
    publisher,
    sent,
    giveUp: () => patience.abort(new Error('given up')),
    breakStream: () => {
      broken = true;
    },
  };
}
