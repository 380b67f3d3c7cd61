import { RoomEvent } from '@livekit/rtc-node';
import type { RemoteParticipant, Room } from '@livekit/rtc-node';
import type { Person } from '../../conversation/events.ts';
import type { Clock, Timer } from '../../lib/clock.ts';
import type { LinkEvent } from '../../ports/room-link.ts';
import { toPerson } from './people.ts';

/** How long before a leaving is believed: our own new connection begins with everybody leaving. */
const BELIEVED_AFTER_MS = 200;

/** Who else is in the room. */
export interface Presence {
  readonly people: () => readonly Person[];
  /** Our path is cut or gone: who seems to leave now, or did a moment ago, has not left. */
  readonly doubt: () => void;
}

/** Watches people come and go while `isUp`; after a cut only `people` knows who is there. */
export function watchPeople(
  room: Room,
  clock: Clock,
  isUp: () => boolean,
  emit: (event: LinkEvent) => void,
): Presence {
  const leaving = new Map<string, Timer>();

  function keep(identity: string): void {
    leaving.get(identity)?.[Symbol.dispose]();
    leaving.delete(identity);
  }

  function onCome(participant: RemoteParticipant): void {
    keep(participant.identity);
    if (isUp()) emit({ type: 'person-joined', person: toPerson(participant) });
  }

  function onGone({ identity }: RemoteParticipant): void {
    if (!isUp()) return;
    const believe = (): void => {
      leaving.delete(identity);
      emit({ type: 'person-left', identity });
    };
    keep(identity);
    leaving.set(identity, clock.after(BELIEVED_AFTER_MS, believe));
  }

  room.on(RoomEvent.ParticipantConnected, onCome);
  room.on(RoomEvent.ParticipantDisconnected, onGone);
  room.on(RoomEvent.ParticipantNameChanged, (_name, { identity }) => {
    const other = room.remoteParticipants.get(identity);
    if (other !== undefined) onCome(other);
  });
  return {
    people: () => [...room.remoteParticipants.values()].map(toPerson),
    doubt() {
      for (const identity of leaving.keys()) keep(identity);
    },
  };
}
