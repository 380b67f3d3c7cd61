import type { Row } from '../board.ts';
import { graph } from '../panels.ts';
import { perMinute, perMinuteSeen, total } from '../promql.ts';
import { CHOSEN } from './chosen.ts';

const by = 'provider';

/** What was wrong with providers, and what was done about it. */
export const HEALTH: Row = {
  title: 'Failures and what is done about them',
  panels: [
    graph({
      title: 'Errors by kind, a minute',
      about:
        '`auth` and `forbidden`: a key, a model, a voice. `quota`: a limit of theirs. `timeout` and `unavailable`: they are not well. `malformed`: they changed something.',
      ifEmpty: 'None so far',
      unit: 'short',
      isStacked: true,
      queries: {
        '{{provider}} {{error}}': perMinute('troupe_provider_errors_total', {
          by: 'provider, error',
          where: CHOSEN,
        }),
      },
    }),
    graph({
      title: 'Left alone, in how many workers',
      about:
        'Breakers that are open: for 15 s after three failures in a row, and after each probe that fails. Good: none. One that stays ill comes and goes.',
      ifEmpty: 'None so far',
      unit: 'none',
      queries: {
        '{{provider}}': total('troupe_provider_breaker_open', { by, where: CHOSEN }),
      },
      alert: { name: 'TroupeProviderAlone', above: 1 },
    }),
    graph({
      title: 'Off, in how many workers',
      about: 'They refused our key and are not asked before a restart. Good: none.',
      ifEmpty: 'None so far',
      unit: 'none',
      queries: { '{{provider}}': total('troupe_provider_off', { by, where: CHOSEN }) },
      alert: { name: 'TroupeProviderOff', above: 1 },
    }),
    graph({
      title: 'Served by another, a minute',
      about: 'Calls that the second took as the first was not well, or not free.',
      ifEmpty: 'None so far',
      unit: 'short',
      queries: {
        '{{from}} to {{to}}': perMinute('troupe_provider_fallbacks_total', { by: 'from, to' }),
      },
    }),
    graph({
      title: 'Retries, a minute',
      about:
        'Calls of a model made again before their first token. Good: few; people wait for them.',
      ifEmpty: 'None so far',
      unit: 'short',
      queries: {
        '{{provider}}': perMinuteSeen('troupe_provider_retries_total', { by, where: CHOSEN }),
      },
    }),
    graph({
      title: 'Talks in another mode, a minute',
      about: 'Where no voice is to be had, talks go on in writing.',
      unit: 'short',
      ifEmpty: 'None so far',
      queries: { 'to {{mode}}': perMinuteSeen('troupe_mode_switches_total', { by: 'mode' }) },
    }),
  ],
};
