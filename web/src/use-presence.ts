import { useConnectionState } from '@livekit/components-react';
import type { AgentState } from '@livekit/components-react';
import { ConnectionState } from 'livekit-client';
import { useEffect, useState } from 'react';
import { describePresence } from './presence.ts';
import type { Presence } from './presence.ts';

/** As long as LiveKit's own front ends wait for an agent. */
const PATIENCE_MS = 20_000;

/** Follows the character's coming and going. */
export function usePresence(name: string, inRoom: boolean, state: AgentState): Presence {
  const [seen, setSeen] = useState({ inRoom: false, cameBefore: false, overdue: false });
  if (seen.inRoom !== inRoom) {
    setSeen({ inRoom, cameBefore: seen.cameBefore || inRoom, overdue: false });
  }
  useEffect(() => {
    if (inRoom) return undefined;
    const timer = setTimeout(() => setSeen((so) => ({ ...so, overdue: true })), PATIENCE_MS);
    return () => clearTimeout(timer);
  }, [inRoom]);
  const cutOff = CUT_OFF.has(useConnectionState());
  return describePresence(name, { ...seen, state, cutOff });
}

const CUT_OFF: ReadonlySet<ConnectionState> = new Set([
  ConnectionState.Reconnecting,
  ConnectionState.SignalReconnecting,
]);
