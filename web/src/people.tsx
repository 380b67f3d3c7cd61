import { useIsSpeaking, useParticipants } from '@livekit/components-react';
import type { Participant } from 'livekit-client';
import { nameOf } from './names.ts';

/** Who is in the room, who speaks just now, and how long the last answer took. */
export function People({ latencyMs }: { readonly latencyMs: number | undefined }) {
  const people = useParticipants();
  return (
    <div className="people">
      <ul aria-label="In the room">
        {people.map((person) => (
          <Person key={person.identity} person={person} />
        ))}
      </ul>
      {latencyMs !== undefined && (
        <p className="latency" title="From your last word to the first of the answer">
          answered in {(latencyMs / 1_000).toFixed(2)} s
        </p>
      )}
    </div>
  );
}

function Person({ person }: { readonly person: Participant }) {
  const speaking = useIsSpeaking(person);
  return (
    <li data-speaking={speaking}>
      <span className="dot" aria-hidden="true" />
      {nameOf(person)}
      {person.isLocal && ' (you)'}
      {speaking && <span className="unseen"> speaks</span>}
    </li>
  );
}
