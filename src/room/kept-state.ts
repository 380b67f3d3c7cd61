import type { AgentState } from '../conversation/events.ts';
import type { Clock, Timer } from '../lib/clock.ts';
import { GIVE_WAY_MS } from '../lib/give-way.ts';
import type { RoomLink } from '../ports/room-link.ts';

/** The agent's state as people see it, kept over its links. Disposal takes back what is not shown yet. */
export interface KeptState extends Disposable {
  /** That it thinks gives way to the thinking. */
  show(state: AgentState): void;
  /** Shows the last one again, by a link that has shown none. */
  again(): void;
}

/** `place` is where states are shown, and whether they may be just now. */
export function openKeptState(place: {
  readonly clock: Clock;
  readonly link: () => Pick<RoomLink, 'showAgentState'>;
  readonly mayPublish: () => boolean;
}): KeptState {
  let last: AgentState | undefined;
  let giving: Timer | undefined;
  const again = (): void => {
    giving?.[Symbol.dispose]();
    if (last !== undefined && place.mayPublish()) place.link().showAgentState(last);
  };
  return {
    again,
    show(state) {
      last = state;
      giving?.[Symbol.dispose]();
      if (state === 'thinking') giving = place.clock.after(GIVE_WAY_MS, again);
      else again();
    },
    [Symbol.dispose]: () => giving?.[Symbol.dispose](),
  };
}
