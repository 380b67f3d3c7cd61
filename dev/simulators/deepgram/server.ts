import { openSpeechSimulator } from '../speech/server.ts';
import type { SimulatorOptions, SpeechSimulator } from '../speech/server.ts';
import { makeDeepgramWire } from './wire.ts';

/**
 * Starts Deepgram's live speech-to-text on 127.0.0.1: strict, understanding the recordings of
 * `dev/speech`, with books of its own and faults on command. Each connection is a stream of the
 * books. Throws when the port is taken.
 */
export function openDeepgramSimulator(options: SimulatorOptions = {}): Promise<SpeechSimulator> {
  return openSpeechSimulator({ defaults: DEFAULTS, makeWire: makeDeepgramWire }, options);
}

const DEFAULTS = {
  apiKey: 'deepgram-simulated',
  latency: { connectMs: 0, partialMs: 50, finalMs: 250 },
  confidence: null,
  concurrency: 1_000,
  idleMs: 10_000,
};
