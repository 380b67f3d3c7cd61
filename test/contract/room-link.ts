import { randomUUID } from 'node:crypto';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { JoinRoom, RoomLink } from '../../src/ports/room-link.ts';
import { openLinkRecorder } from '../support/link-recorder.ts';
import type { LinkRecorder } from '../support/link-recorder.ts';
import type { Visitor } from '../support/visitor.ts';

/** Rooms as a link's tests need them. */
export interface RoomWorld {
  readonly join: JoinRoom;
  visit(room: string, identity: string, name?: string): Promise<Visitor>;
  /** Removes the room's bot, as a moderator does. */
  remove(room: string): Promise<void>;
  deleteRoom(room: string): Promise<void>;
  /** Cuts the paths of all bots, and makes them whole again. */
  cut(room: string): void;
  mend(room: string): void;
}

/** LiveKit's native library waits up to 7 s between two tries to come back. */
const BACK_MS = 25_000;

/** What every RoomLink does, whoever makes it. */
export function describeRoomLink(
  name: string,
  openWorld: () => RoomWorld | Promise<RoomWorld>,
): void {
  const newRoom = (): string => `link ${randomUUID()}`;

  async function enter(
    world: RoomWorld,
    room: string,
    recorder: LinkRecorder = openLinkRecorder(),
  ): Promise<{ link: RoomLink; recorder: LinkRecorder }> {
    const signal = new AbortController().signal;
    const link = await world.join({ room, name: 'Cleo' }, recorder.listen, signal);
    onTestFinished(() => link[Symbol.asyncDispose]());
    return { link, recorder };
  }

  async function visit(world: RoomWorld, room: string, identity: string): Promise<Visitor> {
    const visitor = await world.visit(room, identity, identity.toUpperCase());
    onTestFinished(() => visitor[Symbol.asyncDispose]());
    return visitor;
  }

  describe(`a room link (${name})`, () => {
    it('knows who is there, and tells who comes and goes', async () => {
      const world = await openWorld();
      const room = newRoom();
      await visit(world, room, 'anna');
      const { link, recorder } = await enter(world, room);
      expect(link.people()).toEqual([{ identity: 'anna', name: 'ANNA', kind: 'human' }]);

      const ben = await visit(world, room, 'ben');
      const { person } = await recorder.first('person-joined');
      expect(person).toEqual({ identity: 'ben', name: 'BEN', kind: 'human' });

      await ben[Symbol.asyncDispose]();
      expect((await recorder.first('person-left')).identity).toBe('ben');
      expect(link.people().map(({ identity }) => identity)).toEqual(['anna']);
    });

    it('takes in a hundred lines of a second in their order', async () => {
      const world = await openWorld();
      const room = newRoom();
      const anna = await visit(world, room, 'anna');
      const { recorder } = await enter(world, room);
      const said = Array.from({ length: 100 }, (_, n) => `line ${n}`);
      const ids: string[] = [];
      for (const text of said) ids.push(await anna.say(text));

      const heard = await recorder.count('chat-received', 100);
      expect(heard.map(({ text }) => text)).toEqual(said);
      expect(heard.map(({ id }) => id)).toEqual(ids);
      expect(new Set(heard.map(({ person }) => person.identity))).toEqual(new Set(['anna']));
      expect(recorder.all('chat-refused')).toEqual([]);
    });

    it('sends chat lines in the order of the calls', async () => {
      const world = await openWorld();
      const room = newRoom();
      const anna = await visit(world, room, 'anna');
      const { link } = await enter(world, room);
      await Promise.all(['one', 'two', 'three'].map((text) => link.sendChatLine(text)));
      await anna.heard(/three/);
      expect(anna.lines.map(({ text }) => text)).toEqual(['one', 'two', 'three']);
    });

    it('writes a segment bit by bit and ends it with the whole text', async () => {
      const world = await openWorld();
      const room = newRoom();
      const anna = await visit(world, room, 'anna');
      const { link } = await enter(world, room);
      const segment = link.openSegment('SG_1');
      await segment.write('Good ');
      await segment.write('day.');
      await segment.end('Good day.');
      const shown = await anna.read(/Good day/);
      expect(shown).toMatchObject({ id: 'SG_1', text: 'Good day.', final: true });
      expect(shown.history).toEqual(expect.arrayContaining(['Good ', 'Good day.']));
    });

    it('corrects a segment that was cut to what was said', async () => {
      const world = await openWorld();
      const room = newRoom();
      const anna = await visit(world, room, 'anna');
      const { link } = await enter(world, room);
      const segment = link.openSegment('SG_cut');
      await segment.write('I could go on and on');
      await segment.end('I could');
      expect(await anna.read(/I could/)).toMatchObject({ text: 'I could', final: true });
    });

    it('shows the last state, without a wait', async () => {
      const world = await openWorld();
      const room = newRoom();
      const anna = await visit(world, room, 'anna');
      const { link } = await enter(world, room);
      for (const state of ['listening', 'thinking', 'speaking', 'listening'] as const)
        link.showAgentState(state);
      link.showAgentState('thinking');
      await anna.sees('thinking');
      expect(anna.states.at(-1)).toBe('thinking');
    });

    it('publishes nothing while its path is cut, nor later, and goes on when it is whole', async () => {
      const world = await openWorld();
      const room = newRoom();
      const anna = await visit(world, room, 'anna');
      const { link, recorder } = await enter(world, room);
      const segment = link.openSegment('SG_cut');
      await segment.write('before ');

      world.cut(room);
      await recorder.first('reconnecting');
      const cut = { kind: 'unavailable', service: 'livekit', retryable: true };
      link.showAgentState('thinking');
      await expect(link.sendChatLine('lost')).rejects.toMatchObject(cut);
      await expect(segment.write('lost ')).rejects.toMatchObject(cut);
      await expect(segment.end('lost')).rejects.toMatchObject(cut);

      world.mend(room);
      await recorder.first('reconnected', BACK_MS);
      expect(link.people().map(({ identity }) => identity)).toEqual(['anna']);
      await segment.write('after');
      await segment.end('before after');
      await link.sendChatLine('back');
      link.showAgentState('speaking');
      await anna.heard(/back/);
      await anna.sees('speaking');
      expect(anna.lines.map(({ text }) => text)).toEqual(['back']);
      expect((await anna.read(/after/)).history.join('|')).not.toContain('lost');
      expect(anna.states).not.toContain('thinking');
      expect(recorder.events).toEqual([{ type: 'reconnecting' }, { type: 'reconnected' }]);
    });

    it('puts an older bot of the room out', async () => {
      const world = await openWorld();
      const room = newRoom();
      const older = await enter(world, room);
      const newer = await enter(world, room);
      expect(await older.recorder.first('ended')).toEqual({
        type: 'ended',
        reason: 'duplicate-identity',
      });
      await expect(older.link.sendChatLine('still there?')).rejects.toMatchObject({
        kind: 'unavailable',
        service: 'livekit',
      });
      const anna = await visit(world, room, 'anna');
      await newer.link.sendChatLine('I am.');
      await anna.heard(/I am/);
      expect(newer.recorder.all('ended')).toEqual([]);
    });

    it('says when it was removed', async () => {
      const world = await openWorld();
      const room = newRoom();
      const { recorder } = await enter(world, room);
      await world.remove(room);
      expect((await recorder.first('ended')).reason).toBe('removed');
    });

    it('says when the room was deleted', async () => {
      const world = await openWorld();
      const room = newRoom();
      const { recorder } = await enter(world, room);
      await world.deleteRoom(room);
      expect((await recorder.first('ended')).reason).toBe('room-deleted');
    });

    it('is silent once it was left', async () => {
      const world = await openWorld();
      const room = newRoom();
      const anna = await visit(world, room, 'anna');
      const { link, recorder } = await enter(world, room);
      link.showAgentState('listening');
      await anna.sees('listening');
      const segment = link.openSegment('SG_late');
      await link[Symbol.asyncDispose]();
      await link[Symbol.asyncDispose]();
      await anna.misses(`bot-${room}`);
      const told = recorder.events.length;
      await anna.say('is anybody there?');
      await expect(segment.write('late')).rejects.toMatchObject({ kind: 'unavailable' });
      await expect(link.sendChatLine('late')).rejects.toMatchObject({ kind: 'unavailable' });
      link.showAgentState('speaking');
      expect(recorder.events).toHaveLength(told);
      expect(anna.segments).toEqual([]);
    });

    it('does not join for one who has gone', async () => {
      const world = await openWorld();
      const gone = AbortSignal.abort(new Error('not needed any more'));
      const joining = world.join({ room: newRoom(), name: 'Cleo' }, () => undefined, gone);
      await expect(joining).rejects.toThrow('not needed any more');
    });
  });
}
