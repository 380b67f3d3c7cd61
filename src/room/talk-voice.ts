import type { Character } from '../character/character.ts';
import { isTroupeError } from '../errors.ts';
import type { ModeName } from '../ports/bot.ts';
import type { Observe } from '../ports/observe.ts';
import type { RoomSound, VoiceTrack } from '../ports/room-sound.ts';
import type { SpeechToText } from '../ports/speech-to-text.ts';
import type { TextToSpeech } from '../ports/text-to-speech.ts';
import type { VoiceActivity } from '../ports/voice-activity.ts';

/** Whom a character hears and speaks with. */
export interface VoiceProviders {
  readonly stt: SpeechToText;
  readonly tts: TextToSpeech;
  readonly vad: VoiceActivity;
}

/**
 * Finds the providers of a character; the first call loads what voices need.
 * @throws TroupeError of kind `not-ready` where none is configured, and what loading throws.
 */
export type LoadVoice = (character: Character) => Promise<VoiceProviders>;

/** What a talk is heard and spoken with. */
export interface TalkVoice extends VoiceProviders {
  readonly track: VoiceTrack;
}

export interface TalkVoiceDeps {
  readonly loadVoice: LoadVoice;
  /** How a character talks where neither the message nor its row says. */
  readonly defaultMode: 'text' | 'voice';
  readonly observe: Observe;
}

/**
 * How a talk is to be held, and what it is spoken with. Where a voice was to be had and is not, `missed`
 * says whether another try may help.
 */
export type TalkMode =
  | { readonly name: 'text'; readonly missed?: 'for-now' | 'for-good' }
  | { readonly name: 'voice'; readonly voice: TalkVoice };

/**
 * Resolves once a voice can be had without waiting, or is not to be had, which `chooseMode` tells. For
 * before the room is entered, which evicts who serves it: the first voice of a process loads for a while.
 */
export async function warmVoice(
  deps: Pick<TalkVoiceDeps, 'loadVoice' | 'defaultMode'>,
  asked: ModeName | undefined,
  character: Character,
): Promise<void> {
  if (nameOf(deps, asked, character) === 'text') return;
  await deps.loadVoice(character).catch(() => undefined);
}

/**
 * Chooses how the talk is held: as the message says, or the character's row, or the default. A voice is
 * published before anybody is told that the bot listens; without one the talk is held in writing.
 */
export async function chooseMode(
  deps: TalkVoiceDeps,
  asked: ModeName | undefined,
  character: Character,
  link: Pick<RoomSound, 'openVoice'>,
): Promise<TalkMode> {
  const name = nameOf(deps, asked, character);
  if (name === 'text') return { name };
  if (name === 'realtime') deps.observe({ type: 'warning', what: NO_REALTIME });
  try {
    // The room is shown no voice that has nobody to speak with it.
    const providers = await deps.loadVoice(character);
    return { name: 'voice', voice: { ...providers, track: await link.openVoice() } };
  } catch (error) {
    deps.observe({ type: 'provider-failed', provider: 'voice', error });
    return { name: 'text', missed: isTroupeError(error, 'not-ready') ? 'for-good' : 'for-now' };
  }
}

function nameOf(
  { defaultMode }: Pick<TalkVoiceDeps, 'defaultMode'>,
  asked: ModeName | undefined,
  { mode }: Character,
): ModeName {
  return asked ?? mode ?? defaultMode;
}

const NO_REALTIME = 'realtime was asked for and is not built: the talk is held by voice';
