import { z } from 'zod';

/**
 * The API's shapes, version 1. The page takes its types from here and from nowhere else in `src`;
 * docs/api.md tells the same in words.
 */

/** What `POST /v1/sessions` takes; unknown fields are ignored. */
export const sessionRequest = z.object(
  {
    characterId: z
      .union([plainText(512), z.number().int()], 'is neither a plain text nor a whole number')
      .transform(String),
    name: plainText(64).default('Guest'),
    mode: z.enum(['text', 'voice'], 'is neither text nor voice').optional(),
  },
  'is no object',
);

/** What `PUT /v1/rooms/ROOM/mode` takes; it answers 204, or 404 where no bot is in the room. */
export const modeRequest = z.object(
  { mode: z.enum(['text', 'voice'], 'is neither text nor voice') },
  'is no object',
);

/** The room in a path. */
export const roomName = z.object({ room: exactText(256) });

/** The same as a caller writes it. */
export type SessionRequest = z.input<typeof sessionRequest>;

/** What it answers (201): a talk of its own, and the one door to it. */
export interface OpenedSession {
  readonly sessionId: string;
  /** The LiveKit room; nobody else was ever in it. */
  readonly room: string;
  /** The LiveKit server. */
  readonly url: string;
  /** Lets its bearer into that room, as one new participant. */
  readonly token: string;
  /** Until when the token opens the door, ISO 8601; who is in stays in. */
  readonly expiresAt: string;
}

/** What `GET /v1/characters` answers: the first hundred by name. */
export interface CharacterList {
  readonly characters: readonly ListedCharacter[];
}

/** A character to choose. */
export interface ListedCharacter {
  readonly id: string;
  readonly name: string;
  /** One line for people, at most 200 characters. */
  readonly description?: string;
}

/** Every answer of 400 and above (RFC 9457, application/problem+json). */
export interface Problem {
  /** `urn:troupe:` and a word for programs: `unauthorized`, `invalid-request`, … */
  readonly type: string;
  readonly title: string;
  readonly status: number;
  /** What was wrong with this request, and what to do. */
  readonly detail: string;
}

/** Text that every part behind us can hold and show. */
function plainText(longest: number) {
  return z.string('is not a text').trim().pipe(exactText(longest));
}

/** The same to the letter: a room’s name may begin with a space. */
function exactText(longest: number) {
  return z
    .string()
    .min(1, 'is empty')
    .max(longest, `is longer than ${longest} characters`)
    .refine((text) => text.isWellFormed(), 'is not well-formed Unicode')
    .refine((text) => !/\p{Cc}/u.test(text), 'has control characters');
}
