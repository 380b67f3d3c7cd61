import { describe, test } from 'vitest';

/** Runs a suite with the provider itself where its key is in the environment; else it says which is not. */
export function describeLive(key: string, suite: (apiKey: string) => void): void {
  const apiKey = process.env[key];
  describe(`the provider itself, by ${key}`, () => {
    if (apiKey !== undefined && apiKey !== '') return suite(apiKey);
    test(`is not asked: ${key} is not set`, ({ skip }) => skip(`${key} is not set`));
  });
}

/** A key that no provider has given anybody. */
export const NO_KEY = 'not-a-key-of-anybody';
