import type { Row } from '../board.ts';
import { figure } from '../panels.ts';
import { share, total, within, withinFromFirst } from '../promql.ts';
import { CHOSEN } from './chosen.ts';

const chosen = { where: CHOSEN };

/** The numbers to look at first. */
export const GLANCE: Row = {
  title: 'At a glance',
  panels: [
    figure({
      title: 'Cost of the last hour',
      about: 'US dollars. The threshold is a start: set the rule’s to what you expect.',
      unit: 'currencyUSD',
      expr: within('1h', 'troupe_cost_dollars_total', chosen),
      alert: { name: 'TroupeCostHigh', above: 40 },
    }),
    figure({
      title: 'A month at this pace',
      about: 'The last 24 hours (or as much of them as is known) times 30.4.',
      unit: 'currencyUSD',
      expr: `30.4 * ${within('24h', 'troupe_cost_dollars_total', chosen)}`,
    }),
    figure({
      title: 'Unpriced calls, 1 hour',
      about:
        'Calls whose price nobody knows: the costs here lack them. Good: none; add the price to PRICES_FILE (docs/costs.md).',
      unit: 'none',
      ifEmpty: 'none',
      expr: withinFromFirst('1h', 'troupe_unpriced_calls_total', chosen),
      alert: { name: 'TroupeCostUnknown', above: 0 },
    }),
    figure({
      title: 'Calls that fail, 10 minutes',
      about: 'Of all calls. Good: under 1 %; people notice where there is no second provider.',
      unit: 'percentunit',
      expr: share(
        within('10m', 'troupe_provider_errors_total', chosen),
        within('10m', 'troupe_provider_requests_total', chosen),
      ),
      alert: { name: 'TroupeProviderErrors', above: 0.1 },
    }),
    figure({
      title: 'Left alone',
      about: 'Providers and workers: how many breakers are open. Good: none.',
      ifEmpty: 'none',
      unit: 'none',
      expr: total('troupe_provider_breaker_open', chosen),
      alert: { name: 'TroupeProviderAlone', above: 1 },
    }),
    figure({
      title: 'Off: key refused',
      about: 'Providers and workers: off until a restart. Good: none.',
      ifEmpty: 'none',
      unit: 'none',
      expr: total('troupe_provider_off', chosen),
      alert: { name: 'TroupeProviderOff', above: 1 },
    }),
  ],
};
