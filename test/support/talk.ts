import { expect } from 'vitest';
import type { ContextMessage } from '../../src/memory/context.ts';
import type { Fleet, FleetWorker } from './fleet.ts';
import type { FleetRoom } from './fleet-room.ts';
import type { LiveKitVisitor } from './livekit-visitor.ts';
import type { ShownSegment, Visitor } from './visitor.ts';

/** A talk under way. */
export interface Talk {
  readonly room: FleetRoom;
  readonly ada: LiveKitVisitor;
  /** The worker whose bot it is. */
  readonly holder: FleetWorker;
}

/** What Ada says first; the bot then knows her name. */
export const MY_NAME = 'My name is Ada.';

/** Brings Ada and a bot together; she has told it her name, it has answered and saved that. */
export async function openTalk(fleet: Fleet, label: string): Promise<Talk> {
  const room = await fleet.openRoom(label);
  const ada = await room.enter();
  await room.call();
  await ada.heard(/^Mira has joined the chat!$/);
  await ask(ada, MY_NAME, /you say "My name is Ada"/);
  await room.memoryThat('the first answer', ({ length }) => length === 2);
  return { room, ada, holder: await fleet.holderOf(room) };
}

/** Says a line and waits for the whole of the reply to it. */
export async function ask(visitor: Visitor, line: string, answer: RegExp): Promise<ShownSegment> {
  await visitor.say(line);
  return await visitor.read(answer);
}

/** The texts of all chat lines like this that the visitor has got. */
export function linesLike(visitor: Visitor, pattern: RegExp): readonly string[] {
  return visitor.lines.map(({ text }) => text).filter((text) => pattern.test(text));
}

/** Expects these turns in the memory, in this order, each answered exactly once. */
export function expectEachAnsweredOnce(
  memory: readonly ContextMessage[],
  lines: readonly string[],
): void {
  const turns = memory.filter((one) => one.role === 'user');
  const answered = memory.flatMap((one) => (one.role === 'assistant' ? one.answers : []));
  expect(turns.map(({ text }) => text)).toEqual(lines);
  expect(answered.toSorted()).toEqual(turns.map(({ id }) => id).toSorted());
}
