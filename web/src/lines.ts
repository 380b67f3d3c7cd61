/** One thing that somebody said or wrote, as the transcript shows it. */
export interface Line {
  readonly id: string;
  /** Identity of who said it. */
  readonly from: string;
  readonly name: string;
  readonly who: 'me' | 'agent' | 'other';
  readonly text: string;
  /** Whether more or other words may still come. */
  readonly interim: boolean;
  readonly typed: boolean;
  /** When it was written, in ms since 1970; of what was said nobody asks. */
  readonly at?: number;
}

/** A transcription as LiveKit's hook hands it out: the newest text of a segment. */
export interface HeardSegment {
  readonly text: string;
  readonly participantInfo: { readonly identity: string };
  readonly streamInfo: {
    readonly id: string;
    readonly attributes?: Readonly<Record<string, string>> | undefined;
  };
}

/** A chat message as LiveKit's hook hands it out. */
export interface ChatMessage {
  readonly id: string;
  readonly message: string;
  /** Ms since 1970. */
  readonly timestamp: number;
  readonly from?: { readonly identity: string } | undefined;
}

/** Somebody of the talk, also once gone. */
export interface Known {
  readonly name: string;
  readonly who: Line['who'];
}

/** What was seen so far: who took part, and which line was there before which. */
export interface Book {
  readonly people: ReadonlyMap<string, Known>;
  readonly order: ReadonlyMap<string, number>;
}

export const EMPTY_BOOK: Book = { people: new Map(), order: new Map() };

/** The book with whoever and whatever is new; the same book where nothing is. */
export function keepBook(
  book: Book,
  people: ReadonlyMap<string, Known>,
  segments: readonly HeardSegment[],
  chat: readonly ChatMessage[],
): Book {
  const met = [...people].filter(([id, { name }]) => book.people.get(id)?.name !== name);
  const seen = [...chat.map(({ id }) => id), ...segments.map(idOf)];
  const fresh = [...new Set(seen)].filter((id) => !book.order.has(id));
  if (met.length === 0 && fresh.length === 0) return book;
  const placed = fresh.map((id, at) => [id, book.order.size + at] as const);
  return {
    people: new Map([...book.people, ...met]),
    order: new Map([...book.order, ...placed]),
  };
}

/** Everything said and written, oldest first: a segment keeps its place while its words change. */
export function toLines(
  { people, order }: Book,
  segments: readonly HeardSegment[],
  chat: readonly ChatMessage[],
): readonly Line[] {
  const place = ({ id }: Line): number => order.get(id) ?? order.size;
  const lines = [
    ...chat.map((message) => ofChat(message, people)),
    ...segments.map((segment) => ofSegment(segment, people)),
  ];
  return lines.filter(({ text }) => text !== '').sort((one, other) => place(one) - place(other));
}

/** What we typed since the character last said or wrote something: the last few lines of three minutes. */
export function typedSinceAnswer(lines: readonly Line[], now: number): readonly Line[] {
  const answered = lines.findLastIndex(({ who }) => who === 'agent');
  return lines
    .slice(answered + 1)
    .filter(({ who, typed, at = 0 }) => who === 'me' && typed && now - at < RECENT_MS)
    .slice(-MOST_LINES);
}

/** Longer than a worker's death goes unnoticed; what is older the talk has left behind. */
const RECENT_MS = 180_000;
const MOST_LINES = 10;

function ofSegment(segment: HeardSegment, people: Book['people']): Line {
  const { text, participantInfo, streamInfo } = segment;
  return {
    id: idOf(segment),
    ...saidBy(participantInfo.identity, people),
    text: text.trim(),
    interim: streamInfo.attributes?.['lk.transcription_final'] !== 'true',
    typed: false,
  };
}

function ofChat({ id, message, timestamp, from }: ChatMessage, people: Book['people']): Line {
  const said = { ...saidBy(from?.identity ?? '', people), text: message.trim() };
  return { id, ...said, interim: false, typed: true, at: timestamp };
}

function saidBy(from: string, people: Book['people']): Pick<Line, 'from' | 'name' | 'who'> {
  const { name, who } = people.get(from) ?? { name: from, who: 'other' };
  return { from, name, who };
}

function idOf({ streamInfo }: HeardSegment): string {
  return streamInfo.attributes?.['lk.segment_id'] ?? streamInfo.id;
}
