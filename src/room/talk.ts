import type { Character } from '../character/character.ts';
import { openConversation } from '../conversation/conversation.ts';
import type { Turn } from '../conversation/events.ts';
import type { ConversationPolicy } from '../conversation/state.ts';
import type { Clock } from '../lib/clock.ts';
import { withDeadline } from '../lib/deadline.ts';
import { openScope } from '../lib/scope.ts';
import type { ContextWriter } from '../memory/context-writer.ts';
import { makeSummarizer } from '../memory/summarize.ts';
import { openTextMode } from '../mode/text.ts';
import type { LeaseTable } from '../ports/lease-table.ts';
import type { Llm } from '../ports/llm.ts';
import type { Observe } from '../ports/observe.ts';
import type { ReplySettings } from '../reply/reply.ts';
import type { BotLease, BotStatus, HandoverTicket } from '../worker/bot.ts';
import { makeCommands } from './commands.ts';
import { hear } from './ears.ts';
import type { Ending, EndReason } from './ending.ts';
import { makeFixedLines } from './fixed-lines.ts';
import type { KeptLink } from './kept-link.ts';

/** The rules of talks, the same in all rooms; a character's own come with it. */
export interface TalkSettings {
  readonly conversation: Omit<ConversationPolicy, 'botName' | 'hasGreeting' | 'addressing'>;
  readonly reply: ReplySettings;
}

export interface TalkDeps {
  readonly llm: Llm;
  readonly leases: Pick<LeaseTable, 'claimJoined'>;
  readonly clock: Clock;
  readonly observe: Observe;
  readonly random: () => number;
  readonly newId: () => string;
  readonly settings: TalkSettings;
}

/** Whose talk it is. */
export interface TalkParts {
  readonly character: Character;
  readonly chatLines: boolean;
  readonly lease: BotLease;
  readonly link: KeptLink;
  readonly writer: ContextWriter;
}

/** The talk in one room, from arriving to leaving. */
export interface Talk extends AsyncDisposable {
  /** The memory is whole: from here on the bot answers, first the turns that are still owed it. */
  open(unanswered: readonly Turn[]): void;
  /**
   * Finishes or cuts the reply and saves. From here on a turn is saved before its reply speaks.
   * @throws when the save does not get through in time; the talk goes on as before then.
   */
  prepareHandover(signal: AbortSignal): Promise<HandoverTicket>;
  /** There is no handover, or its successor came back to us. */
  goOn(): void;
  /** Cuts what is being said and keeps what was heard of it. */
  finish(why: EndReason): Promise<void>;
  status(): BotStatus;
}

/** A reply gets five seconds to end, its cut a moment. */
const READY_LIMIT_MS = 6_000;
const FINISH_LIMIT_MS = 1_000;

/** Opens the talk: the conversation, and the mouth and memory that carry out what it decides. */
export function openTalk(deps: TalkDeps, parts: TalkParts, ending: Ending): Talk {
  const { clock, settings } = deps;
  const { character, lease, link, writer } = parts;
  const life = openScope();
  const silent = Promise.withResolvers<void>();
  let ready = Promise.withResolvers<void>();
  let phase: 'talking' | 'handing-over' = 'talking';

  const model = character.model ?? settings.reply.model;
  const size = { model, budgetTokens: settings.reply.contextTokens };
  const keepSize = makeSummarizer(deps, writer, size, life.signal);
  const mouth = openTextMode(
    {
      ...deps,
      ...parts,
      settings: settings.reply,
      mayPublish: () => lease.mayPublish() && link.isUp(),
      messages: () => writer.messages(),
      beforeSpeaking: async (signal) => {
        if (phase === 'handing-over') await writer.saved(signal);
      },
      finished(record) {
        const { outcome: end, firstSegmentMs, durationMs } = record;
        deps.observe({
          type: 'reply-finished',
          end,
          durationMs,
          ...(firstSegmentMs !== undefined && { firstSegmentMs }),
        });
        writer.record(record);
      },
    },
    (event) => conversation.post(event),
    life.signal,
  );
  const sayLine = makeFixedLines(
    {
      ...deps,
      ...parts,
      say: (text) => mouth.say(text),
      greeted(text) {
        const [id, at] = [deps.newId(), clock.wallMs()];
        writer.append({ role: 'assistant', id, text, at, answers: [], ended: 'finished' });
      },
    },
    life.signal,
  );
  const execute = makeCommands({
    ...deps,
    link,
    mouth,
    sayLine,
    remember(message) {
      writer.append(message);
      keepSize();
    },
    handoverReady: () => ready.resolve(),
    leave(reason) {
      silent.resolve();
      ending.end({ kind: 'left', reason });
    },
  });
  const policy = {
    ...settings.conversation,
    botName: character.name,
    hasGreeting: character.greeting !== undefined,
    addressing: character.addressing,
  };
  const conversation = openConversation(deps, policy, execute);
  link.people().forEach((person) => conversation.post({ type: 'person-joined', person }));
  link.listen((event) => {
    if (event.type === 'gone') return ending.end(event.reason);
    if (event.type === 'lost') return conversation.post({ type: 'link-lost' });
    if (event.type === 'restored') {
      return conversation.post({ type: 'link-restored', people: link.people() });
    }
    const heard = hear(deps, event);
    if (heard !== undefined) conversation.post(heard);
  });

  function goOn(): void {
    phase = 'talking';
    conversation.post({ type: 'handover-withdrawn' });
  }

  return {
    goOn,
    open: (unanswered) =>
      conversation.post({ type: 'room-opened', people: link.people(), unanswered }),
    async prepareHandover(signal) {
      phase = 'handing-over';
      ready = Promise.withResolvers();
      conversation.post({ type: 'handover-requested' });
      try {
        await withDeadline(clock, READY_LIMIT_MS, () => ready.promise, signal);
        await writer.saved(signal);
      } catch (error) {
        goOn();
        throw error;
      }
      return { session: lease.session, characterId: character.id, mode: 'text' };
    },
    async finish(why) {
      const reason = why.kind === 'closed' ? why.reason : 'stopped';
      conversation.post({ type: 'leave-requested', reason });
      const silence = withDeadline(clock, FINISH_LIMIT_MS, () => silent.promise);
      await silence.catch(() => undefined);
    },
    status: () => ({
      phase,
      characterId: character.id,
      humans: [...conversation.state().people.values()].filter(({ kind }) => kind === 'human')
        .length,
    }),
    async [Symbol.asyncDispose]() {
      await mouth[Symbol.asyncDispose]();
      conversation[Symbol.dispose]();
      life[Symbol.dispose]();
    },
  };
}
