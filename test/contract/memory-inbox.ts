import { describe, expect, test } from 'vitest';
import type { InboxRow } from '../../src/ports/memory-store.ts';
import { openTestTalk, said } from './memory-world.ts';
import type { MemoryWorld, TestTalk } from './memory-world.ts';

/** What a worker that lost its lease can still leave, and how its successor takes it in. */
export function memoryInboxContract(world: () => MemoryWorld): void {
  const leave = (talk: TestTalk, epoch: number, ...texts: readonly string[]): Promise<void> =>
    world().store.leaveInInbox(
      { room: talk.room, session: talk.session, epoch },
      texts.map((text) => ({ kind: 'message', message: said(text) })),
    );
  const close = (talk: TestTalk, epoch: number): Promise<void> =>
    world().store.leaveInInbox({ ...talk, epoch }, [{ kind: 'closing' }]);
  const tell = (row: InboxRow): string =>
    `${row.epoch} ${row.kind === 'message' ? row.message.text : 'closing'}`;
  const read = async (talk: TestTalk): Promise<readonly string[]> =>
    (await world().store.readInbox(talk.session)).map(tell);

  describe('an inbox', () => {
    test('is empty', async () => {
      expect(await world().store.readInbox('a session that never was')).toEqual([]);
    });

    test('is written without the lease, in order, whole messages, and closed', async () => {
      const talk = await openTestTalk(world());
      await talk.takeOver();
      await leave(talk, 1, 'one', 'two');
      await close(talk, 1);
      expect(await read(talk)).toEqual(['1 one', '1 two', '1 closing']);
      expect((await world().store.readInbox(talk.session))[0]).toMatchObject({
        kind: 'message',
        message: said('one'),
      });
    });

    test('its ids grow', async () => {
      const talk = await openTestTalk(world());
      await leave(talk, 1, 'one');
      await leave(talk, 2, 'two');
      const [one, two] = await world().store.readInbox(talk.session);
      expect(one!.id).toBeLessThan(two!.id);
    });

    test('a message is left once, whoever leaves it; a closing row once per epoch', async () => {
      const talk = await openTestTalk(world());
      await leave(talk, 1, 'one');
      await leave(talk, 2, 'one', 'two', 'two');
      await close(talk, 1);
      await close(talk, 1);
      await close(talk, 2);
      expect(await read(talk)).toEqual(['1 one', '2 two', '1 closing', '2 closing']);
    });

    test('a message whose id looks like a closing row’s is a message', async () => {
      const talk = await openTestTalk(world());
      await close(talk, 1);
      await leave(talk, 1, `${talk.room}:1`);
      expect(await read(talk)).toEqual(['1 closing', `1 ${talk.room}:1`]);
    });

    test('a save takes out only what was read', async () => {
      const talk = await openTestTalk(world());
      await leave(talk, 1, 'one', 'two');
      const through = (await world().store.readInbox(talk.session)).at(-1)!.id;
      await leave(talk, 1, 'late');
      await talk.save({ inboxThrough: through });
      expect(await read(talk)).toEqual(['1 late']);
    });

    test('a save that read nothing takes out nothing', async () => {
      const talk = await openTestTalk(world());
      await leave(talk, 1, 'one');
      await talk.save({});
      expect(await read(talk)).toEqual(['1 one']);
    });

    test('another session’s stays as it is', async () => {
      const [talk, other] = [await openTestTalk(world()), await openTestTalk(world())];
      await leave(other, 1, 'one');
      await talk.save({ inboxThrough: Number.MAX_SAFE_INTEGER });
      expect(await read(talk)).toEqual([]);
      expect(await read(other)).toEqual(['1 one']);
    });

    test('holds no NUL and no half of a character', async () => {
      const talk = await openTestTalk(world());
      await leave(talk, 1, 'a\0b\ud83d');
      await leave(talk, 1, 'ab\ufffd');
      expect(await read(talk)).toEqual(['1 ab\ufffd']);
    });

    test('is nothing when nothing is left', async () => {
      const talk = await openTestTalk(world());
      await world().store.leaveInInbox({ ...talk, epoch: 1 }, []);
      expect(await read(talk)).toEqual([]);
    });
  });
}
