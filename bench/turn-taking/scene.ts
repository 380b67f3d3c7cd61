import { openConversation } from '../../src/conversation/conversation.ts';
import type { RoomCommand } from '../../src/conversation/commands.ts';
import type { EventBody } from '../../src/conversation/events.ts';
import type { ConversationPolicy } from '../../src/conversation/state.ts';
import { systemClock as clock } from '../../src/lib/clock.ts';
import { openHearing } from '../../src/mode/hearing.ts';
import type { EarSettings } from '../../src/mode/ear.ts';
import type { Microphone, MicrophoneListener } from '../../src/ports/room-sound.ts';
import type { SpeechToText } from '../../src/ports/speech-to-text.ts';
import type { VoiceActivity } from '../../src/ports/voice-activity.ts';
import type { Scenario, Speaker } from './scenario.ts';
import type { SaidTurn, TakenTurn } from './score.ts';
import { openTalker } from './talker.ts';
import { soundOf } from './sound.ts';

/** What scenes are heard with. */
export interface SceneDeps {
  readonly vad: VoiceActivity;
  readonly stt: SpeechToText;
  readonly policy: ConversationPolicy;
  readonly ears: Omit<EarSettings, 'language' | 'names'>;
}

const FRAME_MS = 32;
const FRAME_SAMPLES = 512;
/** Long enough for the longest silence and its words. */
const REST_MS = 5_500;

/** Plays a scene in real time to our own ears and core; no room is needed for that. */
export async function playScene(
  { vad, stt, policy, ears }: SceneDeps,
  scenario: Scenario,
): Promise<{ readonly said: readonly SaidTurn[]; readonly taken: readonly TakenTurn[] }> {
  const startedAt = clock.monotonicMs();
  const taken: TakenTurn[] = [];
  const talker = openTalker(clock, (event) => conversation.post(event));
  const conversation = openConversation(
    { clock },
    () => policy,
    (command: RoomCommand) => {
      if (command.type === 'commit-turn' && !command.turn.id.startsWith('typed')) {
        const { speaker, addressed } = command.turn;
        taken.push({ speaker, addressed, atMs: clock.monotonicMs() - startedAt });
      }
      if (command.type === 'watch-silence') {
        hearing.watchSilence(command.identity, command.watchId, command.silenceMs);
      }
      talker.obey(command);
    },
  );
  let open: ((microphone: Microphone) => MicrophoneListener) | undefined;
  const hearing = openHearing(
    {
      vad,
      stt,
      clock,
      settings: { ...ears, language: scenario.language, names: ['Mira'] },
      observe: () => undefined,
      voiced: () => undefined,
      link: {
        hear(opener) {
          open = opener;
          return { [Symbol.dispose]: () => undefined };
        },
        showTranscript: () => undefined,
      },
    },
    (event: EventBody) => conversation.post(event),
  );
  const people = scenario.people.map(toPerson);
  conversation.post({ type: 'room-opened', people, unanswered: [] });
  const feeds = scenario.voices.map(async (voice) => {
    const listener = open?.({
      trackId: voice.speaker,
      person: toPerson(voice.speaker),
      muted: false,
    });
    if (listener !== undefined) await feed(listener, soundOf(voice, REST_MS).pcm);
    listener?.closed();
  });
  const typing = scenario.typed.map(async ({ atMs, speaker, text }) => {
    await clock.delay(atMs);
    const id = `typed-${atMs}`;
    conversation.post({ type: 'chat-received', id, person: toPerson(speaker), text });
  });
  await Promise.all([...feeds, ...typing]);
  conversation[Symbol.dispose]();
  talker[Symbol.dispose]();
  return { said: saidIn(scenario), taken };
}

function saidIn({ voices }: Scenario): readonly SaidTurn[] {
  return voices.flatMap((voice) => {
    const { clipEndsMs } = soundOf(voice, 0);
    return voice.turns.map(({ lastClip, answered }) => ({
      speaker: voice.speaker,
      endsMs: clipEndsMs[lastClip] ?? 0,
      answered,
    }));
  });
}

async function feed(listener: MicrophoneListener, pcm: Int16Array): Promise<void> {
  const startedAt = clock.monotonicMs();
  for (let frame = 0; frame * FRAME_SAMPLES < pcm.length; frame += 1) {
    const dueMs = startedAt + (frame + 1) * FRAME_MS - clock.monotonicMs();
    if (dueMs > 0) await clock.delay(dueMs);
    listener.frame(pcm.slice(frame * FRAME_SAMPLES, (frame + 1) * FRAME_SAMPLES));
  }
}

function toPerson(speaker: Speaker) {
  return { identity: speaker, name: speaker, kind: 'human' } as const;
}
