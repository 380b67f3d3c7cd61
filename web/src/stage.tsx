import { BarVisualizer } from '@livekit/components-react';
import type { AgentState, TrackReference } from '@livekit/components-react';
import { Portrait } from './portrait.tsx';
import type { Presence } from './presence.ts';

/** The character: name, what it does just now, its voice. */
export function Stage({
  name,
  presence,
  state,
  track,
  onEnd,
}: {
  readonly name: string;
  readonly presence: Presence;
  readonly state: AgentState;
  readonly track: TrackReference | undefined;
  readonly onEnd: () => void;
}) {
  return (
    <header className="stage">
      <Portrait of={name} />
      <div className="stage-words">
        <h1>{name}</h1>
        <output data-missing={presence.missing}>{presence.words}</output>
      </div>
      {presence.here && (
        <BarVisualizer
          aria-hidden="true"
          state={state}
          barCount={5}
          options={{ minHeight: 12 }}
          {...(track && { track })}
        />
      )}
      <button type="button" className="end" onClick={() => onEnd()}>
        End
      </button>
    </header>
  );
}
