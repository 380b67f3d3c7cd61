import type { Activation, ParsedActivation } from './activation.ts';

/**
 * What becomes of a delivery before anybody is asked. Duplicates are not known here: a delivery
 * proves that nobody holds that room's message, so only the database can call it one.
 */
export type Admission =
  | { readonly kind: 'accept'; readonly activation: Activation }
  /** It stands in another room's way: to be re-sent into its own group. */
  | { readonly kind: 'reroute'; readonly activation: Activation }
  | { readonly kind: 'malformed'; readonly reason: string }
  /** We are leaving: to be handed back. */
  | { readonly kind: 'draining' };

/** Decides by the message alone. `homeGroup` is the group that the room's messages belong to. */
export function admit(
  parsed: ParsedActivation,
  stands: { readonly group: string; readonly homeGroup: string | undefined },
  draining: boolean,
): Admission {
  if (draining) return { kind: 'draining' };
  if (!parsed.ok) return { kind: 'malformed', reason: parsed.reason };
  const { activation } = parsed;
  // A successor stays where its predecessor stood: its sender copied the group.
  const rerouted = activation.generation === undefined && stands.group !== stands.homeGroup;
  return { kind: rerouted ? 'reroute' : 'accept', activation };
}
