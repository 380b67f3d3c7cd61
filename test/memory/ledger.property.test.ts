import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import type { ContextMessage } from '../../src/memory/context.ts';
import {
  acknowledge,
  append,
  contentOf,
  inherit,
  isSaved,
  openLedger,
  record,
  summarize,
} from '../../src/memory/ledger.ts';
import type { Ledger } from '../../src/memory/ledger.ts';
import { said, turn } from '../contract/memory-world.ts';

/**
 * A ledger, the save that is under way, and by a second account what was given to it and what the
 * database has acknowledged. A save that is sent anew while the last one has no answer is one whose
 * answer was lost.
 */
interface Books {
  ledger: Ledger;
  sent: Ledger | undefined;
  /** What the memory should be: inherited before own. */
  former: string[];
  own: string[];
  /** What waits for an acknowledgement, and what has it. */
  unsaved: string[];
  turns: string[];
  inboxThrough: number | undefined;
  readonly acknowledged: Set<string>;
  rows: number;
}

type Act = (books: Books, count: number) => void;

const ACTS: Readonly<Record<string, Act>> = {
  append(books, count) {
    books.ledger = append(books.ledger, said(`m${count}`));
    books.own.push(`m${count}`);
    books.unsaved.push(`m${count}`);
  },
  record(books, count) {
    books.ledger = record(books.ledger, turn(`t${count}`));
    books.turns.push(`t${count}`);
  },
  inherit(books, count) {
    // One that is new, and one that is there already.
    const left = [said(`i${count}`), ...books.ledger.messages.slice(-1)];
    books.rows += 1;
    books.ledger = inherit(books.ledger, { messages: left, through: books.rows }, true);
    books.former.push(`i${count}`);
    books.inboxThrough = books.rows;
  },
  forgive(books) {
    books.ledger = inherit(books.ledger, { messages: [], through: undefined }, false);
  },
  summarize(books, count) {
    const gone = Math.floor(books.ledger.messages.length / 2);
    if (gone < 2) return;
    const summary = { role: 'summary', id: `s${count}`, text: `s${count}`, at: 0 } as const;
    books.ledger = summarize(books.ledger, gone, summary);
    const kept = [...books.former, ...books.own].slice(gone);
    books.former = [`s${count}`, ...kept.filter((id) => books.former.includes(id))];
    books.own = kept.filter((id) => books.own.includes(id));
  },
  send(books) {
    books.sent = books.ledger;
  },
  acknowledge(books) {
    const { sent } = books;
    if (sent === undefined) return;
    const news = [...sent.unsaved.map(({ id }) => id), ...sent.turns.map(({ id }) => id)];
    news.forEach((id) => expect(books.acknowledged.has(id), `${id} saved as new`).toBe(false));
    news.forEach((id) => books.acknowledged.add(id));
    books.unsaved = books.unsaved.filter((id) => !news.includes(id));
    books.turns = books.turns.filter((id) => !news.includes(id));
    if (books.inboxThrough === sent.inboxThrough) books.inboxThrough = undefined;
    books.ledger = acknowledge(books.ledger, sent);
    expect(books.ledger.savedVersion).toBe(sent.version);
    books.sent = undefined;
  },
};

it('loses nothing, saves nothing twice as new, and keeps the order, whatever comes when', () => {
  const names = fc.array(fc.constantFrom(...Object.keys(ACTS)), { maxLength: 60 });
  const history = fc.property(names, fc.nat(3), (acts, before) => {
    const stored = Array.from({ length: before }, (_none, at) => said(`b${at}`));
    const books = open(stored);
    for (const [count, name] of acts.entries()) {
      const last = books.ledger;
      ACTS[name]!(books, count);
      expectGrowth(last, books.ledger);
      expectTrue(books);
    }
    ACTS['send']!(books, acts.length);
    ACTS['acknowledge']!(books, acts.length);
    expectTrue(books);
    expect(isSaved(books.ledger)).toBe(true);
    expect([books.unsaved, books.turns, books.inboxThrough]).toEqual([[], [], undefined]);
  });
  fc.assert(history, { numRuns: 500 });
});

function open(stored: readonly ContextMessage[]): Books {
  return {
    ledger: openLedger({ version: 7, messages: stored }),
    sent: undefined,
    former: stored.map(({ id }) => id),
    own: [],
    unsaved: [],
    turns: [],
    inboxThrough: undefined,
    acknowledged: new Set(),
    rows: 0,
  };
}

/** The version says by one whether there is anything to save that was not there before. */
function expectGrowth(last: Ledger, next: Ledger): void {
  const changed = next.messages !== last.messages || next.turns.length > last.turns.length;
  expect(next.version - last.version).toBe(changed ? 1 : 0);
}

function expectTrue({ ledger, former, own, unsaved, turns, inboxThrough }: Books): void {
  const content = contentOf(ledger);
  expect(content.messages.map(({ id }) => id)).toEqual([...former, ...own]);
  expect(ledger.unsaved.map(({ id }) => id)).toEqual(unsaved);
  expect(content.turns.map(({ id }) => id)).toEqual(turns);
  expect(content.inboxThrough).toBe(inboxThrough);
  expect(ledger.savedVersion).toBeLessThanOrEqual(ledger.version);
}
