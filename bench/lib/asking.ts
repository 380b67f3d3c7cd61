import { setTimeout as sleep } from 'node:timers/promises';
import type { MeasuredWorker } from './measured-worker.ts';
import { loopUse } from './measured-worker.ts';
import { machineUse, readMachineTimes } from './machine-use.ts';
import { percentile, rounded } from './percentile.ts';
import { questionIn, questionText } from './questions.ts';
import type { Scene } from './scene.ts';

/**
 * How answers came. A sentence is known to be whole only by the token after it, so the model's pace of
 * 10 ms a token is in our own share.
 */
export interface Answers {
  readonly questions: number;
  readonly questionsPerS: number;
  readonly unanswered: number;
  /** From the visitor's question to the first line that the visitor reads. */
  readonly replyP50Ms: number;
  readonly replyP95Ms: number;
  /**
   * Our own share: from the chat in to the first line out, at the bot and by its book of turns, less
   * the model's request to the token that ends the first sentence. It begins when the bot takes the
   * chat: what it waits for a busy event loop before that is only in what is seen.
   */
  readonly ownReplyP50Ms: number;
  readonly ownReplyP95Ms: number;
  /** The same as the visitor sees it: LiveKit, transport and the visitors' own process are in it. */
  readonly ownReplySeenP50Ms: number;
  readonly ownReplySeenP95Ms: number;
  /** The visitor's two parts: question to model request, last token of the sentence to line. */
  readonly toModelP50Ms: number;
  readonly toModelP95Ms: number;
  readonly fromModelP50Ms: number;
  readonly fromModelP95Ms: number;
  readonly talkingCorePerRoom: number;
  readonly talkingLoopUse: number;
  readonly talkingMachineUse: number;
}

const ASKING_MS = 30_000;
/** A room asks every 10 s, but all together no more often than 100 rooms do. */
const ROOM_EVERY_MS = 10_000;
const MOST_PER_S = 10;
const ANSWER_LIMIT_MS = 20_000;

/** Asks in one room after the other, evenly over the time, and waits for all answers. */
export async function askAll(
  scene: Scene,
  worker: MeasuredWorker,
  rooms: readonly string[],
): Promise<Answers> {
  scene.stack.llm.forget();
  const perS = Math.min(MOST_PER_S, (rooms.length * 1_000) / ROOM_EVERY_MS);
  const count = Math.round((ASKING_MS / 1_000) * perS);
  const asked = Array.from({ length: count }, (_none, at) => ({
    room: rooms[at % rooms.length] ?? '',
    question: Math.floor(at / rooms.length) + 1,
    dueMs: (at / perS) * 1_000,
  }));
  const [before, machineBefore] = [await worker.usage(), readMachineTimes()];
  const startedAt = performance.now();
  const answered = await Promise.all(
    asked.map(async ({ room, question, dueMs }) => {
      await sleep(Math.max(0, dueMs - (performance.now() - startedAt)));
      return await ask(scene, room, question);
    }),
  );
  const tookMs = performance.now() - startedAt;
  const [after, machineAfter] = [await worker.usage(), readMachineTimes()];
  const models = modelTimes(scene);
  const splits = answered.flatMap((one) => (one === undefined ? [] : split(one, models)));
  const atBot = await ownSharesAtBot(scene, rooms, models);
  const part = (of: (one: Split) => number, share: number): number =>
    rounded(percentile(splits.map(of), share));
  return {
    questions: count,
    questionsPerS: perS,
    unanswered: count - splits.length,
    replyP50Ms: part(({ toModel, model, fromModel }) => toModel + model + fromModel, 0.5),
    replyP95Ms: part(({ toModel, model, fromModel }) => toModel + model + fromModel, 0.95),
    ownReplyP50Ms: rounded(percentile(atBot, 0.5)),
    ownReplyP95Ms: rounded(percentile(atBot, 0.95)),
    ownReplySeenP50Ms: part(({ toModel, fromModel }) => toModel + fromModel, 0.5),
    ownReplySeenP95Ms: part(({ toModel, fromModel }) => toModel + fromModel, 0.95),
    toModelP50Ms: part(({ toModel }) => toModel, 0.5),
    toModelP95Ms: part(({ toModel }) => toModel, 0.95),
    fromModelP50Ms: part(({ fromModel }) => fromModel, 0.5),
    fromModelP95Ms: part(({ fromModel }) => fromModel, 0.95),
    talkingCorePerRoom: rounded((after.cpuMs - before.cpuMs) / tookMs / rooms.length, 5),
    talkingLoopUse: rounded(loopUse(before, after), 4),
    talkingMachineUse: rounded(machineUse(machineBefore, machineAfter), 2),
  };
}

interface Answered {
  readonly asked: string;
  readonly askedAt: number;
  readonly answeredAt: number;
}

interface Split {
  readonly toModel: number;
  readonly model: number;
  readonly fromModel: number;
}

async function ask(
  { visitors, moments }: Scene,
  room: string,
  question: number,
): Promise<Answered | undefined> {
  const askedAt = await visitors.say(room, questionText(room, question));
  const asked = `${room} ${question}`;
  try {
    const answeredAt = await moments.when(`answer ${asked}`, ANSWER_LIMIT_MS);
    return { asked, askedAt, answeredAt };
  } catch {
    return undefined;
  }
}

interface ModelTimes {
  readonly requestAt: number;
  readonly sentenceAt: number;
}

/** By question: when the model was asked, and when the token went out that ends its first sentence. */
function modelTimes({ stack }: Scene): ReadonlyMap<string, ModelTimes> {
  return new Map(
    stack.llm.requests().flatMap(({ messages, arrivedAt, firstSentenceAt }) => {
      const question = questionIn(messages?.at(-1)?.text ?? '');
      if (question === undefined || firstSentenceAt === undefined) return [];
      return [[question, { requestAt: arrivedAt, sentenceAt: firstSentenceAt }] as const];
    }),
  );
}

function split(
  { asked, askedAt, answeredAt }: Answered,
  models: ReadonlyMap<string, ModelTimes>,
): readonly Split[] {
  const times = models.get(asked);
  if (times === undefined) return [];
  const { requestAt, sentenceAt } = times;
  return [
    {
      toModel: requestAt - askedAt,
      model: sentenceAt - requestAt,
      fromModel: answeredAt - sentenceAt,
    },
  ];
}

/** By the books that the bot keeps of its turns. */
async function ownSharesAtBot(
  { stack }: Scene,
  rooms: readonly string[],
  models: ReadonlyMap<string, ModelTimes>,
): Promise<readonly number[]> {
  const turns = await stack.database.sql<{ session: string; ms: number; nth: string }>(
    `select session, first_segment_ms as ms, row_number() over (partition by session order by at) as nth
     from turns where session = any($1)`,
    [rooms],
  );
  return turns.flatMap(({ session, ms, nth }) => {
    const times = models.get(`${session} ${nth}`);
    return times === undefined ? [] : [ms - (times.sentenceAt - times.requestAt)];
  });
}
