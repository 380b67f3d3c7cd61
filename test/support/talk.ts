import type { ShownSegment, Visitor } from './visitor.ts';

/** Says a line and waits for the whole of the reply to it. */
export async function ask(visitor: Visitor, line: string, answer: RegExp): Promise<ShownSegment> {
  await visitor.say(line);
  return await visitor.read(answer);
}
