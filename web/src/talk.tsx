import { useChat, useLocalParticipant } from '@livekit/components-react';
import type { ListedCharacter } from '../../src/gateway/api.ts';
import { Controls } from './controls.tsx';
import { People } from './people.tsx';
import { Stage } from './stage.tsx';
import { Transcript } from './transcript.tsx';
import { useAgent } from './use-agent.ts';
import { useAnnounced } from './use-announced.ts';
import { useLines } from './use-lines.ts';
import { usePresence } from './use-presence.ts';
import { useSentAgain } from './use-sent-again.ts';
import { useTurnLatency } from './use-turn-latency.ts';
import { useVoiceWish } from './use-voice-wish.ts';

/** A talk as it is seen: who is there, what was said, what one can do. */
export function Talk({
  room,
  character,
  trouble,
  onTroubleRead,
  onEnd,
}: {
  readonly room: string;
  readonly character: ListedCharacter;
  readonly trouble: string | undefined;
  readonly onTroubleRead: () => void;
  readonly onEnd: () => void;
}) {
  const { agent, state, audioTrack } = useAgent();
  const { microphoneTrack, isMicrophoneEnabled } = useLocalParticipant();
  useAnnounced();
  const { chatMessages, send } = useChat();
  const presence = usePresence(character.name, agent !== undefined, state);
  const lines = useLines(chatMessages);
  useSentAgain(agent, presence.here, lines);
  // A character that speaks publishes its voice before it says that it listens.
  const deaf = presence.here && audioTrack === undefined;
  useVoiceWish(room, deaf, isMicrophoneEnabled);
  const latencyMs = useTurnLatency(lines, microphoneTrack?.audioTrack);
  return (
    <>
      <Stage
        name={character.name}
        presence={presence}
        state={state}
        track={audioTrack}
        onEnd={onEnd}
      />
      <main>
        <People latencyMs={latencyMs} />
        <Transcript lines={lines} partner={character.name} />
      </main>
      {trouble !== undefined && (
        <p className="error banner" role="alert">
          {trouble}{' '}
          <button type="button" className="plain" onClick={onTroubleRead}>
            Dismiss
          </button>
        </p>
      )}
      {deaf && isMicrophoneEnabled && (
        <output className="note">{character.name} does not hear you yet.</output>
      )}
      <Controls partner={character.name} send={send} />
    </>
  );
}
