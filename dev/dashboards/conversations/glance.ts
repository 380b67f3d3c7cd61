import type { Row } from '../board.ts';
import { figure } from '../panels.ts';
import { percentile, share, within } from '../promql.ts';

const answered = (time: string) =>
  share(
    within(time, 'troupe_answers_total', { where: 'result="answered"' }),
    within(time, 'troupe_answers_total'),
  );

/** The numbers to look at first. */
export const GLANCE: Row = {
  title: 'At a glance',
  panels: [
    figure({
      title: 'Answered, 10 minutes',
      about: 'Answered turns by all that were to be. An interrupted answer is one. Good: 99.9 %.',
      unit: 'percentunit',
      max: 1,
      expr: answered('10m'),
      alert: { name: 'TroupeAvailabilityLow', below: 0.999 },
    }),
    figure({
      title: 'Answered, 30 days',
      about:
        'The availability as promised. Good: 99.9 %, which is 1 turn of 1,000 without an answer.',
      unit: 'percentunit',
      max: 1,
      expr: answered('30d'),
      alert: { name: 'TroupeAvailabilityLow', below: 0.999 },
    }),
    figure({
      title: 'Failed, 10 minutes',
      about:
        'Answers that ended in an apology. Good: none; at the threshold roll back if a release is near.',
      unit: 'percentunit',
      expr: share(
        within('10m', 'troupe_answers_total', { where: 'result="failed"' }),
        within('10m', 'troupe_answers_total'),
      ),
      alert: { name: 'TroupeAnswersFail', above: 0.05 },
    }),
    figure({
      title: 'Whole spoken turn (P95)',
      about:
        'From the last voiced sample to the first voiced frame out, over 10 minutes. Good: under 0.6 s; from 1 s on people talk over the bot.',
      unit: 's',
      expr: percentile(0.95, 'troupe_turn_stage_seconds', { where: 'stage="whole"' }, '10m'),
      alert: { name: 'TroupeTurnsSlow', above: 1 },
    }),
    figure({
      title: 'Our own share (P95)',
      about:
        'What of a spoken turn no provider takes, over 10 minutes. Good: under 60 ms; more is too many rooms for the cores.',
      unit: 's',
      expr: percentile(0.95, 'troupe_turn_stage_seconds', { where: 'stage="own"' }, '10m'),
      alert: { name: 'TroupeOwnShareSlow', above: 0.1 },
    }),
    figure({
      title: 'False holds, 30 minutes',
      about:
        'Of the replies that were held as somebody seemed to interrupt, those that went on: a cough, a "mhm", a noise. Good: under a third.',
      unit: 'percentunit',
      expr: share(
        within('30m', 'troupe_replies_resumed_total'),
        within('30m', 'troupe_replies_held_total'),
      ),
      alert: { name: 'TroupeFalseHolds', above: 0.6 },
    }),
  ],
};
