import { describe, expect, it } from 'vitest';
import type { RoomCommand } from '../../src/conversation/commands.ts';
import { openConversation } from '../../src/conversation/conversation.ts';
import type { ConversationDeps } from '../../src/conversation/conversation.ts';
import { initialState } from '../../src/conversation/state.ts';
import { reduce } from '../../src/conversation/reduce.ts';
import { ANN, RULES, ends, opens, writes } from '../support/timeline.ts';
import { openHandClock } from '../support/hand-clock.ts';

describe('the mailbox of a conversation', () => {
  it('takes what a command posts right after the commands of the event before', () => {
    const order: string[] = [];
    const conversation = openTalk({}, (command) => {
      order.push(command.type);
      if (command.type === 'start-reply') conversation.post(ends(command.replyId, 'failed'));
    });
    conversation.post(opens(ANN));
    order.length = 0;
    conversation.post(writes(ANN, 'hello'));
    expect(order).toEqual([
      'commit-turn',
      'start-reply',
      'show-agent-state',
      'commit-reply',
      // The apology, and its failure.
      'start-reply',
      'commit-reply',
      'say',
      'show-agent-state',
    ]);
  });

  it('stamps events by the clock and shows each step to the tap, from which it can be replayed', () => {
    const clock = openHandClock();
    let replayed = initialState(clock.monotonicMs());
    const stamps: number[] = [];
    const conversation = openTalk(
      {
        clock,
        tap(event, state, commands) {
          stamps.push(event.at - replayed.lastActivityAt);
          const again = reduce(replayed, event, RULES);
          expect(again).toEqual({ state, commands });
          replayed = again.state;
        },
      },
      () => undefined,
    );
    conversation.post(opens(ANN));
    clock.pass(700);
    conversation.post(writes(ANN, 'hello'));
    expect(stamps).toEqual([0, 700]);
    expect(conversation.state()).toEqual(replayed);
  });

  it('keeps little of a flood', () => {
    const conversation = openTalk({}, () => undefined);
    conversation.post(opens(ANN));
    for (let line = 0; line < 5_000; line += 1) conversation.post(writes(ANN, `line ${line}`));
    const { pending, recentTurnIds, reply } = conversation.state();
    const answering = reply.kind === 'none' ? 0 : reply.answers.length;
    expect(pending.length + answering).toBe(RULES.maxPending);
    expect(recentTurnIds).toHaveLength(256);
  });

  it('goes on after a command that was carried out badly', () => {
    const done: string[] = [];
    const conversation = openTalk({}, (command) => {
      done.push(command.type);
      if (command.type === 'say') throw new Error('broken');
    });
    expect(() => conversation.post(opens(ANN))).toThrow('broken');
    conversation.post(writes(ANN, 'hello'));
    expect(done).toContain('start-reply');
  });

  it('does nothing more once it is disposed, not even its timers', () => {
    const clock = openHandClock();
    const done: string[] = [];
    const conversation = openTalk({ clock }, ({ type }) => {
      done.push(type);
      if (type !== 'commit-turn') return;
      conversation.post(writes(ANN, 'again'));
      conversation[Symbol.dispose]();
    });
    conversation.post(opens(ANN));
    conversation.post(writes(ANN, 'hello'));
    conversation.post(writes(ANN, 'too late'));
    conversation[Symbol.dispose]();
    clock.pass(RULES.idleTimeoutMs);
    expect(done).toEqual(['say', 'show-agent-state', 'commit-turn']);
  });
});

function openTalk(deps: Partial<ConversationDeps>, execute: (command: RoomCommand) => void) {
  return openConversation({ clock: openHandClock(), ...deps }, () => RULES, execute);
}
