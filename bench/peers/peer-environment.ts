import type { Stack } from '../../dev/stack.ts';
import type { Mode } from './contender.ts';

/** What a peer's program needs to use the stack; the same for all of them. */
export function peerEnvironment(
  { env, livekit, llm }: Pick<Stack, 'env' | 'livekit' | 'llm'>,
  mode: Mode,
): Readonly<Record<string, string>> {
  return {
    ...env,
    LIVEKIT_URL: livekit.url,
    LIVEKIT_API_KEY: livekit.apiKey,
    LIVEKIT_API_SECRET: livekit.apiSecret,
    PEER_MODE: mode,
    PEER_LLM_URL: llm.url,
    PEER_LLM_KEY: llm.apiKey,
    PEER_LLM_MODEL: 'meta-llama/llama-3.1-8b-instruct',
  };
}
