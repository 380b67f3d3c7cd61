import { describe, expect } from 'vitest';
import { commandsOf, inherited, ofType, overHistories } from './over-histories.ts';
import type { Entry } from './conversation-model.ts';

describe('whatever happens to turns and replies', () => {
  const always = overHistories();

  always('at most one reply is at work, and each is committed exactly once', (history) => {
    let running: number | undefined;
    for (const command of commandsOf(history)) {
      if (command.type === 'start-reply' || command.type === 'release-reply') {
        expect(running).toBeUndefined();
        running = command.replyId;
      }
      if (command.type === 'commit-reply') {
        expect(command.replyId).toBe(running);
        running = undefined;
      }
    }
    expect(running).toBeUndefined();
  });

  always('a reply commits what was heard of it, also after its cancel', (history) => {
    const heard = new Map<number, string>();
    for (const { event, before, commands } of history.entries) {
      if (event.type === 'reply-progress' && isRunning(before, event.replyId)) {
        heard.set(event.replyId, (heard.get(event.replyId) ?? '') + event.piece.original);
      }
      for (const command of ofType(commands, 'commit-reply')) {
        expect(command.heard).toBe(heard.get(command.replyId) ?? '');
      }
    }
  });

  always('every line is in one committed turn or is dropped with a reason', (history) => {
    const outcomes = history.entries.flatMap((entry) => outcomesOf(entry)).filter(isWritten);
    const lines = history.entries.flatMap(({ event }) =>
      event.type === 'chat-received' ? [event.text] : [],
    );
    expect(outcomes.toSorted()).toEqual(lines.toSorted());
  });

  always('every final is in one committed turn or is dropped with a reason', (history) => {
    const known = (turnId: string): boolean => turnId.includes('/v');
    for (const { event, before, after, commands } of history.entries) {
      if (event.type !== 'words-heard' || !event.final || event.text.trim() === '') continue;
      if (before.phase === 'leaving' || event.person.kind === 'bot') continue;
      const kept = after.voices.get(event.person.identity)?.finals.includes(event.text.trim());
      const taken = ofType(commands, 'commit-turn').some(({ turn }) => known(turn.id));
      const dropped = ofType(commands, 'drop-turn').some(({ turnId }) => known(turnId));
      expect(kept === true || taken || dropped).toBe(true);
    }
  });

  always('what a speaker is saying ends up shown as final, once', (history) => {
    const open = new Set<string>();
    const closed = new Set<string>();
    for (const { turnId, final } of ofType(commandsOf(history), 'show-transcript')) {
      expect(closed.has(turnId)).toBe(false);
      if (final) closed.add(turnId);
      open[final ? 'delete' : 'add'](turnId);
    }
    const { voices } = history.entries.at(-1)?.after ?? { voices: new Map() };
    expect(open.size).toBeLessThanOrEqual(voices.size);
  });

  always("a speaker's turns are committed in the order of their lines", (history) => {
    const last = new Map<string, number>();
    for (const { turn } of ofType(commandsOf(history), 'commit-turn')) {
      for (const line of turn.text.split('\n').filter(isWritten)) {
        const number = Number(line.split('#')[1]);
        expect(number).toBeGreaterThan(last.get(turn.speaker) ?? 0);
        last.set(turn.speaker, number);
      }
    }
  });

  always('an addressed turn is answered once, unless the bot leaves', (history) => {
    const commands = commandsOf(history);
    const answers = ofType(commands, 'commit-reply').flatMap((command) => command.answers);
    expect(new Set(answers).size).toBe(answers.length);
    const [left] = ofType(commands, 'leave');
    if (left !== undefined && left.reason !== 'idle') return;
    const owed = ofType(commands, 'commit-turn').filter(({ turn }) => turn.addressed);
    expect(new Set(answers)).toEqual(
      new Set([...owed.map(({ turn }) => turn.id), ...inherited(history)]),
    );
  });

  always('turns are answered in order, inherited ones first', (history) => {
    const committed = ofType(commandsOf(history), 'commit-turn').map(({ turn }) => turn.id);
    const order = [...inherited(history), ...committed];
    for (const { answers } of ofType(commandsOf(history), 'start-reply')) {
      const places = answers.map((turnId) => order.indexOf(turnId));
      expect(places).toEqual(places.toSorted((one, other) => one - other));
      expect(places).not.toContain(-1);
    }
  });

  always('ids only grow', (history) => {
    const commands = commandsOf(history);
    const replyIds = commands.flatMap((one) =>
      one.type === 'start-reply' || one.type === 'draft-reply' ? [one.replyId] : [],
    );
    const timerIds = ofType(commands, 'start-timer').map(({ timerId }) => timerId);
    expect(replyIds).toEqual(replyIds.map((_, index) => index + 1));
    expect(timerIds).toEqual(timerIds.map((_, index) => index + 1));
  });
});

function isRunning({ reply }: Entry['before'], replyId: number): boolean {
  return reply.kind !== 'none' && reply.replyId === replyId;
}

/** The lines that this step committed or dropped. */
function outcomesOf({ event, before, commands }: Entry): readonly string[] {
  const committed = ofType(commands, 'commit-turn').flatMap(({ turn }) => turn.text.split('\n'));
  const dropped = ofType(commands, 'drop-turn').flatMap(({ turnId }) => {
    if (event.type === 'chat-received' && event.id === turnId) return [event.text];
    return [...before.floors.values()].find((floor) => floor.turnId === turnId)?.texts ?? [];
  });
  return [...committed, ...dropped];
}

/** Lines of chat carry their number; spoken words are counted elsewhere. */
function isWritten(text: string): boolean {
  return text.includes('#');
}
