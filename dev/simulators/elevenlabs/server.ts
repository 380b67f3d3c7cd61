import type { IncomingMessage } from 'node:http';
import { prettifyError } from 'zod';
import { openVoiceSimulator } from '../voice/server.ts';
import type { Refusal } from '../common/websockets.ts';
import type { SimulatorOptions, VoiceSimulator, Wire } from '../voice/server.ts';
import type { Settings } from '../voice/settings.ts';
import { readAddress } from './address.ts';
import { serveContexts } from './contexts.ts';

/**
 * Starts ElevenLabs' `multi-stream-input` on 127.0.0.1, strict, with real sound, its own books and
 * faults on command. Throws when the port is taken.
 */
export function openElevenLabsSimulator(options: SimulatorOptions = {}): Promise<VoiceSimulator> {
  return openVoiceSimulator(WIRE, options);
}

const WIRE: Wire = {
  defaults: {
    apiKey: 'sk_eleven_simulated',
    latency: { connectMs: 0, firstSoundMs: 120 },
    speed: 6,
    letterMs: 60,
    leadingSilenceMs: 0,
    concurrency: 1_000,
    idleMs: 180_000,
  },
  refuse,
  fail: (fault) => FAILURES[fault],
  serve: serveContexts,
};

function refuse(request: IncomingMessage, url: URL, settings: Settings): Refusal | undefined {
  if (request.headers['xi-api-key'] !== settings.apiKey) return FAILURES.unauthorized;
  const address = readAddress(url);
  if (address === undefined) return refusal(404, 'not_found', 'No such path');
  if (address.success) return undefined;
  return refusal(422, 'invalid_parameters', prettifyError(address.error));
}

function refusal(status: number, name: string, message: string): Refusal {
  return { status, body: { detail: { status: name, message } } };
}

const FAILURES = {
  unauthorized: refusal(401, 'invalid_api_key', 'Invalid API key'),
  'too-many': refusal(429, 'too_many_concurrent_requests', 'Too many concurrent requests'),
  unavailable: refusal(503, 'unavailable', 'Service unavailable'),
};
