import { createRequire } from 'node:module';
import type * as Root from '@cartesia/cartesia-js';
import type * as Ws from '@cartesia/cartesia-js/resources/tts/ws';

// The ESM build does not find the ws package and falls back to Node's own WebSocket, which puts the
// key into the address; so the CommonJS build is loaded, by hand.
const load = createRequire(import.meta.url);

/** The SDK's client. */
export const { Cartesia } = load('@cartesia/cartesia-js') as typeof Root;

/** The SDK's socket, before it connects: `tts.websocket()` connects before one can listen to errors. */
export const { TTSWS } = load('@cartesia/cartesia-js/resources/tts/ws') as typeof Ws;
