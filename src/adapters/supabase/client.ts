import { createClient } from '@supabase/supabase-js';
import type { SupabaseClient } from '@supabase/supabase-js';

/** What reaches a Supabase project. */
export interface SupabaseOptions {
  readonly url: string;
  readonly serviceRoleKey: string;
  /** How long one call may take, in ms. Default 5,000. */
  readonly timeoutMs?: number;
}

/** A project's Data API. It holds no socket open and needs no closing. */
export interface Supabase {
  readonly api: SupabaseClient;
  readonly timeoutMs: number;
}

/**
 * Makes the client that all Supabase adapters share: no auth session to refresh, no hidden retries
 * (supabase-js repeats a failed read for 7 s otherwise), realtime never connected.
 */
export function makeSupabase(options: SupabaseOptions): Supabase {
  const { url, serviceRoleKey, timeoutMs = 5_000 } = options;
  const api = createClient(url, serviceRoleKey, {
    auth: { persistSession: false, autoRefreshToken: false, detectSessionInUrl: false },
    db: { retry: false },
  });
  return { api, timeoutMs };
}
