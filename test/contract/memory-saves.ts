import { describe, expect, test } from 'vitest';
import { answered, openTestTalk, said, turn } from './memory-world.ts';
import type { MemoryWorld } from './memory-world.ts';

/** How contexts and turns are kept, and who may write them. */
export function memorySavesContract(world: () => MemoryWorld): void {
  describe('a context', () => {
    test('does not exist before it is saved', async () => {
      expect(await world().store.load('a session that never was')).toBeUndefined();
    });

    test('comes back as it was saved, whoever loads it', async () => {
      const talk = await openTestTalk(world());
      const messages = [
        { role: 'summary', id: 's1', text: 'Ann likes tea.', at: 1 },
        said('Which "tea"? \\ ☕ 緑茶\n'),
        { ...answered('**Sencha**', 'Which'), ended: 'interrupted' },
      ] as const;
      expect(await talk.save({ version: 3, messages })).toBe('written');
      expect(await world().store.load(talk.session)).toEqual({ version: 3, messages });
    });

    test('is replaced as a whole by a higher version', async () => {
      const talk = await openTestTalk(world());
      await talk.save({ version: 1, messages: [said('a'), said('b')] });
      expect(await talk.save({ version: 2, messages: [said('b')] })).toBe('written');
      expect(await talk.texts()).toEqual(['b']);
    });

    test('a repeated or an overtaken version is written already and changes nothing', async () => {
      const talk = await openTestTalk(world());
      await talk.save({ version: 2, messages: [said('new')] });
      expect(await talk.save({ version: 2, messages: [said('repeat')] })).toBe('written');
      expect(await talk.save({ version: 1, messages: [said('late')] })).toBe('written');
      expect(await talk.texts()).toEqual(['new']);
    });

    test('a lower epoch has lost and changes nothing: context, turns nor inbox', async () => {
      const talk = await openTestTalk(world());
      const zombie = talk.epoch();
      await talk.save({ messages: [said('before')] });
      await talk.takeOver();
      await world().store.leaveInInbox({ ...talk, epoch: zombie }, [
        { kind: 'message', message: said('left') },
      ]);
      const late = { epoch: zombie, version: 99, messages: [said('zombie')], turns: [turn('z')] };
      expect(await talk.save({ ...late, inboxThrough: Number.MAX_SAFE_INTEGER })).toBe('lost');
      expect(await talk.texts()).toEqual(['before']);
      expect(await world().turns(talk.session)).toEqual([]);
      expect(await world().store.readInbox(talk.session)).toHaveLength(1);
    });

    test('a newer epoch’s first save replaces any version', async () => {
      const talk = await openTestTalk(world());
      await talk.save({ version: 7, messages: [said('old')] });
      await talk.takeOver();
      expect(await talk.save({ version: 2, messages: [said('new')] })).toBe('written');
      expect(await world().store.load(talk.session)).toMatchObject({ version: 2 });
      expect(await talk.texts()).toEqual(['new']);
    });

    test('an epoch that was never granted, another’s session and an unknown room have lost', async () => {
      const talk = await openTestTalk(world());
      expect(await talk.save({ epoch: talk.epoch() + 1 })).toBe('lost');
      expect(await talk.save({ session: 'not its session' })).toBe('lost');
      expect(await talk.save({ room: `not ${talk.room}` })).toBe('lost');
      expect(await talk.texts()).toBeUndefined();
    });

    test('the last save may come after the leaving, not after the end', async () => {
      const talk = await openTestTalk(world());
      await world().leases.markLeft({ room: talk.room, epoch: talk.epoch() }, 'left');
      expect(await talk.save({ messages: [said('bye')] })).toBe('written');
      await world().leases.endSession(talk.session);
      expect(await talk.save({ version: 2, messages: [] })).toBe('lost');
      expect(await talk.texts()).toEqual(['bye']);
    });

    test('comes without what the database cannot hold: NUL and halves of characters', async () => {
      const talk = await openTestTalk(world());
      const odd = `a\0b\ud83dc\udc4d👍`;
      await talk.save({ messages: [said(odd, 'm\0')], turns: [turn('t\0', { model: odd })] });
      const clean = `ab\ufffdc\ufffd👍`;
      expect(await world().store.load(talk.session)).toMatchObject({
        messages: [{ id: 'm', text: clean }],
      });
      expect(await world().turns(talk.session)).toMatchObject([{ id: 't', model: clean }]);
    });

    test('may weigh a megabyte', async () => {
      const talk = await openTestTalk(world());
      const messages = Array.from({ length: 1_000 }, (_, n) =>
        said('緑茶 "' + 'x'.repeat(1_000), `${n}`),
      );
      expect(await talk.save({ messages })).toBe('written');
      expect((await world().store.load(talk.session))?.messages).toEqual(messages);
    });

    test('of many saves at once the highest version stays', async () => {
      const talk = await openTestTalk(world());
      const versions = Array.from({ length: 20 }, (_, n) => n + 1).sort(
        (a, b) => (a % 7) - (b % 7),
      );
      const saves = versions.map((version) =>
        talk.save({ version, messages: [said(`v${version}`)] }),
      );
      expect(new Set(await Promise.all(saves))).toEqual(new Set(['written']));
      expect(await talk.texts()).toEqual(['v20']);
    });
  });

  describe('turns', () => {
    test('are kept with all that they tell', async () => {
      const talk = await openTestTalk(world());
      const whole = turn('whole', { firstTokenMs: 200.5, firstSegmentMs: 260, cost: 0.000_012 });
      await talk.save({ turns: [whole, turn('failed', { outcome: 'failed' })] });
      expect(await world().turns(talk.session)).toEqual([
        whole,
        turn('failed', { outcome: 'failed' }),
      ]);
    });

    test('a repeat of one is ignored, also under another version or epoch', async () => {
      const talk = await openTestTalk(world());
      await talk.save({ turns: [turn('a')] });
      await talk.save({ version: 2, turns: [turn('a', { promptTokens: 999 }), turn('b')] });
      await talk.takeOver();
      await talk.save({ turns: [turn('a', { promptTokens: 999 })] });
      expect(await world().turns(talk.session)).toEqual([turn('a'), turn('b')]);
    });

    test('of a repeated version are still taken in: its answer may have been lost', async () => {
      const talk = await openTestTalk(world());
      await talk.save({ version: 2, turns: [turn('a')] });
      await talk.save({ version: 2, turns: [turn('a'), turn('b')] });
      expect(await world().turns(talk.session)).toEqual([turn('a'), turn('b')]);
    });
  });
}
