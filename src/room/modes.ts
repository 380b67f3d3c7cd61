import type { EventBody } from '../conversation/events.ts';
import type { Mode } from '../mode/mouth.ts';
import { openTextMode } from '../mode/text.ts';
import { openVoiceMode } from '../mode/voice.ts';
import type { TurnRecord } from '../ports/memory-store.ts';
import { SPOKEN_FIRST_CUT } from '../reply/first-cut.ts';
import type { HandingOver } from './handing-over.ts';
import type { TalkDeps, TalkParts } from './talk.ts';

/** Opens what the talk is heard and answered with. */
export function openMode(
  deps: TalkDeps,
  parts: TalkParts,
  handover: Pick<HandingOver, 'untilTurnIsSafe'>,
  post: (event: EventBody) => void,
  signal: AbortSignal,
): Mode {
  const { character, lease, link, mode, writer } = parts;
  const { reply, ears } = deps.settings;
  const common = {
    ...deps,
    ...parts,
    mayPublish: () => lease.mayPublish() && link.isUp(),
    messages: () => writer.messages(),
    beforeSpeaking: handover.untilTurnIsSafe,
    finished(record: TurnRecord) {
      deps.observe(toObservation(record));
      writer.record(record);
    },
  };
  if (mode.name === 'text') return openTextMode({ ...common, settings: reply }, post, signal);
  const settings = {
    reply: { ...reply, firstCut: SPOKEN_FIRST_CUT },
    ears: { ...ears, language: character.language },
  };
  return openVoiceMode({ ...common, ...mode.voice, settings }, post, signal);
}

function toObservation({ outcome: end, firstSegmentMs, durationMs }: TurnRecord) {
  return {
    type: 'reply-finished',
    end,
    durationMs,
    ...(firstSegmentMs !== undefined && { firstSegmentMs }),
  } as const;
}
