import type { Row } from '../board.ts';
import { graph } from '../panels.ts';
import { percentile, perMinute, perSecond, share } from '../promql.ts';
import { CHOSEN, EACH } from './chosen.ts';

const FIRST = 'troupe_provider_first_output_seconds';
const kind = (name: string) => ({ by: 'provider', where: `${CHOSEN},kind="${name}"` });

const firstOutput = (name: string) => ({
  '{{provider}} P50': percentile(0.5, FIRST, kind(name)),
  '{{provider}} P95': percentile(0.95, FIRST, kind(name)),
});

/** Calls, and how soon they bring something. */
export const CALLS: Row = {
  title: 'Calls',
  panels: [
    graph({
      title: 'Calls, a minute',
      about: 'Completions, speeches, and streams of transcription, each attempt by itself.',
      unit: 'short',
      isStacked: true,
      queries: { '{{provider}} {{kind}}': perMinute('troupe_provider_requests_total', EACH) },
    }),
    graph({
      title: 'Calls by outcome, a minute',
      about: '`cancelled` by us, as nobody wanted the rest: interruptions and drafts in vain.',
      unit: 'short',
      isStacked: true,
      queries: {
        '{{outcome}}': perMinute('troupe_provider_requests_total', {
          by: 'outcome',
          where: CHOSEN,
        }),
      },
    }),
    graph({
      title: 'Calls that fail',
      about: 'Their share, by provider and kind. Good: under 1 %.',
      unit: 'percentunit',
      queries: {
        '{{provider}} {{kind}}': share(
          perSecond('troupe_provider_errors_total', EACH),
          perSecond('troupe_provider_requests_total', EACH),
        ),
      },
      alert: { name: 'TroupeProviderErrors', above: 0.1 },
    }),
    graph({
      title: 'First token of the model',
      about: 'Of those calls that had one. Good: P95 under 0.6 s.',
      unit: 's',
      queries: firstOutput('llm'),
      alert: { name: 'TroupeProviderSlow', above: 1.5 },
    }),
    graph({
      title: 'First sound of the voice',
      about: 'Of those calls that had one. Good: P95 under 0.3 s.',
      unit: 's',
      queries: firstOutput('tts'),
      alert: { name: 'TroupeProviderSlow', above: 1.5 },
    }),
    graph({
      title: 'First word of a transcription',
      about:
        'From the stream’s start, so the time until somebody speaks is in it: a change tells more than the height.',
      unit: 's',
      queries: firstOutput('stt'),
    }),
  ],
};
