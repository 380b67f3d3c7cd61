import { createHash } from 'node:crypto';
import { AccessToken, TrackSource } from 'livekit-server-sdk';
import type { JoinRequest } from '../../ports/room-link.ts';
import type { LiveKitServer } from './options.ts';

/** The longest identity that a server takes by default, in bytes; as long as a room's name may be. */
const MAX_IDENTITY_BYTES = 256;

/** The one identity that bots of `room` share, so that a newer one evicts an older one. */
export function botIdentity(room: string): string {
  const identity = `bot-${room}`;
  if (Buffer.byteLength(identity) <= MAX_IDENTITY_BYTES) return identity;
  return `bot-${createHash('sha256').update(room).digest('hex')}`;
}

/** The attribute in which LiveKit's front ends look for what an agent does. */
export const AGENT_STATE = 'lk.agent.state';

/** A listener is there for seconds, and enters at once. */
const LISTENER_LIFETIME_S = 10;

/** Mints the token of a hidden participant that may listen to one room, and nothing else. */
export async function mintListenerToken(
  server: LiveKitServer,
  room: string,
  identity: string,
): Promise<string> {
  const token = new AccessToken(server.apiKey, server.apiSecret, {
    identity,
    ttl: LISTENER_LIFETIME_S,
  });
  // Of the bot's kind, so that it takes no place from a guest where a room has a limit.
  token.kind = 'agent';
  token.addGrant({
    roomJoin: true,
    room,
    hidden: true,
    canSubscribe: true,
    canPublish: false,
    canPublishData: false,
  });
  return await token.toJwt();
}

/**
 * Mints the token for one join. It is good for that room only and lives about as long as the join
 * may take, so a leaked one is worth little; the server hands out fresh ones while we are there.
 * Kind agent and the attributes are what LiveKit's front ends look for. The grant `agent` is left out:
 * it would let its bearer register as a worker of LiveKit's Agents framework, for all rooms
 * (livekit-server, pkg/service/agentservice.go), and the kind alone does what a bot needs.
 */
export async function mintToken(
  server: LiveKitServer,
  { room, name }: JoinRequest,
  lifetimeMs: number,
): Promise<string> {
  const token = new AccessToken(server.apiKey, server.apiSecret, {
    identity: botIdentity(room),
    name,
    ttl: Math.ceil(lifetimeMs / 1_000),
    attributes: {
      [AGENT_STATE]: 'initializing',
      // The SDKs' spelling and the server's.
      'lk.agent.name': name,
      'lk.agent_name': name,
    },
  });
  token.kind = 'agent';
  token.addGrant({
    roomJoin: true,
    room,
    canPublish: true,
    canPublishSources: [TrackSource.MICROPHONE],
    canSubscribe: true,
    canPublishData: true,
    canUpdateOwnMetadata: true,
  });
  return await token.toJwt();
}
