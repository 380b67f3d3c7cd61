import { describe, expect } from 'vitest';
import type { EventOf } from '../../src/conversation/events.ts';
import { wordUnits } from '../../src/conversation/word-units.ts';
import { commandsOf, ofType, overHistories } from './over-histories.ts';

describe('whatever happens to drafts', () => {
  const always = overHistories();

  always('each is released, cancelled, or ends by itself, and only once', (history) => {
    const drafted = ofType(commandsOf(history), 'draft-reply').map(({ replyId }) => replyId);
    const ends = history.entries.flatMap(({ event, before, commands }) => [
      ...(isEndOf(event, before.draft?.replyId) ? [before.draft?.replyId] : []),
      ...ofType(commands, 'release-reply').map(({ replyId }) => replyId),
      ...ofType(commands, 'cancel-reply').flatMap(({ replyId, reason }) =>
        reason === 'draft-void' ? [replyId] : [],
      ),
    ]);
    const { draft } = history.entries.at(-1)?.after ?? {};
    expect([...ends, ...(draft ? [draft.replyId] : [])]).toEqual(drafted);
  });

  always('none stands beside a reply, or where none may begin', (history) => {
    for (const { after } of history.entries) {
      if (after.draft === undefined) continue;
      expect(after.reply.kind).toBe('none');
      expect([after.phase, after.link, after.handover]).toEqual(['open', 'up', 'none']);
    }
  });

  always('one is released for its own turn alone, in its own words', (history) => {
    const turns = new Map(
      ofType(commandsOf(history), 'draft-reply').map(({ replyId, turn }) => [replyId, turn]),
    );
    for (const { commands } of history.entries) {
      for (const { replyId } of ofType(commands, 'release-reply')) {
        const [committed] = ofType(commands, 'commit-turn').slice(-1);
        const turn = turns.get(replyId);
        expect(committed?.turn.id).toBe(turn?.id);
        expect(wordUnits(committed?.turn.text ?? '')).toEqual(wordUnits(turn?.text ?? ''));
      }
    }
  });

  always('nothing is said that a standing draft does not know', (history) => {
    for (const { before, after, commands } of history.entries) {
      if (before.draft === undefined || after.draft !== before.draft) continue;
      expect(ofType(commands, 'commit-turn')).toEqual([]);
      expect(ofType(commands, 'commit-reply')).toEqual([]);
    }
  });
});

function isEndOf(event: { readonly type: string }, replyId: number | undefined): boolean {
  return event.type === 'reply-ended' && (event as EventOf<'reply-ended'>).replyId === replyId;
}
