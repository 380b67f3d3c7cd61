import { readFileSync } from 'node:fs';
import { ConfigError } from '../config.ts';
import type { Config } from '../config.ts';
import { priced } from '../cost/priced.ts';
import { readPrices } from '../cost/prices.ts';
import type { Prices } from '../cost/prices.ts';
import { openUsageBook } from '../cost/usage-book.ts';
import { systemClock } from '../lib/clock.ts';
import { newId } from '../lib/ids.ts';
import type { Observe } from '../ports/observe.ts';
import type { Stores } from './stores.ts';

/** Where a process that serves rooms tells what happens; disposal saves what is still to be. */
export interface Metering extends AsyncDisposable {
  readonly observe: Observe;
}

/**
 * Tells `observe` what calls of providers cost as well, and keeps all of it in the database.
 * @throws ConfigError where the file of prices cannot be used.
 */
export function openMetering(config: Config, { usage }: Stores, observe: Observe): Metering {
  const book = openUsageBook({ clock: systemClock, observe, store: usage, newId });
  const told = priced(readPricesFile(config.PRICES_FILE), (observation) => {
    observe(observation);
    book.take(observation);
  });
  return { observe: told, [Symbol.asyncDispose]: () => book[Symbol.asyncDispose]() };
}

const SHIPPED = new URL('../cost/prices.json', import.meta.url);

function readPricesFile(path: string | undefined): Prices {
  try {
    return readPrices(readFileSync(path ?? SHIPPED, 'utf8'));
  } catch (error) {
    throw new ConfigError(`PRICES_FILE: ${error instanceof Error ? error.message : String(error)}`);
  }
}
