import { RoomEvent } from '@livekit/rtc-node';
import type { RemoteParticipant, Room } from '@livekit/rtc-node';
import type { Person } from '../../conversation/events.ts';
import type { Clock, Timer } from '../../lib/clock.ts';
import type { LinkEvent } from '../../ports/room-link.ts';
import { toPerson } from './people.ts';

/** How long before a leaving is believed: a new connection of ours begins with everybody leaving. */
const BELIEVED_AFTER_MS = 200;

/** Who else is in the room. */
export interface Presence extends Disposable {
  readonly people: () => readonly Person[];
  /** Our path was cut: nobody who seems to leave now has left. */
  readonly doubt: () => void;
}

/** Watches people come and go. */
export function watchPeople(room: Room, clock: Clock, emit: (event: LinkEvent) => void): Presence {
  const leaving = new Map<string, Timer>();

  function keep(identity: string): void {
    leaving.get(identity)?.[Symbol.dispose]();
    leaving.delete(identity);
  }

  function doubt(): void {
    for (const identity of leaving.keys()) keep(identity);
  }

  function onCome(participant: RemoteParticipant): void {
    keep(participant.identity);
    emit({ type: 'person-joined', person: toPerson(participant) });
  }

  function onGone({ identity }: RemoteParticipant): void {
    const believe = (): void => {
      leaving.delete(identity);
      emit({ type: 'person-left', identity });
    };
    keep(identity);
    leaving.set(identity, clock.after(BELIEVED_AFTER_MS, believe));
  }

  room.on(RoomEvent.ParticipantConnected, onCome);
  room.on(RoomEvent.ParticipantDisconnected, onGone);
  room.on(RoomEvent.ParticipantNameChanged, (_name, participant) => {
    const other = room.remoteParticipants.get(participant.identity);
    if (other !== undefined) onCome(other);
  });
  return {
    people: () => [...room.remoteParticipants.values()].map(toPerson),
    doubt,
    [Symbol.dispose]: doubt,
  };
}
