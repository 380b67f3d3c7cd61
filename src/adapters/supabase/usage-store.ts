import { z } from 'zod';
import type { UsageStore, UsageSum } from '../../ports/usage-store.ts';
import { callFunction } from './call.ts';
import type { Supabase } from './client.ts';
import { listOfKnown, storable } from './messages.ts';

/** What providers took, in Supabase's table `usage`. */
export function makeUsageStore(supabase: Supabase): UsageStore {
  return {
    async record(records, signal) {
      const args = { p_records: storable(records) };
      await callFunction(supabase, 'record_usage', args, z.unknown(), signal);
    },
    sum: ({ by, session, from, to }, signal) =>
      callFunction(
        supabase,
        'sum_usage',
        {
          p_by: by,
          p_session: session ?? null,
          p_from: from ?? null,
          p_to: to ?? null,
        },
        usageSums,
        signal,
      ),
  };
}

const usageSums = listOfKnown<UsageSum>(
  z.object({
    group: z.string(),
    kind: z.enum(['llm', 'stt', 'tts']),
    provider: z.string(),
    model: z
      .string()
      .nullable()
      .transform((model) => model ?? undefined),
    calls: z.number(),
    unpriced: z.number(),
    promptTokens: z.number(),
    completionTokens: z.number(),
    characters: z.number(),
    audioMs: z.number(),
    cost: z.number(),
  }),
);
