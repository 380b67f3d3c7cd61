import { AccessToken } from 'livekit-server-sdk';
import type { LiveKitAddress } from './server.ts';

/** Who enters which room. */
export interface Guest {
  readonly room: string;
  readonly identity: string;
  readonly name: string;
}

/** A token for a person who talks, listens and writes; good for a day. */
export async function mintGuestToken(
  { apiKey, apiSecret }: Pick<LiveKitAddress, 'apiKey' | 'apiSecret'>,
  { room, identity, name }: Guest,
): Promise<string> {
  const token = new AccessToken(apiKey, apiSecret, { identity, name, ttl: '1d' });
  token.addGrant({
    roomJoin: true,
    room,
    canPublish: true,
    canSubscribe: true,
    canPublishData: true,
  });
  return await token.toJwt();
}
