import { RoomEvent } from '@livekit/rtc-node';
import type { LocalParticipant, Participant, Room } from '@livekit/rtc-node';
import type { AgentState } from '../../conversation/events.ts';
import { isTroupeError } from '../../errors.ts';
import type { Observe } from '../../ports/observe.ts';
import type { Publisher } from './publisher.ts';
import { AGENT_STATE } from './token.ts';

/** How often in a row one state is tried. */
const MAX_TRIES = 3;

/**
 * Shows the agent's state as LiveKit's front ends read it. Nobody waits: one update is on its way at
 * a time, and of the states that come meanwhile only the last goes out after it.
 */
export function makeStateSender(
  room: Pick<Room, 'on' | 'off'>,
  publisher: Publisher,
  observe: Observe,
): (state: AgentState) => void {
  let next: AgentState | undefined;
  let sending = false;

  async function send(): Promise<void> {
    for (let tries = 0; next !== undefined;) {
      const state = next;
      next = undefined;
      const error = await failureOf(state);
      tries = error === undefined ? 0 : tries + 1;
      if (error !== undefined) observe({ type: 'publish-failed', what: 'agent state', error });
      if (isTroupeError(error, 'timeout') && tries < MAX_TRIES) next ??= state;
    }
    sending = false;
  }

  async function failureOf(state: AgentState): Promise<unknown> {
    try {
      await publisher.publish('the agent state', (ourselves) => setState(room, ourselves, state));
      return undefined;
    } catch (error) {
      return error;
    }
  }

  return (state) => {
    next = state;
    if (sending) return;
    sending = true;
    void send();
  };
}

/**
 * About one answer in ten gets lost in the native library (1.1.0), and the call then hangs for 5 s
 * though the state is shown: what the server tells of ourselves counts as well.
 */
async function setState(
  room: Pick<Room, 'on' | 'off'>,
  ourselves: LocalParticipant,
  state: AgentState,
): Promise<void> {
  const shown = Promise.withResolvers<void>();
  const look = (changed: Record<string, string>, { identity }: Participant): void => {
    if (identity === ourselves.identity && changed[AGENT_STATE] === state) shown.resolve();
  };
  room.on(RoomEvent.ParticipantAttributesChanged, look);
  try {
    await Promise.race([ourselves.setAttributes({ [AGENT_STATE]: state }), shown.promise]);
  } finally {
    room.off(RoomEvent.ParticipantAttributesChanged, look);
  }
}
