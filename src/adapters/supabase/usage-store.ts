import { z } from 'zod';
import { TroupeError } from '../../errors.ts';
import type { UsageStore, UsageSum } from '../../ports/usage-store.ts';
import { callFunction } from './call.ts';
import type { Supabase } from './client.ts';
import { storable } from './messages.ts';

/** What providers took, in Supabase's table `usage`. */
export function makeUsageStore(supabase: Supabase): UsageStore {
  return {
    async record(records, signal) {
      const args = { p_records: storable(records) };
      await callFunction(supabase, 'record_usage', args, z.unknown(), signal);
    },
    async sum({ by, session, from, to }, signal) {
      const args = {
        p_by: by,
        p_session: session ?? null,
        p_from: from ?? null,
        p_to: to ?? null,
      };
      const sums = await callFunction(supabase, 'sum_usage', args, usageSums, signal);
      return sums.map((sum) => {
        if (isKnown(sum)) return sum;
        throw unknownKind(sum.kind);
      });
    },
  };
}

const KINDS = ['llm', 'stt', 'tts'] satisfies readonly UsageSum['kind'][];

const usageSums = z.array(
  z.object({
    group: z.string(),
    kind: z.string(),
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

function isKnown(sum: z.output<typeof usageSums>[number]): sum is typeof sum & UsageSum {
  return (KINDS as readonly string[]).includes(sum.kind);
}

/** A sum without what a newer version has written would be too low, and nobody would know. */
function unknownKind(kind: string): TroupeError {
  const what = `the table usage has calls of a kind that this version does not know`;
  const todo = 'ask with the version of troupe that wrote them';
  return new TroupeError(`${what} (${JSON.stringify(kind.slice(0, 40))}): ${todo}`, {
    kind: 'malformed',
    fault: 'fleet',
    service: 'database',
  });
}
