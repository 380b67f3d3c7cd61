import type { Participant } from 'livekit-client';

/** How a participant is called: an identity is for machines, and only better than nothing. */
export function nameOf({ name, identity }: Pick<Participant, 'name' | 'identity'>): string {
  return name?.trim() || identity;
}
