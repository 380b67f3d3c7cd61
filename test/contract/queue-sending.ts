import { describe, expect, test } from 'vitest';
import { V, message, receive, receiveOne } from './queue-world.ts';
import type { QueueWorld } from './queue-world.ts';

const WINDOW = 5 * 60_000;
const REFUSED = { name: 'TroupeError', service: 'queue', fault: 'fleet', kind: 'rejected' };

/** How messages are taken in, beaten many at a time, buried, and how calls fail. */
export function queueSendingContract(open: () => Promise<QueueWorld>): void {
  describe('a send', () => {
    test('keeps the order of its group', async () => {
      const world = await open();
      for (const body of ['1', '2', '3']) await world.queue.send(message('a', { body }));
      const bodies: string[] = [];
      for (let at = 0; at < 3; at += 1) {
        const { body, receiptHandle } = await receiveOne(world);
        bodies.push(body);
        await world.queue.delete(receiptHandle);
      }
      expect(bodies).toEqual(['1', '2', '3']);
    });

    test('is swallowed when its id was seen in the last five minutes, even deleted', async () => {
      const world = await open();
      const again = message('a');
      const messageId = await world.queue.send(again);
      await world.queue.delete((await receiveOne(world)).receiptHandle);
      await world.pass(WINDOW - 1_000);
      expect(await world.queue.send(again)).toBe(messageId);
      expect(await receive(world)).toBeUndefined();
      await world.pass(1_000);
      expect(await world.queue.send(again)).not.toBe(messageId);
      expect((await receiveOne(world)).receiveCount).toBe(1);
    });

    test.each([
      ['a space', 'a room'],
      ['Japanese', '会議'],
      ['129 characters', 'x'.repeat(129)],
      ['nothing', ''],
    ])('is refused with %s as its group or deduplication id', async (_what, id) => {
      const world = await open();
      await expect(world.queue.send(message(id))).rejects.toMatchObject(REFUSED);
      const odd = message('a', { deduplicationId: id });
      await expect(world.queue.send(odd)).rejects.toMatchObject(REFUSED);
    });

    test('takes any printable ASCII as a group', async () => {
      const world = await open();
      const groupId = '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~';
      await world.queue.send(message(groupId));
      expect((await receiveOne(world)).groupId).toBe(groupId);
    });

    test('is refused above 256 KB', async () => {
      const world = await open();
      const long = message('a', { body: 'x'.repeat(256 * 1024 + 1) });
      await expect(world.queue.send(long)).rejects.toMatchObject(REFUSED);
    });
  });

  describe('beats of many messages', () => {
    async function hold(world: QueueWorld, count: number): Promise<readonly string[]> {
      const handles: string[] = [];
      for (let at = 0; at < count; at += 1) await world.queue.send(message(`group-${at}`));
      for (let at = 0; at < count; at += 1) handles.push((await receiveOne(world)).receiptHandle);
      return handles;
    }
    const beat = ({ queue }: QueueWorld, handles: readonly string[]) =>
      queue.changeVisibility(handles.map((receiptHandle) => ({ receiptHandle, visibilityMs: V })));

    test('are answered in their order, more than ten at once', async () => {
      const world = await open();
      const handles = await hold(world, 23);
      await world.queue.delete(handles[4]!);
      await world.queue.delete(handles[20]!);
      const results = await beat(world, handles);
      expect(results.map((one, at) => [at, one]).filter(([, one]) => one !== 'changed')).toEqual([
        [4, 'expired'],
        [20, 'expired'],
      ]);
    });

    test('fail one by one', async () => {
      const world = await open();
      const handles = await hold(world, 3);
      world.failNextBeat();
      expect(await beat(world, handles)).toEqual(['failed', 'changed', 'changed']);
      expect(await beat(world, handles)).toEqual(['changed', 'changed', 'changed']);
    });

    test('of none need no queue', async () => {
      const world = await open();
      world.failNext('unavailable');
      expect(await beat(world, [])).toEqual([]);
    });
  });

  describe('the dead-letter queue', () => {
    test('gets a copy with the reason; the message is still to be deleted', async () => {
      const world = await open();
      await world.queue.send(message('a', { body: 'nonsense' }));
      const delivery = await receiveOne(world);
      expect(await world.queue.deadLetter(delivery, 'the body is not JSON')).toBe(true);
      expect(await world.deadLetters()).toEqual([
        { body: 'nonsense', reason: 'the body is not JSON' },
      ]);
      expect(await world.queue.delete(delivery.receiptHandle)).toBe('deleted');
    });

    test('gets one copy, however often the message comes back', async () => {
      const world = await open();
      await world.queue.send(message('a'));
      await world.queue.deadLetter(await receiveOne(world), 'odd');
      await world.pass(V);
      await world.queue.deadLetter(await receiveOne(world), 'odd');
      expect(await world.deadLetters()).toHaveLength(1);
    });

    test('takes a body as long as a message may be, cut where the reason needs the room', async () => {
      const world = await open();
      const body = '部'.repeat((256 * 1024) / 3);
      await world.queue.send(message('a', { body }));
      expect(await world.queue.deadLetter(await receiveOne(world), 'too long')).toBe(true);
      const [letter] = await world.deadLetters();
      expect(letter?.reason).toBe('too long');
      expect(letter?.body.slice(0, 80_000)).toBe(body.slice(0, 80_000));
    });

    test('takes any reason, cut to 256 characters', async () => {
      const world = await open();
      await world.queue.send(message('a'));
      const reason = `部屋 ${'x'.repeat(300)}`;
      await world.queue.deadLetter(await receiveOne(world), reason);
      expect(await world.deadLetters()).toMatchObject([{ reason: reason.slice(0, 256) }]);
    });
  });

  describe('every call', () => {
    const calls: readonly (readonly [string, (world: QueueWorld) => Promise<unknown>])[] = [
      ['receive', (world) => receive(world)],
      ['send', ({ queue }) => queue.send(message('a'))],
      ['delete', ({ queue }) => queue.delete('a receipt')],
      [
        'changeVisibility',
        ({ queue }) => queue.changeVisibility([{ receiptHandle: 'a receipt', visibilityMs: V }]),
      ],
    ];
    const kinds = [
      ['auth', false],
      ['quota', true],
      ['unavailable', true],
    ] as const;
    for (const [name, call] of calls) {
      test.each(kinds)(`${name} tells %s as a fault of the fleet`, async (kind, retryable) => {
        const world = await open();
        world.failNext(kind);
        await expect(call(world)).rejects.toMatchObject({
          name: 'TroupeError',
          service: 'queue',
          fault: 'fleet',
          kind,
          retryable,
        });
      });

      test(`${name} ends with its signal`, async () => {
        const { queue } = await open();
        const stopped = AbortSignal.abort(new Error('stopped'));
        const request = { waitMs: 0, visibilityMs: V, attemptId: 'x' };
        const aborted: Readonly<Record<string, () => Promise<unknown>>> = {
          receive: () => queue.receive(request, stopped),
          send: () => queue.send(message('a'), stopped),
          delete: () => queue.delete('a receipt', stopped),
          changeVisibility: () =>
            queue.changeVisibility([{ receiptHandle: 'r', visibilityMs: V }], stopped),
        };
        await expect(aborted[name]!()).rejects.toThrow('stopped');
      });
    }
  });
}
