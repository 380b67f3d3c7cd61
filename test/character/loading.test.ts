import { describe, expect, it } from 'vitest';
import { makeCharacterLoader } from '../../src/character/loading.ts';
import type { CastingCall, LoaderSettings } from '../../src/character/loading.ts';
import { TroupeError } from '../../src/errors.ts';
import { makeFakeDirectory } from '../support/fake-directory.ts';
import { openHandClock } from '../support/hand-clock.ts';

const SETTINGS: LoaderSettings = { ttlMs: 60_000, maxEntries: 2, unknownSessionGraceMs: 30_000 };

const DOWN = new TroupeError('the database does not answer', {
  kind: 'unavailable',
  fault: 'fleet',
  service: 'database',
});

/** A loader over the session `talk`, which Ada plays; `lookUps` counts since it was last asked. */
function open(settings: Partial<LoaderSettings> = {}) {
  const directory = makeFakeDirectory();
  const clock = openHandClock();
  directory.putCharacter({ id: 'ada', name: 'Ada' });
  directory.putCharacter({ id: 'mia', name: 'Mia' });
  directory.putSession({ id: 'talk', characterId: 'ada' });
  const load = makeCharacterLoader({ directory, clock }, { ...SETTINGS, ...settings });
  let counted = 0;
  return {
    directory,
    clock,
    load: (changes: Partial<CastingCall> = {}, signal?: AbortSignal) =>
      load({ session: 'talk', characterId: undefined, requestedAt: 0, ...changes }, signal),
    lookUps: () => {
      const since = directory.calls() - counted;
      counted = directory.calls();
      return since;
    },
  };
}

describe('who plays', () => {
  it('is whom the session names', async () => {
    expect(await open().load()).toMatchObject({ character: { name: 'Ada' }, chatLines: true });
  });

  it('is whom the start names, with the session’s wishes', async () => {
    const { load, directory } = open();
    directory.putSession({ id: 'talk', characterId: 'ada', chatLines: false });
    expect(await load({ characterId: 'mia' })).toMatchObject({
      character: { name: 'Mia' },
      chatLines: false,
    });
  });

  it('is whom the start names, where the session has no row', async () => {
    expect(await open().load({ session: 'ghost', characterId: 'mia' })).toMatchObject({
      character: { name: 'Mia' },
      chatLines: true,
    });
  });
});

describe('a row that is missing', () => {
  it.each([
    [0, true],
    [29_999, true],
    [30_000, false],
    [600_000, false],
    // Clocks of two machines.
    [-5_000, true],
  ])('a session that was asked for %i ms ago: again %s', async (ageMs, retryable) => {
    const { load, clock } = open();
    clock.jumpWall(1_000_000);
    const asked = load({ session: 'ghost', requestedAt: 1_000_000 - ageMs });
    await expect(asked).rejects.toMatchObject({
      kind: 'not-found',
      fault: 'room',
      service: 'database',
      retryable,
      message: 'session ghost does not exist: insert its row before asking for a bot',
    });
  });

  it('a session that came meanwhile is found', async () => {
    const { load, directory } = open();
    await expect(load({ session: 'late' })).rejects.toMatchObject({ retryable: true });
    directory.putSession({ id: 'late', characterId: 'mia' });
    expect(await load({ session: 'late' })).toMatchObject({ character: { name: 'Mia' } });
  });

  it('a session that names nobody, and nobody is asked for', async () => {
    const { load, directory } = open();
    directory.putSession({ id: 'talk' });
    await expect(load()).rejects.toMatchObject({
      kind: 'not-found',
      fault: 'room',
      retryable: false,
      message: 'session talk names no character: fill in its character_id',
    });
  });

  it('a character, whoever names it', async () => {
    const { load, directory } = open();
    const missing = { kind: 'not-found', fault: 'room', retryable: false };
    await expect(load({ characterId: 'ghost' })).rejects.toMatchObject(missing);
    directory.putSession({ id: 'talk', characterId: 'ghost' });
    await expect(load()).rejects.toMatchObject(missing);
  });

  it('is not remembered', async () => {
    const { load, directory } = open();
    await expect(load({ characterId: 'late' })).rejects.toMatchObject({ kind: 'not-found' });
    directory.putCharacter({ id: 'late', name: 'Lea' });
    expect(await load({ characterId: 'late' })).toMatchObject({ character: { name: 'Lea' } });
  });
});

describe('the cache', () => {
  it('remembers a character for its time, and asks for the session each time', async () => {
    const { load, lookUps, clock, directory } = open();
    await load();
    expect(lookUps()).toBe(2);
    directory.putCharacter({ id: 'ada', name: 'Ada II' });
    clock.pass(59_999);
    expect(await load()).toMatchObject({ character: { name: 'Ada' } });
    expect(lookUps()).toBe(1);
    clock.pass(1);
    expect(await load()).toMatchObject({ character: { name: 'Ada II' } });
    expect(lookUps()).toBe(2);
  });

  it('sees at once who plays now', async () => {
    const { load, directory } = open();
    await load();
    directory.putSession({ id: 'talk', characterId: 'mia' });
    expect(await load()).toMatchObject({ character: { name: 'Mia' } });
  });

  it('asks once for the rooms that ask at the same time', async () => {
    const { load, lookUps } = open();
    await Promise.all([load(), load(), load()]);
    expect(lookUps()).toBe(3 + 1);
  });

  it('one room that leaves takes no other with it', async () => {
    const { load } = open();
    const leaver = new AbortController();
    const [gone, there] = [load({}, leaver.signal), load({}, new AbortController().signal)];
    // Both have their session now and wait for the one look-up of their character.
    await Promise.resolve();
    await Promise.resolve();
    leaver.abort(new Error('gone'));
    await expect(gone).rejects.toThrow('gone');
    expect(await there).toMatchObject({ character: { name: 'Ada' } });
  });

  it('remembers no failure, and passes it on as it is', async () => {
    const { load, directory } = open();
    directory.failWith(DOWN);
    await expect(load()).rejects.toBe(DOWN);
    directory.failWith(undefined);
    expect(await load()).toMatchObject({ character: { name: 'Ada' } });
  });

  it('holds so many, and forgets the oldest', async () => {
    const { load, lookUps, directory } = open();
    directory.putCharacter({ id: 'lea', name: 'Lea' });
    for (const characterId of ['ada', 'mia', 'lea']) await load({ characterId });
    lookUps();
    await load({ characterId: 'mia' });
    await load({ characterId: 'lea' });
    expect(lookUps()).toBe(2);
    await load({ characterId: 'ada' });
    expect(lookUps()).toBe(2);
  });

  it('is none where its time is 0', async () => {
    const { load, lookUps } = open({ ttlMs: 0 });
    await load();
    await load();
    expect(lookUps()).toBe(4);
  });
});
