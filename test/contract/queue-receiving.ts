import { describe, expect, test } from 'vitest';
import { V, change, message, receive, receiveOne } from './queue-world.ts';
import type { QueueWorld } from './queue-world.ts';

const HOUR = 3_600_000;

/** How messages are given out, held and taken back. */
export function queueReceivingContract(open: () => Promise<QueueWorld>): void {
  describe('a receive', () => {
    test('gives a message with all that is known of it, or nothing', async () => {
      const world = await open();
      expect(await receive(world)).toBeUndefined();
      await world.pass(90_000);
      const messageId = await world.queue.send(message('a', { body: '{"roomName": "あ"}' }));
      const delivery = await receiveOne(world);
      expect(delivery).toMatchObject({
        messageId,
        body: '{"roomName": "あ"}',
        groupId: 'a',
        receiveCount: 1,
      });
      await world.pass(V);
      expect((await receiveOne(world)).sentAt).toBe(delivery.sentAt);
    });

    test('tells the time at which the message was sent', async () => {
      const world = await open();
      await world.queue.send(message('a'));
      await world.pass(90_000);
      await world.queue.send(message('b'));
      const [first, second] = [await receiveOne(world), await receiveOne(world)];
      expect((second.sentAt - first.sentAt) / 1_000).toBeCloseTo(90, -1);
    });

    test('gives nothing of a group that is in flight until its message is deleted', async () => {
      const world = await open();
      await world.queue.send(message('a', { body: '1' }));
      await world.queue.send(message('a', { body: '2' }));
      await world.queue.send(message('b', { body: '3' }));
      const first = await receiveOne(world);
      expect([first.body, (await receiveOne(world)).body]).toEqual(['1', '3']);
      expect(await receive(world)).toBeUndefined();
      expect(await world.queue.delete(first.receiptHandle)).toBe('deleted');
      expect((await receiveOne(world)).body).toBe('2');
    });

    test('that waits gets what is sent meanwhile', async () => {
      const world = await open();
      const request = { waitMs: 20_000, visibilityMs: V, attemptId: 'waits' };
      const waiting = world.queue.receive(request, new AbortController().signal);
      await world.queue.send(message('a'));
      expect(await waiting).toMatchObject({ groupId: 'a', receiveCount: 1 });
    });

    test('that waits gets what another hands back', async () => {
      const world = await open();
      await world.queue.send(message('a'));
      const delivery = await receiveOne(world);
      const request = { waitMs: 20_000, visibilityMs: V, attemptId: 'waits' };
      const waiting = world.queue.receive(request, new AbortController().signal);
      await change(world, delivery, 0);
      expect(await waiting).toMatchObject({ messageId: delivery.messageId, receiveCount: 2 });
    });

    test('that waits gets what its holder lets lapse', async () => {
      const world = await open();
      await world.queue.send(message('a'));
      await receiveOne(world);
      const request = { waitMs: 20_000, visibilityMs: V, attemptId: 'waits' };
      const waiting = world.queue.receive(request, new AbortController().signal);
      await world.pass(V);
      expect((await waiting) ?? (await receiveOne(world))).toMatchObject({ receiveCount: 2 });
    });

    test('ends with its signal', async () => {
      const world = await open();
      const controller = new AbortController();
      const request = { waitMs: 20_000, visibilityMs: V, attemptId: 'aborted' };
      const waiting = world.queue.receive(request, controller.signal);
      controller.abort(new Error('stopped'));
      await expect(waiting).rejects.toThrow('stopped');
    });
  });

  describe('a message in flight', () => {
    test('comes again when its time is over, counted, under another receipt', async () => {
      const world = await open();
      await world.queue.send(message('a'));
      const first = await receiveOne(world);
      await world.pass(V - 1_000);
      expect(await receive(world)).toBeUndefined();
      await world.pass(1_000);
      const second = await receiveOne(world);
      expect(second).toMatchObject({ messageId: first.messageId, receiveCount: 2 });
      expect(second.receiptHandle).not.toBe(first.receiptHandle);
    });

    test('stays hidden for V after each beat', async () => {
      const world = await open();
      await world.queue.send(message('a'));
      const delivery = await receiveOne(world);
      for (let beat = 0; beat < 3; beat += 1) {
        await world.pass(V - 1_000);
        expect(await change(world, delivery)).toBe('changed');
      }
      await world.pass(V - 1_000);
      expect(await receive(world)).toBeUndefined();
      await world.pass(1_000);
      expect((await receiveOne(world)).receiveCount).toBe(2);
    });

    test('that was handed back comes at once, counted, and its receipt is over', async () => {
      const world = await open();
      await world.queue.send(message('a'));
      const first = await receiveOne(world);
      expect(await change(world, first, 0)).toBe('changed');
      expect(await change(world, first)).toBe('expired');
      expect((await receiveOne(world)).receiveCount).toBe(2);
    });

    test('comes again when the pause is over with which it was handed back', async () => {
      const world = await open();
      await world.queue.send(message('a'));
      await change(world, await receiveOne(world), 5_000);
      await world.pass(4_000);
      expect(await receive(world)).toBeUndefined();
      await world.pass(1_000);
      expect((await receiveOne(world)).receiveCount).toBe(2);
    });

    test('cannot be held for longer than twelve hours', async () => {
      const world = await open();
      await world.queue.send(message('a'));
      const delivery = await receiveOne(world);
      expect(await change(world, delivery, 11 * HOUR)).toBe('changed');
      await world.pass(10 * HOUR);
      expect(await change(world, delivery, 2 * HOUR + 60_000)).toBe('expired');
      expect(await change(world, delivery, 2 * HOUR - 60_000)).toBe('changed');
    });

    test('can be deleted twice: the answer may have been lost', async () => {
      const world = await open();
      await world.queue.send(message('a'));
      const { receiptHandle } = await receiveOne(world);
      expect(await world.queue.delete(receiptHandle)).toBe('deleted');
      expect(await world.queue.delete(receiptHandle)).toBe('deleted');
      await world.pass(V);
      expect(await receive(world)).toBeUndefined();
    });
  });

  describe('a receipt whose time is over', () => {
    test.each(['before', 'after'])('is worth nothing %s the next delivery', async (when) => {
      const world = await open();
      await world.queue.send(message('a'));
      const old = await receiveOne(world);
      await world.pass(V);
      if (when === 'after') await receiveOne(world);
      expect(await change(world, old)).toBe('expired');
      expect(await change(world, old, 0)).toBe('expired');
      expect(await world.queue.delete(old.receiptHandle)).toBe('expired');
      await world.pass(V);
      expect(await receive(world)).toMatchObject({ messageId: old.messageId });
    });

    test('is told apart from one that never was a receipt by nobody', async () => {
      const world = await open();
      const [result] = await world.queue.changeVisibility([
        { receiptHandle: 'no receipt', visibilityMs: V },
      ]);
      expect(result).toBe('expired');
      expect(await world.queue.delete('no receipt')).toBe('expired');
    });
  });

  describe('a receive whose answer was lost', () => {
    test('is repeated by its attempt id, with the same receipt, hidden anew', async () => {
      const world = await open();
      await world.queue.send(message('a'));
      world.loseNextReceive();
      await expect(receive(world, 'poll 1')).rejects.toMatchObject({
        name: 'TroupeError',
        service: 'queue',
        retryable: true,
      });
      expect(await receive(world, 'poll 2')).toBeUndefined();
      await world.pass(V - 1_000);
      const delivery = await receive(world, 'poll 1');
      expect(delivery).toMatchObject({ groupId: 'a', receiveCount: 1 });
      expect(await receive(world, 'poll 1')).toEqual(delivery);
      await world.pass(V - 1_000);
      expect(await receive(world, 'poll 2')).toBeUndefined();
    });

    test('cannot be repeated once its message was extended', async () => {
      const world = await open();
      await world.queue.send(message('a'));
      const delivery = await receive(world, 'poll 1');
      await change(world, delivery!);
      expect(await receive(world, 'poll 1')).toBeUndefined();
    });

    test('cannot be repeated once its message lapsed: that is a delivery of its own', async () => {
      const world = await open();
      await world.queue.send(message('a'));
      await receive(world, 'poll 1');
      await world.pass(V);
      expect(await receive(world, 'poll 1')).toMatchObject({ receiveCount: 2 });
    });
  });
}
