import { isDeepStrictEqual } from 'node:util';
import { describe, expect } from 'vitest';
import type { Command } from '../../src/conversation/commands.ts';
import { reduce } from '../../src/conversation/reduce.ts';
import { initialState } from '../../src/conversation/state.ts';
import { commandsOf, inherited, ofType, overHistories } from './over-histories.ts';

describe('whatever happens to a conversation', () => {
  const always = overHistories();

  always('nobody settles, stops or waits to leave without a running timer', (history) => {
    for (const { after } of history.entries) {
      const { floors, reply, pendingLeave, timers } = after;
      if (floors.size > 0) expect(timers.has('chat-settle')).toBe(true);
      if (reply.kind !== 'none' && reply.stopping) expect(timers.has('reply-cut')).toBe(true);
      if (pendingLeave !== undefined) {
        expect(timers.has('reply-cut') || timers.has('last-words')).toBe(true);
      }
      if (after.handover === 'finishing' && after.phase !== 'leaving') {
        expect(timers.has('handover-reply') || timers.has('reply-cut')).toBe(true);
      }
    }
  });

  always('whoever speaks, and a reply that is held, has a timer that ends it', (history) => {
    for (const { after } of history.entries) {
      const { reply, timers, voices } = after;
      if (voices.size > 0) expect(timers.has('words-due')).toBe(true);
      const held = reply.kind !== 'none' && reply.held !== undefined;
      if (held && !reply.stopping) expect(timers.has('hold')).toBe(true);
    }
  });

  always('a reply is held and let go in turns, and never after its end', (history) => {
    let held: number | undefined;
    for (const command of commandsOf(history)) {
      if (command.type === 'hold-playout') {
        expect(held).toBeUndefined();
        held = command.replyId;
      } else if (command.type === 'resume-playout') {
        expect(held).toBe(command.replyId);
        held = undefined;
      } else if (command.type === 'commit-reply') held = undefined;
    }
  });

  always('a quiet room and one without humans end by a timer', (history) => {
    const { idleTimeoutMs } = history.policy;
    for (const { after } of history.entries) {
      if (after.phase !== 'open' || after.link === 'down') continue;
      if (after.absentSince.size > 0) expect(after.timers.has('departure-grace')).toBe(true);
      const silent = after.floors.size === 0 && after.voices.size === 0;
      const quiet = after.reply.kind === 'none' && silent;
      expect(after.timers.has('idle')).toBe(quiet && idleTimeoutMs > 0);
    }
  });

  always('no timer is started twice, and only a running one is stopped', (history) => {
    const running = new Map<string, number>();
    for (const { event, commands } of history.entries) {
      if (event.type === 'timer-fired' && running.get(event.timer) === event.timerId) {
        running.delete(event.timer);
      }
      for (const command of commands) {
        if (command.type === 'stop-timer') expect(running.delete(command.timer)).toBe(true);
        if (command.type !== 'start-timer') continue;
        expect(running.has(command.timer)).toBe(false);
        expect(command.delayMs).toBeGreaterThanOrEqual(0);
        running.set(command.timer, command.timerId);
      }
    }
  });

  always('after leave nothing is done but dropping, and no timer runs', (history) => {
    const commands = commandsOf(history);
    const at = commands.findIndex(({ type }) => type === 'leave');
    if (at < 0) return;
    const later = commands.slice(at + 1).filter(({ type }) => type !== 'stop-timer');
    expect(later.every((one) => one.type === 'drop-turn' && one.reason === 'leaving')).toBe(true);
    expect(history.entries.at(-1)?.after.timers.size).toBe(0);
  });

  always('nobody is taken for the last human while a human is there', (history) => {
    for (const { after, commands } of history.entries) {
      const people = [...after.people.values()];
      const humans = people.some(({ kind }) => kind === 'human');
      const reasons = ofType(commands, 'leave').map(({ reason }) => reason);
      if (humans) expect(reasons).not.toContain('last-human-left');
    }
  });

  always('who decides to leave leaves, also with a mute mouth', (history) => {
    const decided = history.entries.some(({ after }) => after.phase === 'leaving');
    expect(ofType(commandsOf(history), 'leave')).toHaveLength(decided ? 1 : 0);
  });

  always('a handover becomes ready, also with a mute mouth', (history) => {
    const last = history.entries.at(-1)?.after;
    if (last?.phase === 'open') expect(['none', 'ready']).toContain(last.handover);
    for (const { after, commands } of history.entries) {
      const [ready] = ofType(commands, 'report-handover-ready');
      if (ready !== undefined) expect(after.handover).toBe('ready');
    }
  });

  always('no reply starts while arriving, leaving, cut off or finishing', (history) => {
    for (const { after, commands } of history.entries) {
      if (ofType(commands, 'start-reply').length === 0) continue;
      expect(after.phase).toBe('open');
      expect(after.link).toBe('up');
      expect(['none', 'ready']).toContain(after.handover);
    }
  });

  always('a failed answer is apologized for once', (history) => {
    const commands = commandsOf(history);
    const started = ofType(commands, 'start-reply');
    const lineOf = new Map(started.map(({ replyId, line }) => [replyId, line]));
    const failed = ofType(commands, 'commit-reply').filter(({ end }) => end === 'failed');
    const owed = failed.filter(({ replyId }) => lineOf.get(replyId) === undefined).length;
    const begun = started.filter(({ line }) => line === 'apology').length;
    const waiting = history.entries.at(-1)?.after.lines.filter((line) => line === 'apology');
    expect(begun + (waiting?.length ?? 0)).toBe(owed);
    // What cannot be spoken is written.
    expect(lines(commands, 'apology') + lines(commands, 'greeting')).toBe(failed.length - owed);
  });

  always('it says each other line once', (history) => {
    expect(lines(commandsOf(history), 'joined')).toBeLessThanOrEqual(1);
    expect(lines(commandsOf(history), 'idle')).toBeLessThanOrEqual(1);
  });

  always('the room is shown each change of state once', (history) => {
    const shown = ofType(commandsOf(history), 'show-agent-state').map(({ state }) => state);
    expect(shown.every((state, index) => state !== shown[index - 1])).toBe(true);
    for (const { after } of history.entries) {
      if (after.phase !== 'open') continue;
      const { reply } = after;
      const silenced = reply.kind === 'speaking' && reply.held !== undefined;
      const listens = reply.kind === 'none' || silenced;
      expect(after.shownState).toBe(listens ? 'listening' : reply.kind);
    }
  });

  always('its state stays small', (history) => {
    const bound = history.policy.maxPending + inherited(history).length;
    for (const { after } of history.entries) {
      const { reply } = after;
      const answering = reply.kind === 'thinking' ? reply.answers.length : 0;
      expect(after.pending.length + answering).toBeLessThanOrEqual(bound);
      expect(after.recentTurnIds.length).toBeLessThanOrEqual(256);
      expect(after.floors.size).toBeLessThanOrEqual(3);
      expect(after.absentSince.size).toBeLessThanOrEqual(3);
      expect(after.people.size).toBeLessThanOrEqual(4);
    }
  });

  always('the same events lead to the same, and change no earlier state', (history) => {
    let state = initialState(0);
    for (const { event, after, commands } of history.entries) {
      const again = reduce(state, event, history.policy);
      // `after` has lived through all later events by now, `again` through none.
      expect(isDeepStrictEqual(again, { state: after, commands })).toBe(true);
      state = again.state;
    }
  });
});

function lines(commands: readonly Command[], line: string): number {
  return ofType(commands, 'say').filter((command) => command.line === line).length;
}
