import { randomUUID } from 'node:crypto';
import { onTestFinished } from 'vitest';
import type { JoinRoom, RoomLink } from '../../src/ports/room-link.ts';
import type { VoiceTrack } from '../../src/ports/room-sound.ts';
import { openLinkRecorder } from '../support/link-recorder.ts';
import type { LinkRecorder } from '../support/link-recorder.ts';
import { openSoundRecorder } from '../support/sound-recorder.ts';
import type { Recording, SoundRecorder } from '../support/sound-recorder.ts';
import type { SoundVisitor } from '../support/sound-visitor.ts';
import { isTone, makeTone } from '../support/tones.ts';

/** Rooms with sound in them, as a link's tests need them. */
export interface SoundWorld {
  readonly join: JoinRoom;
  visit(room: string, identity: string, kind: 'human' | 'bot'): Promise<SoundVisitor>;
  /** Cuts the paths of all bots, and makes them whole again. */
  cut(room: string): void;
  mend(room: string): void;
}

export type OpenSoundWorld = () => SoundWorld | Promise<SoundWorld>;

/** LiveKit's native library waits up to 7 s between two tries to come back. */
const BACK_MS = 25_000;
/** Two tones that are told apart, in Hz. */
export const LOW = 400;
export const HIGH = 1_200;
export const VOICE_RATE = 24_000;
export const MICROPHONE_RATE = 16_000;
export const NEVER = new AbortController().signal;

/** A room with a bot's link into it. */
export interface SoundScene {
  readonly link: RoomLink;
  readonly path: LinkRecorder;
  readonly ears: SoundRecorder;
  readonly visit: (identity: string, kind?: 'human' | 'bot') => Promise<SoundVisitor>;
  readonly cut: () => Promise<void>;
  readonly mend: () => Promise<void>;
}

/** Enters a room of its own until the test is over. */
export async function enterSound(openWorld: OpenSoundWorld): Promise<SoundScene> {
  const world = await openWorld();
  const room = `sound ${randomUUID()}`;
  const path = openLinkRecorder();
  const link = await world.join({ room, name: 'Cleo' }, path.listen, NEVER);
  onTestFinished(() => link[Symbol.asyncDispose]());
  return {
    link,
    path,
    ears: openSoundRecorder(),
    async visit(identity, kind = 'human') {
      const visitor = await world.visit(room, identity, kind);
      onTestFinished(() => visitor[Symbol.asyncDispose]());
      return visitor;
    },
    async cut() {
      world.cut(room);
      await path.first('reconnecting');
    },
    async mend() {
      world.mend(room);
      await path.first('reconnected', BACK_MS);
    },
  };
}

/** How much of a tone was recorded, in ms. */
export function toneMs({ frames }: Recording, hz: number): number {
  return frames.filter((frame) => isTone(frame, hz, MICROPHONE_RATE)).length * 32;
}

/** Pushes a tone in frames of 20 ms; returns how many ms were queued after each. */
export async function say(voice: VoiceTrack, hz: number, ms: number): Promise<readonly number[]> {
  const queued: number[] = [];
  for (let at = 0; at < ms; at += 20) {
    await voice.push(makeTone(hz, 20, VOICE_RATE));
    queued.push(voice.queuedMs());
  }
  return queued;
}
