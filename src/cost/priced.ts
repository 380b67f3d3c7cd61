import type { Observe } from '../ports/observe.ts';
import type { Prices } from './prices.ts';

/** Tells `observe` what each call of a provider cost, where the price is known. */
export function priced(prices: Prices, observe: Observe): Observe {
  return (observation) => {
    if (observation.type !== 'usage') return observe(observation);
    const cost = prices.of(observation);
    observe(cost === undefined ? observation : { ...observation, cost });
  };
}
