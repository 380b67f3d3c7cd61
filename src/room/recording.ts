import type { ConversationPolicy } from '../conversation/state.ts';
import { openRecorder } from '../recorder/recorder.ts';
import type { Recorder } from '../recorder/recorder.ts';
import type { TalkDeps, TalkParts } from './talk.ts';

/**
 * Opens the recorder of a talk that is to be recorded, where recordings have a place. Never throws: a
 * talk goes on without its recording.
 */
export function recordTalk(
  deps: TalkDeps,
  { character: { id, name }, lease, record }: TalkParts,
  policy: () => ConversationPolicy,
): Recorder | undefined {
  if (!record) return undefined;
  const { recordings } = deps;
  if (recordings === undefined) {
    const what = 'the talk is to be recorded, and RECORDINGS_DIR is not set';
    deps.observe({ type: 'warning', what });
    return undefined;
  }
  const { room, session } = lease;
  const subject = { room, session, epoch: lease.epoch(), character: { id, name } };
  try {
    return openRecorder({ ...deps, recordings }, subject, policy);
  } catch (error) {
    deps.observe({ type: 'unexpected-error', error });
    return undefined;
  }
}
