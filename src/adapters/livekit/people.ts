import { ParticipantKind } from '@livekit/rtc-node';
import type { RemoteParticipant } from '@livekit/rtc-node';
import type { Person } from '../../conversation/events.ts';

/** A participant as the talk knows it. */
export function toPerson(participant: RemoteParticipant): Person {
  const { identity, name, kind, attributes } = participant;
  // An avatar or another helper that speaks for an agent is a bot, whatever kind it joined as.
  const isHelper = attributes['lk.publish_on_behalf'] !== undefined;
  return {
    identity,
    name: name || identity,
    kind: BOTS.has(kind) || isHelper ? 'bot' : 'human',
  };
}

/** Somebody whom the server has not announced yet: that takes up to 3 s for one without tracks. */
export function toStranger(identity: string): Person {
  return { identity, name: identity, kind: 'human' };
}

/** The others are people: by web, by telephone (SIP), or through a connector or bridge. */
const BOTS: ReadonlySet<ParticipantKind> = new Set([
  ParticipantKind.AGENT,
  ParticipantKind.EGRESS,
  ParticipantKind.INGRESS,
]);
