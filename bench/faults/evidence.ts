import type { Observations } from './observations.ts';

/** A span of time, both ends in ms since 1970. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** Something that was seen, and when, in ms since 1970. */
export interface Sighting {
  readonly at: number;
  readonly text: string;
}

/** What was seen of one room within a span, from outside the workers, in the order of its times. */
export function evidenceOf(
  room: string,
  { leases, asked, lines, seats, sent, requests, saves }: Observations,
  span: Span,
): readonly Sighting[] {
  const tokens = new Set(asked.flatMap((one) => (one.room === room ? [one.token] : [])));
  const of = <T extends { readonly room: string; readonly at: number }>(
    all: readonly T[],
    write: (one: T) => string,
  ): readonly Sighting[] =>
    all.filter((one) => one.room === room).map((one) => ({ at: one.at, text: write(one) }));
  return [
    ...of(leases, ({ status, epoch, worker, arrival }) =>
      `lease ${status} epoch ${epoch} ${worker} ${arrival ?? ''}`.trimEnd(),
    ),
    ...of(asked, ({ token }) => `visitor asks ${token}`),
    ...of(lines, ({ sid, token }) => `visitor reads ${token ?? 'a line'} of ${sid || 'a voice'}`),
    ...of(seats, ({ here }) => (here ? 'visitor is here' : 'visitor is gone')),
    ...of(sent, ({ kind, messageId }) => `queue takes ${kind} ${messageId}`),
    ...requests
      .filter(({ token }) => tokens.has(token))
      .map(({ at, worker, token }) => ({ at, text: `model is asked ${token} by ${worker}` })),
    ...saves
      .filter(({ session }) => session === room)
      .map(({ at, epoch, messages }) => ({
        at,
        text: `memory of ${messages.length} saved by epoch ${epoch}, last ${messages.at(-1)?.id}`,
      })),
  ]
    .filter(({ at }) => at > span.from && at <= span.to)
    .toSorted((a, b) => a.at - b.at);
}
