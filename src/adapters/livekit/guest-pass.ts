import { AccessToken, TrackSource } from 'livekit-server-sdk';
import type { Clock } from '../../lib/clock.ts';
import type { MintGuestPass } from '../../ports/guest-pass.ts';
import { websocketUrl } from './options.ts';
import type { LiveKitServer } from './options.ts';

/** Long enough to think about the microphone; the server renews the token of whoever is in. */
const LIFETIME_MS = 10 * 60_000;

/** Makes what mints tokens for people: one room, a microphone and words, nothing to administer. */
export function makeGuestPasses(server: LiveKitServer, clock: Clock): MintGuestPass {
  return async ({ room, identity, name }) => {
    const token = new AccessToken(server.apiKey, server.apiSecret, {
      identity,
      name,
      ttl: LIFETIME_MS / 1_000,
    });
    token.addGrant({
      roomJoin: true,
      room,
      canPublish: true,
      canPublishSources: [TrackSource.MICROPHONE],
      canPublishData: true,
      canSubscribe: true,
    });
    const expiresAt = clock.wallMs() + LIFETIME_MS;
    return { url: websocketUrl(server), token: await token.toJwt(), expiresAt };
  };
}
