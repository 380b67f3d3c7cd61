import type { LiveKitServer } from '../../src/adapters/livekit/options.ts';
import { stackEnv } from './stack.ts';

/** The shared stack's LiveKit server. */
export function livekitServer(): LiveKitServer {
  const { LIVEKIT_URL = '', LIVEKIT_API_KEY = '', LIVEKIT_API_SECRET = '' } = stackEnv();
  return { url: LIVEKIT_URL, apiKey: LIVEKIT_API_KEY, apiSecret: LIVEKIT_API_SECRET };
}
