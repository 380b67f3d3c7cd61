import type { Stack } from '../../dev/stack.ts';
import type { Stages } from './stage-times.ts';
import { hostOf } from './voice-scene.ts';

/**
 * From the decision to answer to the first frame out, less the model's time to the token that ends the
 * first sentence and the voice's to its first sound, by the books of these providers: what waits in our
 * process, or on the way to it, is our own. A sentence is known to be whole only by the token after it,
 * so 10 ms of the model's pace are in it too. Undefined for a draft, which was made before.
 */
export function ownShareMs(
  { llm, voice }: Pick<Stack, 'llm' | 'voice'>,
  room: string,
  { ownMs, chunkMs, ttsMs, endedAt }: Stages,
): number | undefined {
  const asked = llm.requests(hostOf(room)).findLast(({ arrivedAt }) => arrivedAt < endedAt);
  const spoken = voice.cartesia
    .speeches()
    .findLast(({ openedAt, text }) => openedAt < endedAt && text.includes(`${room}.`));
  const modelMs = asked?.firstSentenceAt && asked.firstSentenceAt - asked.arrivedAt;
  const voiceMs = spoken?.firstSoundAt && spoken.firstSoundAt - spoken.openedAt;
  if (ownMs === undefined || modelMs === undefined || voiceMs === undefined) return undefined;
  return ownMs + (chunkMs ?? 0) + (ttsMs ?? 0) - modelMs - voiceMs;
}
