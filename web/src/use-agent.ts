import { useVoiceAssistant } from '@livekit/components-react';
import type { AgentState, VoiceAssistant } from '@livekit/components-react';
import { ParticipantEvent } from 'livekit-client';
import { useCallback, useSyncExternalStore } from 'react';

/**
 * The room's agent. The stock hook hears of a state only once it has listened: one that comes between its
 * rendering and that is lost to it, and an agent that is ready at once looks as if it never were.
 */
export function useAgent(): Pick<VoiceAssistant, 'agent' | 'state' | 'audioTrack'> {
  const { agent, state, audioTrack } = useVoiceAssistant();
  const listen = useCallback(
    (changed: () => void) => {
      agent?.on(ParticipantEvent.AttributesChanged, changed);
      return () => void agent?.off(ParticipantEvent.AttributesChanged, changed);
    },
    [agent],
  );
  const shown = useSyncExternalStore(listen, () => agent?.attributes['lk.agent.state']);
  const isThere = state !== 'disconnected' && shown !== undefined;
  return { agent, state: isThere ? (shown as AgentState) : state, audioTrack };
}
