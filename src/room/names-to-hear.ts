/**
 * Of what a character is called, what ears can be told: providers refuse names that are empty, too long or
 * too many.
 */
export function namesToHear(names: readonly string[]): readonly string[] {
  const sounding = names
    .map((name) => name.trim())
    .filter((name) => /[\p{L}\p{N}]/u.test(name) && name.length <= MAX_LENGTH);
  const bySound = new Map(sounding.map((name) => [name.toLowerCase(), name]));
  return [...bySound.values()].slice(0, MOST);
}

/** Deepgram refuses terms of more than 500 tokens in all (deepgram-python-sdk, issue 503). */
const MOST = 20;
const MAX_LENGTH = 50;
