import type { Row } from '../board.ts';
import { graph } from '../panels.ts';
import { perSecond, share, total, within, withinFromFirst } from '../promql.ts';
import { CHOSEN, EACH } from './chosen.ts';

const COST_METRIC = 'troupe_cost_dollars_total';
const anHour = (by?: string) =>
  `3600 * ${perSecond(COST_METRIC, { where: CHOSEN, ...(by === undefined ? {} : { by }) })}`;

/** What it costs. `npx troupe cost` has it by session. */
export const COST: Row = {
  title: 'Cost, in US dollars',
  panels: [
    graph({
      title: 'An hour, by provider',
      about: 'At the pace of now; what a cut call costs is told at its end.',
      unit: 'currencyUSD',
      isStacked: true,
      queries: { '{{provider}}': anHour('provider') },
      alert: { name: 'TroupeCostHigh', above: 40 },
    }),
    graph({
      title: 'An hour, by kind',
      about: '`llm` the model, `stt` the ears, `tts` the voice.',
      unit: 'currencyUSD',
      isStacked: true,
      queries: { '{{kind}}': anHour('kind') },
    }),
    graph({
      title: 'A month at this pace',
      about: 'The last 24 hours (or as much of them as is known) times 30.4.',
      unit: 'currencyUSD',
      isStacked: true,
      queries: {
        '{{provider}}': `30.4 * ${within('24h', COST_METRIC, { by: 'provider', where: CHOSEN })}`,
      },
    }),
    graph({
      title: 'An answer',
      about:
        'All cost by all answers. A jump is a longer prompt, another model, or drafts in vain.',
      unit: 'currencyUSD',
      queries: {
        answer: share(perSecond(COST_METRIC, { where: CHOSEN }), perSecond('troupe_answers_total')),
      },
    }),
    graph({
      title: 'A room, an hour',
      about: 'All cost by the rooms of now.',
      unit: 'currencyUSD',
      queries: { room: share(anHour(), total('troupe_slots_used')) },
    }),
    graph({
      title: 'Calls without a price, in an hour',
      about: 'The costs here lack them. Good: none; add the price to PRICES_FILE (docs/costs.md).',
      ifEmpty: 'None so far',
      unit: 'short',
      queries: {
        '{{provider}} {{kind}}': withinFromFirst('1h', 'troupe_unpriced_calls_total', EACH),
      },
      alert: { name: 'TroupeCostUnknown', above: 0 },
    }),
  ],
};
