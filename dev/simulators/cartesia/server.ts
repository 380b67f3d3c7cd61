import type { IncomingMessage } from 'node:http';
import { openVoiceSimulator } from '../voice/server.ts';
import type { Refusal } from '../common/websockets.ts';
import type { SimulatorOptions, VoiceSimulator, Wire } from '../voice/server.ts';
import type { Settings } from '../voice/settings.ts';
import { serveContexts } from './contexts.ts';

/**
 * Starts Cartesia's `/tts/websocket` on 127.0.0.1, as version 2026-08-14 documents it, strict, with
 * real sound, its own books and faults on command. Throws when the port is taken.
 */
export function openCartesiaSimulator(options: SimulatorOptions = {}): Promise<VoiceSimulator> {
  return openVoiceSimulator(WIRE, options);
}

const VERSION = '2026-08-14';

const WIRE: Wire = {
  defaults: {
    apiKey: 'sk_car_simulated',
    latency: { connectMs: 0, firstSoundMs: 90 },
    speed: 6,
    letterMs: 60,
    leadingSilenceMs: 0,
    concurrency: 1_000,
    idleMs: 300_000,
  },
  refuse,
  fail: (fault) => FAILURES[fault],
  serve: serveContexts,
};

/** Browsers cannot set headers: the same may stand in the query. */
function refuse(request: IncomingMessage, url: URL, settings: Settings): Refusal | undefined {
  if (url.pathname !== '/tts/websocket') return refusal(404, 'not_found', 'No such path');
  const version = request.headers['cartesia-version'] ?? url.searchParams.get('cartesia_version');
  if (version !== VERSION) {
    return refusal(400, 'invalid_version', `Cartesia-Version must be ${VERSION}`);
  }
  const [, bearer] = /^Bearer (\S+)$/u.exec(request.headers.authorization ?? '') ?? [];
  const key = bearer ?? url.searchParams.get('api_key');
  return key === settings.apiKey ? undefined : FAILURES.unauthorized;
}

function refusal(status: number, error_code: string, message: string): Refusal {
  return { status, body: { error_code, title: message, message, status_code: status } };
}

const FAILURES = {
  unauthorized: refusal(401, 'unauthorized', 'Invalid API key'),
  'too-many': refusal(429, 'rate_limited', 'Too many requests'),
  unavailable: refusal(503, 'unavailable', 'Service unavailable'),
};
