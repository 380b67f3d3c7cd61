import type { ProviderCall } from './meter.ts';

/** What one call of a provider took, and for whom. */
export interface UsageRecord extends ProviderCall {
  /** Unique: a repeat is ignored. */
  readonly id: string;
  readonly session?: string;
  readonly room?: string;
  readonly turnId?: string;
}

/** How usage is summed up: by talk, by time, or by whom it is paid to. */
export type UsageGrouping = 'session' | 'hour' | 'day' | 'month' | 'provider';

/** Which usage is summed up; times in ms since 1970, `to` exclusive. */
export interface UsageQuestion {
  readonly by: UsageGrouping;
  readonly session?: string;
  readonly from?: number;
  readonly to?: number;
}

/** The usage of one group, by provider and model. */
export interface UsageSum {
  /** The session's id, the hour, day or month in UTC (`2026-11-29 16:00`), or the provider. */
  readonly group: string;
  readonly kind: ProviderCall['kind'];
  readonly provider: string;
  readonly model: string | undefined;
  readonly calls: number;
  /** Of them those without a known price. */
  readonly unpriced: number;
  readonly promptTokens: number;
  readonly completionTokens: number;
  readonly characters: number;
  readonly audioMs: number;
  /** In US dollars. */
  readonly cost: number;
}

/** Where usage is kept. Every call has its own timeout and throws TroupeError of service `database`. */
export interface UsageStore {
  record(records: readonly UsageRecord[], signal?: AbortSignal): Promise<void>;
  /** Ordered by group, then by kind, provider and model. */
  sum(question: UsageQuestion, signal?: AbortSignal): Promise<readonly UsageSum[]>;
}
