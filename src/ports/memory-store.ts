import type { ContextMessage } from '../memory/context.ts';

/** A session's context as stored. */
export interface StoredContext {
  readonly version: number;
  readonly messages: readonly ContextMessage[];
}

/** One finished turn for the `turns` table: what it cost and how long its stages took. */
export interface TurnRecord {
  readonly id: string;
  /** When the turn was committed, in ms since 1970. */
  readonly at: number;
  /** `unused`: begun before its turn was certain, and not for what was said then. */
  readonly outcome: 'finished' | 'interrupted' | 'failed' | 'unused';
  readonly model: string;
  readonly promptTokens: number;
  readonly completionTokens: number;
  /** Ms from the request to the model's first token; absent if none came. */
  readonly firstTokenMs?: number;
  /** Ms from start-reply to the first segment in the room; absent where no word of it was heard. */
  readonly firstSegmentMs?: number;
  /** Ms from start-reply to the end. */
  readonly durationMs: number;
  /** In US dollars, where the provider says so. */
  readonly cost?: number;
}

/** A whole context under an epoch; `version` grows by one per change. */
export interface ContextSave {
  readonly room: string;
  readonly session: string;
  readonly epoch: number;
  readonly version: number;
  readonly messages: readonly ContextMessage[];
  /** Turns finished since the last acknowledged save; a repeat of an id is ignored. */
  readonly turns: readonly TurnRecord[];
  /** Inbox rows up to this id are in `messages` now and may go. */
  readonly inboxThrough?: number;
}

/** What a worker that lost the lease leaves for its successor, insert-only and unfenced. */
export type InboxEntry =
  | { readonly kind: 'message'; readonly message: ContextMessage }
  /** The writer has left the room: nothing more comes from it. */
  | { readonly kind: 'closing' };

/** An inbox row as read. */
export type InboxRow = InboxEntry & { readonly id: number; readonly epoch: number };

/**
 * Where contexts live. Every call has its own timeout and throws TroupeError of service `database`.
 */
export interface MemoryStore {
  load(session: string, signal?: AbortSignal): Promise<StoredContext | undefined>;
  /** A lower epoch than the room's writes nothing: `lost`. A repeated version is `written`. */
  save(save: ContextSave, signal?: AbortSignal): Promise<'written' | 'lost'>;
  /** Unique by session, kind and message id: a repeat is ignored. */
  leaveInInbox(
    from: { readonly room: string; readonly session: string; readonly epoch: number },
    entries: readonly InboxEntry[],
    signal?: AbortSignal,
  ): Promise<void>;
  readInbox(session: string, signal?: AbortSignal): Promise<readonly InboxRow[]>;
}
