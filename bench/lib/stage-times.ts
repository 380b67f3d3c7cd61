import type { ReplyTimed } from '../../dev/voice/answers.ts';
import { openLookout } from './lookout.ts';
import type { WorkerEvent } from './measured-worker.ts';

/** The stages of one spoken reply as its bot took them, in ms; what did not happen is left out. */
export interface Stages extends Omit<ReplyTimed, 'moments'> {
  /** When the reply was over, in ms since 1970. */
  readonly endedAt: number;
}

/** The stage times that workers tell, each room's in order. */
export interface StageTimes {
  see(event: WorkerEvent): void;
  /** How many replies of this room are over that were heard. */
  count(room: string): number;
  /** Resolves with the reply of that number, from 0 on; undefined: it was not over in time. */
  of(room: string, number: number, limitMs: number): Promise<Stages | undefined>;
}

export function openStageTimes(): StageTimes {
  const told = new Map<string, readonly Stages[]>();
  const lookout = openLookout();
  return {
    see({ event, at: endedAt, line }) {
      if (event !== 'reply-timed') return;
      const room = String(line['room']);
      const stages = { ...line, endedAt } as unknown as Stages;
      told.set(room, [...(told.get(room) ?? []), stages]);
      lookout.changed();
    },
    count: (room) => told.get(room)?.length ?? 0,
    of: (room, number, limitMs) => lookout.until(() => told.get(room)?.[number], limitMs),
  };
}
