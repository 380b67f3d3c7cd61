import type { ReplyRule } from '../../dev/simulators/openai/settings.ts';
import { openStack } from '../../dev/stack.ts';
import type { Stack } from '../../dev/stack.ts';
import { openActivations } from './activations.ts';
import { startMeasuredWorker } from './measured-worker.ts';
import type { MeasuredWorker, WorkerEvent } from './measured-worker.ts';
import { openMoments } from './moments.ts';
import type { Moments } from './moments.ts';
import { putFirst } from './put-first.ts';
import { openSounds } from './sounds.ts';
import type { Sounds } from './sounds.ts';
import { openSpeakers } from './speakers.ts';
import type { Speakers } from './speakers.ts';
import { openStageTimes } from './stage-times.ts';
import type { StageTimes } from './stage-times.ts';

/**
 * Where a bench in voice plays: the stack with its simulated providers, people with microphones and
 * loudspeakers, and what happened. `moments` knows, each with its first time:
 *
 *     EVENT ROOM                     a worker's log line about a room: `room-joined r1`
 */
export interface VoiceScene extends AsyncDisposable {
  readonly stack: Stack;
  readonly speakers: Speakers;
  /** Bots that echo, in a process of their own. */
  readonly echoes: Speakers;
  readonly sounds: Sounds;
  readonly moments: Moments;
  readonly stageTimes: StageTimes;
  /** `more` are modules to preload, and who else gets what it tells. */
  startWorker(env: Readonly<Record<string, string>>, more?: WorkerExtras): Promise<MeasuredWorker>;
  /** Somebody enters, a bot is asked for, and comes. */
  fill(room: string): Promise<void>;
  /** Everybody leaves, the bot too. */
  empty(room: string): Promise<void>;
}

/** What a bench adds to a worker. */
export interface WorkerExtras {
  readonly preloads: readonly string[];
  readonly onEvent: (event: WorkerEvent) => void;
}

/** The pace of the simulated model: 200 ms, then 10 ms a token; the voices' is 250 and 90 ms anyway. */
const PACE = { firstTokenMs: 200, perTokenMs: 10 };
const VOICE = { AUDIO_ENABLED: 'true', IDLE_TIMEOUT_MS: '0', DEPARTURE_GRACE_MS: '0' };
const LIMIT_MS = 30_000;

/** What the model answers in a room, and at which pace where that is not the usual one. */
export type AnswerIn = (room: string) => Pick<ReplyRule, 'reply' | 'pace'>;

/** Opens it, with a model that answers every turn of a room in the same way. */
export async function openVoiceScene(answerIn: AnswerIn): Promise<VoiceScene> {
  await using opening = new AsyncDisposableStack();
  const [moments, sounds, stageTimes] = [openMoments(), openSounds(), openStageTimes()];
  const stack = opening.use(await openStack({ llm: { latency: PACE } }));
  const activations = opening.use(openActivations(stack.env));
  const speakers = opening.use(openSpeakers(stack.env, sounds.tell));
  const echoes = opening.use(openSpeakers(stack.env, () => undefined));
  const opened = opening.move();
  putFirst(process.pid);
  const replies: ReplyRule[] = [];
  const see = (event: WorkerEvent): void => {
    const { room } = event.line;
    if (typeof room === 'string') moments.tell(`${event.event} ${room}`, event.at);
    stageTimes.see(event);
  };
  return {
    stack,
    speakers,
    echoes,
    sounds,
    moments,
    stageTimes,
    async startWorker(env, more) {
      const seen = (event: WorkerEvent): void => {
        see(event);
        more?.onEvent(event);
      };
      return await startMeasuredWorker({ ...stack.env, ...VOICE, ...env }, seen, more?.preloads);
    },
    async fill(room) {
      replies.push({ character: hostOf(room), ...answerIn(room) });
      stack.llm.configure({ replies });
      await castHost(stack.database, room);
      await speakers.enter(room);
      await activations.send(room);
      await moments.when(`room-joined ${room}`, LIMIT_MS);
    },
    async empty(room) {
      await speakers.leave(room);
      await moments.when(`bot-ended ${room}`, LIMIT_MS);
    },
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}

/** What the instructions of a room's character say, and of no other's. */
export function hostOf(room: string): string {
  return `host of the room ${room}.`;
}

/** A character of its own for each room: so its requests are known from those of other rooms. */
async function castHost(database: Stack['database'], room: string): Promise<void> {
  await database.sql(`insert into characters (id, name, description) values ($1, 'Mira', $2)`, [
    room,
    `You are Mira, ${hostOf(room)}`,
  ]);
  await database.sql('insert into sessions (id, character_id) values ($1, $1)', [room]);
}
