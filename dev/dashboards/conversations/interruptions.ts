import type { Row } from '../board.ts';
import { graph } from '../panels.ts';
import { perMinute, perMinuteSeen, perSecond, share, within } from '../promql.ts';

/** Who talks over whom, and what it costs. */
export const INTERRUPTIONS: Row = {
  title: 'Taking turns',
  panels: [
    graph({
      title: 'Replies cancelled, a minute',
      about:
        '`barge-in` and `new-turn` are people who interrupt; `draft-void` is a draft whose turn went on. Many barge-ins: replies are too long.',
      unit: 'short',
      isStacked: true,
      queries: { '{{reason}}': perMinuteSeen('troupe_replies_cancelled_total', { by: 'reason' }) },
    }),
    graph({
      title: 'Holds, a minute',
      about: 'Replies held as somebody seemed to interrupt, and those of them that went on.',
      unit: 'short',
      queries: {
        held: perMinute('troupe_replies_held_total'),
        'went on': perMinute('troupe_replies_resumed_total'),
      },
    }),
    graph({
      title: 'False holds, over 30 minutes',
      about: 'Holds that were none. Good: under a third; at the line bots fall silent for noise.',
      unit: 'percentunit',
      max: 1,
      queries: {
        false: share(
          within('30m', 'troupe_replies_resumed_total'),
          within('30m', 'troupe_replies_held_total'),
        ),
      },
      alert: { name: 'TroupeFalseHolds', above: 0.6 },
    }),
    graph({
      title: 'Interrupted turns',
      about: 'Their share of the turns that had a reply.',
      unit: 'percentunit',
      max: 1,
      queries: {
        '{{channel}}': share(
          perSecond('troupe_turns_total', { by: 'channel', where: 'outcome="interrupted"' }),
          perSecond('troupe_turns_total', {
            by: 'channel',
            where: 'outcome=~"finished|interrupted|failed"',
          }),
        ),
      },
    }),
    graph({
      title: 'Drafts in vain, a minute',
      about: 'Replies begun before their turn was certain, and thrown away: they cost tokens.',
      unit: 'short',
      queries: { drafts: perMinute('troupe_drafts_unused_total') },
    }),
    graph({
      title: 'Drafts in vain, by answer',
      about: 'What preemption costs. Good: under one by answer; more is tokens without use.',
      unit: 'short',
      queries: {
        drafts: share(perSecond('troupe_drafts_unused_total'), perSecond('troupe_answers_total')),
      },
    }),
  ],
};
