import type { Row } from '../board.ts';
import { graph } from '../panels.ts';
import { perMinute, perMinuteSeen, perSecond, share } from '../promql.ts';

/** What people said, and whether they were answered. */
export const TURNS: Row = {
  title: 'Turns and answers',
  panels: [
    graph({
      title: 'Turns by channel, a minute',
      about: '`chat` and `speech`. Speech that ends while chat goes on means that nobody is heard.',
      unit: 'short',
      isStacked: true,
      queries: { '{{channel}}': perMinute('troupe_turns_total', { by: 'channel' }) },
    }),
    graph({
      title: 'Turns by outcome, a minute',
      about:
        '`finished`, `interrupted` and `failed` had a reply that ended so; `dropped` were not taken, `not-addressed` not for the bot. Good: mostly finished.',
      unit: 'short',
      isStacked: true,
      queries: { '{{outcome}}': perMinute('troupe_turns_total', { by: 'outcome' }) },
    }),
    graph({
      title: 'Turns dropped by reason, a minute',
      about:
        '`echo` is the bot’s own voice (a loudspeaker without cancellation), `backchannel` a "mhm", `flood` somebody who sends too much.',
      ifEmpty: 'None so far',
      unit: 'short',
      isStacked: true,
      queries: {
        '{{reason}}, {{channel}}': perMinute('troupe_turns_dropped_total', {
          by: 'reason, channel',
        }),
      },
    }),
    graph({
      title: 'Answers that fail',
      about: 'Their share of all answers. Good: 0; look at the providers first.',
      unit: 'percentunit',
      queries: {
        failed: share(
          perSecond('troupe_answers_total', { where: 'result="failed"' }),
          perSecond('troupe_answers_total'),
        ),
      },
      alert: { name: 'TroupeAnswersFail', above: 0.05 },
    }),
    graph({
      title: 'What did not reach a room, a minute',
      about: 'Lines, segments or sound that LiveKit did not take, and chat that could not be read.',
      unit: 'short',
      queries: {
        'not published': perMinute('troupe_publish_failures_total'),
        'not readable': perMinute('troupe_chat_refused_total'),
      },
    }),
    graph({
      title: 'Changes in live talks, a minute',
      about:
        'Talks that went on in another mode (a voice that failed goes on in writing), and memories that were summarized.',
      ifEmpty: 'None so far',
      unit: 'short',
      queries: {
        'to {{mode}}': perMinuteSeen('troupe_mode_switches_total', { by: 'mode' }),
        summarized: perMinute('troupe_contexts_compacted_total'),
      },
    }),
  ],
};
