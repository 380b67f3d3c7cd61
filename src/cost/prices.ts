import { z } from 'zod';
import type { ProviderCall } from '../ports/meter.ts';

/** Prices by provider and, where they differ by it, by model; in US dollars. */
export interface Prices {
  /** What the call costs; `undefined` where nobody knows the price. */
  of(call: ProviderCall): number | undefined;
}

/**
 * Reads a file of prices. A price without a model is that of all the provider's others; a second model
 * (`openai-2`) that has no price of its own has that of the first's vendor.
 * @throws Error saying which price is wrong and how.
 */
export function readPrices(json: string): Prices {
  const parsed = pricesFile.safeParse(parseJson(json));
  if (!parsed.success) throw new Error(describeProblem(parsed.error));
  const { prices } = parsed.data;
  return {
    of(call) {
      if (call.cost !== undefined) return call.cost;
      const price = priceAt(prices, call, call.provider) ?? priceAt(prices, call, vendorOf(call));
      return price && costOf(price, call);
    },
  };
}

function priceAt(prices: readonly Price[], call: ProviderCall, wanted: string): Price | undefined {
  const ofProvider = prices.filter(
    ({ kind, provider }) => kind === call.kind && provider === wanted,
  );
  return (
    ofProvider.find(({ model }) => model !== undefined && model === call.model) ??
    ofProvider.find(({ model }) => model === undefined)
  );
}

/** Whom a second model at the vendor of the first is paid to. */
function vendorOf({ provider }: ProviderCall): string {
  return provider.replace(/-2$/, '');
}

const amount = z.number().nonnegative();
const about = {
  provider: z.string().min(1),
  model: z.string().min(1).optional(),
  /** Where the price was read, and when. */
  source: z.string().min(1),
  asOf: z.iso.date(),
};
const price = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('llm'),
    ...about,
    perMillionPromptTokens: amount,
    perMillionCompletionTokens: amount,
  }),
  z.strictObject({ kind: z.literal('stt'), ...about, perHourOfAudio: amount }),
  z.strictObject({ kind: z.literal('tts'), ...about, perMillionCharacters: amount }),
]);
const pricesFile = z.strictObject({ prices: z.array(price) });

type Price = z.output<typeof price>;

function costOf(price: Price, call: ProviderCall): number {
  const { promptTokens = 0, completionTokens = 0, audioMs = 0, characters = 0 } = call;
  if (price.kind === 'stt') return (audioMs / 3_600_000) * price.perHourOfAudio;
  if (price.kind === 'tts') return (characters / 1e6) * price.perMillionCharacters;
  const { perMillionPromptTokens: read, perMillionCompletionTokens: written } = price;
  return (promptTokens * read + completionTokens * written) / 1e6;
}

function parseJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    throw new Error('the file of prices is no JSON');
  }
}

function describeProblem({ issues }: z.ZodError): string {
  const lines = issues.map(({ path, message }) => `${path.join('.') || 'the file'}: ${message}`);
  return ['the file of prices is wrong', ...lines].join('\n  ');
}
