import { openSpeechSimulator } from '../speech/server.ts';
import type { SimulatorOptions, SpeechSimulator } from '../speech/server.ts';
import { makeGladiaWire } from './wire.ts';

/**
 * Starts Gladia's live speech-to-text on 127.0.0.1: strict, understanding the recordings of
 * `dev/speech`, with books of its own and faults on command. Throws when the port is taken.
 */
export function openGladiaSimulator(options: SimulatorOptions = {}): Promise<SpeechSimulator> {
  return openSpeechSimulator({ defaults: DEFAULTS, makeWire: makeGladiaWire }, options);
}

const DEFAULTS = {
  apiKey: 'gladia-simulated',
  latency: { connectMs: 0, partialMs: 50, finalMs: 250 },
  confidence: null,
  concurrency: 1_000,
  idleMs: 300_000,
};
