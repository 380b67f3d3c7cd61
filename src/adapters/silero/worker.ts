import { parentPort } from 'node:worker_threads';
import type { Answer, Question } from './messages.ts';
import { loadModel } from './model.ts';

// The model's own thread: inference blocks, and the sound of all rooms waits for the main one. It
// catches nothing: an error ends the thread, and the other side hears of it.
if (parentPort === null) throw new Error('this file is a worker thread');
const port = parentPort;
const model = await loadModel();

port.on('message', (question: Question) => void answer(question));
port.postMessage({ type: 'loaded' } satisfies Answer);

async function answer(question: Question): Promise<void> {
  if (question.type === 'forget') return model.forget(question.stream);
  const probabilities = await model.judge(question.streams, question.samples);
  port.postMessage({ type: 'judged', probabilities } satisfies Answer, [probabilities.buffer]);
}
