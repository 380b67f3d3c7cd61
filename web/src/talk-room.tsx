import { LiveKitRoom, RoomAudioRenderer, StartAudio } from '@livekit/components-react';
import { ConnectionError, DisconnectReason, MediaDeviceFailure } from 'livekit-client';
import { useState } from 'react';
import type { ListedCharacter, OpenedSession } from '../../src/gateway/api.ts';
import { Talk } from './talk.tsx';

/** A talk that was opened for us. */
export interface OpenTalk {
  readonly session: OpenedSession;
  readonly character: ListedCharacter;
  /** Whether to begin by voice. */
  readonly microphone: boolean;
}

/** The room of one talk: joins, plays what is said, and leaves with the page. */
export function TalkRoom({
  talk: { session, character, microphone },
  onEnd,
}: {
  readonly talk: OpenTalk;
  /** `why` is for people; none where the guest wished it. */
  readonly onEnd: (why?: string) => void;
}) {
  const [trouble, setTrouble] = useState<string>();
  return (
    <LiveKitRoom
      className="talk"
      serverUrl={session.url}
      token={session.token}
      audio={microphone}
      onDisconnected={(reason) => onEnd(whyDisconnected(reason))}
      onMediaDeviceFailure={(failure) => setTrouble(whySilent(failure))}
      onError={(error) => {
        // A microphone's failure comes here too, without saying what can be done.
        if (error instanceof ConnectionError) onEnd('The room could not be entered.');
      }}
    >
      <RoomAudioRenderer />
      <Talk
        room={session.room}
        character={character}
        trouble={trouble}
        onTroubleRead={() => setTrouble(undefined)}
        onEnd={onEnd}
      />
      <StartAudio label="Turn on the sound" className="start-audio primary" />
    </LiveKitRoom>
  );
}

function whyDisconnected(reason: DisconnectReason | undefined): string | undefined {
  if (reason === DisconnectReason.CLIENT_INITIATED) return undefined;
  if (reason === DisconnectReason.ROOM_DELETED) return 'The room was closed.';
  return 'The connection was lost.';
}

function whySilent(failure: MediaDeviceFailure | undefined): string {
  const why = SILENT[failure ?? MediaDeviceFailure.Other];
  return `${why} You can type all the same.`;
}

const SILENT: Readonly<Record<MediaDeviceFailure, string>> = {
  [MediaDeviceFailure.PermissionDenied]: 'The microphone is blocked for this page.',
  [MediaDeviceFailure.NotFound]: 'No microphone was found.',
  [MediaDeviceFailure.DeviceInUse]: 'The microphone is in use by another program.',
  [MediaDeviceFailure.Other]: 'The microphone does not work.',
};
