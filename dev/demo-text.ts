import { LIMIT_MS, print } from './demo-scene.ts';
import type { Scene } from './demo-scene.ts';
import type { Visitor } from './visitor.ts';

/** What the visitor says, and with what the simulated model ends its answer. */
const TALK = [
  ['Hello! My name is Ada.', 'on your mind'],
  ['What can you do?', 'on your mind'],
  ['What is my name?', 'you told me'],
] as const;

/** Has a visitor come in and chat; she stays. */
export async function talkInWriting(scene: Scene): Promise<Visitor> {
  const visitor = await scene.enter('Ada');
  for (const [line, lastWords] of TALK) {
    print('Ada', line);
    await visitor.say(line);
    await visitor.hears((answer) => answer.includes(lastWords), LIMIT_MS);
    await visitor.shows('listening', LIMIT_MS);
  }
  return visitor;
}
