import { openCartesiaSimulator } from './cartesia/server.ts';
import { openDeepgramSimulator } from './deepgram/server.ts';
import { openElevenLabsSimulator } from './elevenlabs/server.ts';
import { openGladiaSimulator } from './gladia/server.ts';
import type { SpeechSimulator } from './speech/server.ts';
import type { VoiceSimulator } from './voice/server.ts';

/** The providers of ears and voices, simulated. */
export interface VoiceParts extends AsyncDisposable {
  readonly gladia: SpeechSimulator;
  readonly deepgram: SpeechSimulator;
  readonly cartesia: VoiceSimulator;
  readonly elevenlabs: VoiceSimulator;
}

/** Starts all four side by side. */
export async function openVoiceParts(): Promise<VoiceParts> {
  await using opened = new AsyncDisposableStack();
  const [gladia, deepgram, cartesia, elevenlabs] = await Promise.all([
    openGladiaSimulator(),
    openDeepgramSimulator(),
    openCartesiaSimulator(),
    openElevenLabsSimulator(),
  ]);
  for (const part of [gladia, deepgram, cartesia, elevenlabs]) opened.use(part);
  const kept = opened.move();
  return {
    gladia,
    deepgram,
    cartesia,
    elevenlabs,
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}
