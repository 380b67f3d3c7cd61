import type { Message } from './check-messages.ts';

/**
 * Cuts text into tokens that join to exactly that text: about as many as a real tokenizer makes of
 * English, each with the space before it.
 */
export function tokenize(text: string): string[] {
  return text.match(TOKEN) ?? [];
}

/** Tokens of a prompt: the texts, plus the frame that chat models put around each message. */
export function countPrompt(messages: readonly Message[]): number {
  let count = REPLY_PRIMING;
  for (const message of messages) count += MESSAGE_FRAME + tokenize(message.text).length;
  return count;
}

/** Index of the token that completes the first sentence; the last one if no sentence ends. */
export function firstSentenceEnd(tokens: readonly string[]): number {
  const ending = tokens.findIndex((token, index) => {
    if (!TERMINATOR.test(token) && !(CLOSER.test(token) && followsTerminator(tokens, index))) {
      return false;
    }
    const next = tokens[index + 1];
    return next === undefined || /^\s/u.test(next);
  });
  return ending === -1 ? tokens.length - 1 : ending;
}

function followsTerminator(tokens: readonly string[], index: number): boolean {
  let before = index - 1;
  while (CLOSER.test(tokens[before] ?? '')) before--;
  return TERMINATOR.test(tokens[before] ?? '');
}

const TOKEN = /\s*(?:[\p{L}\p{M}\p{N}]{1,8}|[^\p{L}\p{M}\p{N}\s])|\s+/gu;
const TERMINATOR = /[.!?…。！？]$/u;
const CLOSER = /^["'”’»)\]*_]$/u;
/** OpenAI's own recipe for counting chat messages. */
const MESSAGE_FRAME = 3;
const REPLY_PRIMING = 3;
