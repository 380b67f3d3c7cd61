import { readFileSync } from 'node:fs';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { WINDOW_SAMPLES } from './windows.ts';

/** The model with what it remembers of each stream. */
export interface Model {
  /**
   * How surely each stream's window holds speech, 0 to 1. `samples` are the windows one behind the
   * other; a stream occurs at most once. One call at a time: it blocks its thread while it works.
   */
  judge(streams: readonly number[], samples: Int16Array): Promise<Float32Array<ArrayBuffer>>;
  /** The stream is over. */
  forget(stream: number): void;
}

/** Loads Silero VAD v6 from beside this file. */
export async function loadModel(): Promise<Model> {
  const bytes = readFileSync(new URL('silero-vad-v6.onnx', import.meta.url));
  // The model is too small to be shared out: more threads cost more than they bring.
  const session = await InferenceSession.create(bytes, { intraOpNumThreads: 1 });
  const memories = new Map<number, Memory>();
  return {
    async judge(streams, samples) {
      const batch = streams.map((stream) => recall(memories, stream));
      const { output, stateN } = await session.run({
        input: new Tensor('float32', takeInput(batch, samples), [batch.length, INPUT_SAMPLES]),
        state: new Tensor('float32', joinStates(batch), [LAYERS, batch.length, UNITS]),
        sr: SAMPLE_RATE,
      });
      splitStates(batch, floatsOf(stateN));
      // A copy: the answer crosses threads, and the tensor's memory belongs to the runtime.
      return new Float32Array(floatsOf(output));
    },
    forget: (stream) => void memories.delete(stream),
  };
}

/** Without the end of the window before, version 6 hears no speech at all. */
const CONTEXT_SAMPLES = 64;
const INPUT_SAMPLES = CONTEXT_SAMPLES + WINDOW_SAMPLES;
/** The recurrent state: of each stream two rows, which a batch keeps in two blocks. */
const LAYERS = 2;
const UNITS = 128;
const SAMPLE_RATE = new Tensor('int64', BigInt64Array.of(16_000n), []);

interface Memory {
  readonly context: Float32Array;
  readonly state: Float32Array;
}

function recall(memories: Map<number, Memory>, stream: number): Memory {
  const known = memories.get(stream);
  if (known !== undefined) return known;
  const memory = {
    context: new Float32Array(CONTEXT_SAMPLES),
    state: new Float32Array(LAYERS * UNITS),
  };
  memories.set(stream, memory);
  return memory;
}

/** Each window behind its context; its own end is the next one's context. */
function takeInput(batch: readonly Memory[], samples: Int16Array): Float32Array {
  const input = new Float32Array(batch.length * INPUT_SAMPLES);
  for (const [row, { context }] of batch.entries()) {
    const from = row * INPUT_SAMPLES;
    input.set(context, from);
    for (let at = 0; at < WINDOW_SAMPLES; at += 1) {
      input[from + CONTEXT_SAMPLES + at] = (samples[row * WINDOW_SAMPLES + at] ?? 0) / 32_768;
    }
    context.set(input.subarray(from + WINDOW_SAMPLES, from + INPUT_SAMPLES));
  }
  return input;
}

function joinStates(batch: readonly Memory[]): Float32Array {
  const joined = new Float32Array(LAYERS * batch.length * UNITS);
  for (const [row, { state }] of batch.entries()) {
    for (let layer = 0; layer < LAYERS; layer += 1) {
      const units = state.subarray(layer * UNITS, (layer + 1) * UNITS);
      joined.set(units, (layer * batch.length + row) * UNITS);
    }
  }
  return joined;
}

function splitStates(batch: readonly Memory[], joined: Float32Array): void {
  for (const [row, { state }] of batch.entries()) {
    for (let layer = 0; layer < LAYERS; layer += 1) {
      const from = (layer * batch.length + row) * UNITS;
      state.set(joined.subarray(from, from + UNITS), layer * UNITS);
    }
  }
}

function floatsOf(tensor: Tensor | undefined): Float32Array {
  if (tensor?.data instanceof Float32Array) return tensor.data;
  throw new Error('the model gives something else than it should');
}
