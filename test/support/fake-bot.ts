import type { BotOutcome, BotStart, BotStatus, RunningBot, StartBot } from '../../src/ports/bot.ts';

/** Bots in memory, which do what their worker and the test tell them. */
export interface FakeBots {
  readonly start: StartBot;
  /** All that were started, oldest first. */
  readonly all: readonly FakeBot[];
  /** The newest bot of a room. */
  of(room: string): FakeBot;
  /** What is done to each bot as it starts. */
  onStart(run: (bot: FakeBot) => void): void;
}

export interface FakeBot extends RunningBot {
  readonly start: BotStart;
  /** How often the worker told it to go on under a newer epoch. */
  readonly adoptions: () => number;
  /** What the worker asked it for, in order. */
  readonly asked: readonly string[];
  running(): boolean;
  /** The bot is in the room. */
  talk(): void;
  /** The bot ends like this. */
  end(outcome: BotOutcome): void;
  /** From now on it fails to prepare a handover with this, or no longer. */
  failPreparing(error: Error | undefined): void;
  /** From now on it neither leaves nor ends, whatever it is told. */
  hang(): void;
}

export function openFakeBots(): FakeBots {
  const all: FakeBot[] = [];
  let onStart = (_bot: FakeBot): void => undefined;
  return {
    all,
    start(start) {
      const bot = makeFakeBot(start);
      all.push(bot);
      onStart(bot);
      return bot;
    },
    of(room) {
      const bot = all.findLast((one) => one.room === room);
      if (bot === undefined) throw new Error(`no bot was started in ${room}`);
      return bot;
    },
    onStart: (run) => void (onStart = run),
  };
}

function makeFakeBot(start: BotStart): FakeBot {
  const { room, session, characterId, lease } = start;
  const outcome = Promise.withResolvers<BotOutcome>();
  const asked: string[] = [];
  let phase: BotStatus['phase'] = 'starting';
  let running = true;
  let hanging = false;
  let failure: Error | undefined;
  let adoptions = 0;
  const end = (how: BotOutcome): void => {
    if (hanging) return;
    if (how.kind !== 'failed' || phase !== 'starting') phase = 'leaving';
    running = false;
    outcome.resolve(how);
  };
  lease.lost.addEventListener('abort', () => end({ kind: 'lost' }));
  return {
    start,
    room,
    session,
    outcome: outcome.promise,
    asked,
    adoptions: () => adoptions,
    running: () => running,
    talk: () => void (phase = 'talking'),
    end,
    failPreparing: (error) => void (failure = error),
    hang: () => void (hanging = true),
    async prepareHandover() {
      asked.push('prepare');
      await Promise.resolve();
      if (failure !== undefined) throw failure;
      if (!running) throw new Error(`the bot of room ${room} is gone`);
      phase = 'handing-over';
      return { session, characterId: characterId ?? 'mia', mode: 'text' };
    },
    adopt() {
      adoptions += 1;
      phase = 'talking';
    },
    leave(reason) {
      asked.push(`leave ${reason}`);
      end(reason === 'drain' ? { kind: 'handed-over' } : { kind: 'left', reason: 'stopped' });
    },
    status: () => ({ phase, characterId, humans: 0, mode: undefined }),
  };
}
