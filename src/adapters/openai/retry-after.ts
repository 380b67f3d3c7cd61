import { systemClock } from '../../lib/clock.ts';

/**
 * How long the provider asks to be left alone, in ms: OpenAI's `retry-after-ms`, else `retry-after`
 * in seconds or as a date (RFC 9110, 10.2.3).
 */
export function retryAfterOf(headers: Headers | undefined): number | undefined {
  const exact = toNumber(headers?.get('retry-after-ms'));
  if (exact !== undefined) return exact;
  const value = headers?.get('retry-after');
  const seconds = toNumber(value);
  if (seconds !== undefined) return seconds * 1_000;
  const date = Date.parse(value ?? '');
  return Number.isNaN(date) ? undefined : Math.max(0, date - systemClock.wallMs());
}

function toNumber(value: string | null | undefined): number | undefined {
  return value != null && /^\d+(?:\.\d+)?$/.test(value) ? Number(value) : undefined;
}
