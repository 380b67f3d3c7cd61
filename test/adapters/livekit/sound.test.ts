import { randomUUID } from 'node:crypto';
import type { EventEmitter } from 'node:events';
import { SimulateScenarioKind } from '@livekit/rtc-node';
import { expect, it, onTestFinished } from 'vitest';
import { NATIVE_EVENT, nativeClient } from '../../../src/adapters/livekit/native-logs.ts';
import type { VoiceTrack } from '../../../src/ports/room-sound.ts';
import { eventually } from '../../support/eventually.ts';
import { enterAsBot } from '../../support/livekit-link.ts';
import { livekitServer } from '../../support/livekit-server.ts';
import { openVisitor } from '../../support/livekit-visitor.ts';
import type { LiveKitVisitor } from '../../support/livekit-visitor.ts';
import { openSoundRecorder } from '../../support/sound-recorder.ts';
import { isTone, makeTone } from '../../support/tones.ts';

const TONE = 400;
const NEVER = new AbortController().signal;

async function visit(room: string): Promise<LiveKitVisitor> {
  const visitor = await openVisitor({ server: livekitServer(), room, identity: 'anna' });
  onTestFinished(() => visitor[Symbol.asyncDispose]());
  visitor.turnLoudspeakerOn();
  return visitor;
}

async function say(voice: VoiceTrack, ms: number): Promise<void> {
  for (let at = 0; at < ms; at += 20) await voice.push(makeTone(TONE, 20, 24_000));
}

it('hears and is heard again after a full reconnect', { timeout: 60_000 }, async () => {
  const name = `full ${randomUUID()}`;
  const { link, room, recorder, observed } = await enterAsBot(livekitServer(), name);
  const anna = await visit(name);
  const microphone = await anna.publishMicrophone();
  const ears = openSoundRecorder();
  link.hear(ears.open);
  const voice = await link.openVoice();
  await voice.untilHeard(5_000, NEVER);
  const before = voice.trackId;
  const recording = await ears.opened();

  await room.simulateScenario(SimulateScenarioKind.SIMULATE_FULL_RECONNECT);
  await ears.tells(recording, 'closed');
  const next = await ears.opened(1);
  await recorder.first('reconnected');
  expect(voice.trackId).not.toBe(before);
  await voice.untilHeard(5_000, NEVER);
  await Promise.all([say(voice, 600), microphone.play(makeTone(TONE, 1_000, 16_000))]);
  await anna.hears(TONE, 400);
  await ears.until('sound', () => next.frames.some((frame) => isTone(frame, TONE, 16_000)));
  expect(next.microphone.trackId).toBe(microphone.trackId);
  expect(observed).toEqual([]);
});

it('goes on with the others when one ear fails', async () => {
  const name = `ears ${randomUUID()}`;
  const { link, observed } = await enterAsBot(livekitServer(), name);
  const anna = await visit(name);
  const microphone = await anna.publishMicrophone();
  const failure = new Error('a defect of ours');
  const ears = openSoundRecorder();
  const fail = (): never => {
    throw failure;
  };
  link.hear(() => ({ frame: fail, muted: fail, unmuted: fail, closed: fail }));
  link.hear(ears.open);
  const recording = await ears.opened();
  microphone.mute();
  await ears.tells(recording, 'muted');
  await ears.until('frames', () => recording.frames.length > 3);
  await microphone.unpublish();
  await ears.tells(recording, 'closed');
  expect(observed.length).toBeGreaterThan(3);
  expect(observed).toEqual(observed.map(() => ({ type: 'unexpected-error', error: failure })));
});

it('leaves nothing of its sound behind', async () => {
  const name = `rest ${randomUUID()}`;
  const { link, room } = await enterAsBot(livekitServer(), name);
  const anna = await visit(name);
  await anna.publishMicrophone();
  const [listeners, ours] = [nativeListeners(), roomListeners(room)];
  for (let round = 0; round < 3; round += 1) {
    const ears = openSoundRecorder();
    const hearing = link.hear(ears.open);
    const voice = await link.openVoice();
    await voice.untilHeard(5_000, NEVER);
    const recording = await ears.opened();
    await ears.until('frames', () => recording.frames.length > 0);
    await say(voice, 200);
    hearing[Symbol.dispose]();
    await voice[Symbol.asyncDispose]();
  }
  expect(roomListeners(room)).toEqual(ours);
  await eventually('the end of her loudspeakers', () =>
    Promise.resolve(nativeListeners() === listeners),
  );
});

it('ends its voice and its ears with the room, whoever ended it', async () => {
  const name = `end ${randomUUID()}`;
  const { link, room, recorder } = await enterAsBot(livekitServer(), name);
  const anna = await visit(name);
  await anna.publishMicrophone();
  const ears = openSoundRecorder();
  link.hear(ears.open);
  const voice = await link.openVoice();
  await ears.opened();
  const pushing = say(voice, 10_000);
  await room.simulateScenario(SimulateScenarioKind.SIMULATE_SERVER_LEAVE);
  await expect(pushing).rejects.toMatchObject({ service: 'livekit' });
  await ears.tells(await ears.opened(), 'closed');
  expect((await recorder.first('ended')).reason).toBe('connection-lost');
  await eventually('the end of its handles', async () => room.eventNames().length === 0);
  await voice[Symbol.asyncDispose]();
});

function nativeListeners(): number {
  return nativeClient()?.listenerCount(NATIVE_EVENT) ?? 0;
}

/** But for what the SDK itself hears about the tokens of each track that it has. */
function roomListeners(room: EventEmitter): readonly number[] {
  const events = room.eventNames().filter((event) => event !== 'tokenRefreshed');
  return events.map((event) => room.listenerCount(event));
}
