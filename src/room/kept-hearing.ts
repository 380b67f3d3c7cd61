import type { RoomLink } from '../ports/room-link.ts';
import type { RoomSound } from '../ports/room-sound.ts';

/** What is heard in the room, over all links into it. */
export interface KeptHearing extends Pick<RoomSound, 'hear'> {
  /** There is a new link: who hears goes on hearing there. */
  readonly moved: () => void;
}

/** Each microphone closes with its link and is opened anew on the next. */
export function openKeptHearing(link: () => RoomLink): KeptHearing {
  const hearings = new Set<{ readonly open: OpenMicrophone; on: Disposable }>();
  return {
    hear(open) {
      const hearing = { open, on: link().hear(open) };
      hearings.add(hearing);
      return {
        [Symbol.dispose]() {
          hearings.delete(hearing);
          hearing.on[Symbol.dispose]();
        },
      };
    },
    moved() {
      for (const hearing of hearings) {
        hearing.on[Symbol.dispose]();
        hearing.on = link().hear(hearing.open);
      }
    },
  };
}

type OpenMicrophone = Parameters<RoomSound['hear']>[0];
