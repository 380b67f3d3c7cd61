import { z } from 'zod';
import type { Character } from '../../character/character.ts';
import type { SessionRow } from '../../ports/directory.ts';
import type { CharacterSummary } from '../../ports/session-registry.ts';

/**
 * The columns that are read of `sessions`. Ids may be uuid, text or bigint: the database hands them
 * out as text, exact at any size.
 */
export const SESSION_COLUMNS: readonly string[] = [
  'id::text',
  'character_id::text',
  'chat_lines',
  'record',
];

/** The columns that are read of a row of `characters`. */
export const CHARACTER_COLUMNS: readonly string[] = [
  'id::text',
  'name',
  'description',
  'language',
  'model',
  'greeting',
  'addressing',
  'talk_mode',
  'voice',
  'stt',
  'tts',
  'record',
];

/** The columns that are read of `characters` for a list to choose from. */
export const SUMMARY_COLUMNS: readonly string[] = ['id::text', 'name', 'tagline'];

const LONGEST_LINE = 200;

/** A row of `characters` as a list shows it. */
export const summaryRow = z
  .object({ id: z.string(), name: needed('no name'), tagline: z.string().nullable() })
  .transform(({ id, name, tagline }): CharacterSummary => {
    const description = tagline?.trim().slice(0, LONGEST_LINE).toWellFormed();
    return { id, name, ...(description && { description }) };
  });

const recordWish = z.boolean('a record that is no boolean').nullable();

/** A row of `sessions`. */
export const sessionRow = z
  .object({
    id: z.string(),
    character_id: z.string().nullable(),
    chat_lines: z.boolean('a chat_lines that is no boolean').nullable(),
    record: recordWish,
  })
  .transform((row): SessionRow => ({
    id: row.id,
    characterId: row.character_id || undefined,
    chatLines: row.chat_lines ?? true,
    record: row.record ?? undefined,
  }));

/** A row of `characters`. The issues of what is wrong with it complete "character 7 has …". */
export const characterRow = z
  .object({
    id: z.string(),
    name: needed('no name'),
    description: needed('no prompt: its column description is empty'),
    language: optional('language'),
    model: optional('model'),
    talk_mode: choice('talk_mode', ['text', 'voice']),
    voice: optional('voice'),
    stt: choice('stt', ['gladia', 'deepgram']),
    tts: choice('tts', ['cartesia', 'elevenlabs']),
    greeting: optional('greeting'),
    record: recordWish.transform((wish) => wish ?? undefined),
    addressing: z
      .object(
        {
          rule: z
            .enum(
              ['auto', 'always', 'named'],
              'an addressing rule that is not auto, always or named',
            )
            .default('auto'),
          names: words('names'),
          phrases: words('phrases'),
        },
        'an addressing that is no object',
      )
      .nullable()
      .transform((addressing) => addressing ?? { rule: 'auto' as const, names: [], phrases: [] }),
  })
  .transform(({ description, talk_mode, language, ...row }): Character => ({
    ...row,
    ...(language?.toLowerCase() === 'auto'
      ? { language: DEFAULT_LANGUAGE, detectsLanguage: true }
      : { language: toTag(language) }),
    prompt: description,
    mode: talk_mode,
  }));

function needed(problem: string) {
  return z
    .string(problem)
    .trim()
    .refine((text) => text !== '', problem);
}

function optional(column: string) {
  return z
    .string(`a ${column} that is no text`)
    .nullable()
    .transform((value) => value?.trim() || undefined);
}

function choice<const T extends string>(column: string, values: readonly T[]) {
  const problem = `a ${column} that is none of ${values.join(', ')}`;
  return z
    .enum(values, problem)
    .nullable()
    .transform((value) => value ?? undefined);
}

function words(column: string) {
  const problem = `${column} to listen to that are no list of texts`;
  return z.array(z.string(problem), problem).default([]);
}

const DEFAULT_LANGUAGE = 'en';

/** The canonical tag. A language that cannot be read is no reason to stay away: it counts as absent. */
function toTag(language = DEFAULT_LANGUAGE): string {
  try {
    return Intl.getCanonicalLocales(language.replaceAll('_', '-'))[0] ?? DEFAULT_LANGUAGE;
  } catch {
    return DEFAULT_LANGUAGE;
  }
}
