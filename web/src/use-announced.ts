import { useConnectionState, useLocalParticipant } from '@livekit/components-react';
import { ConnectionState } from 'livekit-client';
import { useEffect } from 'react';

/**
 * Makes the server tell the others at once that we are here, and later that we have gone: for whoever
 * publishes nothing, such as a guest who types, it waits up to 3 s, and the character would greet a
 * talk that has begun. Nothing is ever sent on this track.
 */
export function useAnnounced(): void {
  const { localParticipant } = useLocalParticipant();
  const connected = useConnectionState() === ConnectionState.Connected;
  useEffect(() => {
    if (!connected) return;
    // Unannounced is late, not wrong.
    localParticipant.publishDataTrack({ name: 'here' }).catch(() => undefined);
  }, [connected, localParticipant]);
}
