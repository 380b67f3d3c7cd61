import { expect } from 'vitest';
import type { ContextMessage } from '../../src/memory/context.ts';
import type { ShownSegment, Visitor } from './visitor.ts';

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
