import { AccessToken } from 'livekit-server-sdk';
import type { LiveKitAddress } from '../../dev/livekit/server.ts';

/** A token for a peer's bot; of kind agent, for visitors listen to bots alone. */
export async function mintBotToken(
  { apiKey, apiSecret }: Pick<LiveKitAddress, 'apiKey' | 'apiSecret'>,
  room: string,
): Promise<string> {
  const token = new AccessToken(apiKey, apiSecret, { identity: `bot-${room}`, ttl: '1d' });
  token.kind = 'agent';
  token.addGrant({
    roomJoin: true,
    room,
    canPublish: true,
    canSubscribe: true,
    canPublishData: true,
  });
  return await token.toJwt();
}
