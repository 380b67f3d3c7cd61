/** Words whose stop does not end a sentence, in lower case and without that stop. */
const ALWAYS = wordsOf(
  'mr mrs ms dr prof rev hon st sr jr gen col sgt capt lt ' +
    'e.g i.e eg ie vs cf al ed dept inc ltd co corp bros ' +
    'z.b d.h u.a bzw usw hr fr mme mlle sra srta',
);

/** Words that are short for something before a number only: `No. 5`, but `No. I am here.` */
const BEFORE_NUMBER = wordsOf(
  'no nos nr vol fig eq p pp ch sec art ca approx est str ext ' +
    'jan feb mar apr jun jul aug sep sept oct nov dec mon tue wed thu fri sat sun',
);

/**
 * Whether a stop behind `before` belongs to its last word, where `next` comes after it: an
 * abbreviation, an initial (`J.`), a dotted form (`U.S.`) or the number that opens a list's line.
 */
export function isAbbreviation(before: string, next: string): boolean {
  const word = /[^\s("'“‘«[*_~`]*$/u.exec(before)?.[0] ?? '';
  if (/^\d{1,3}$/.test(word)) return before.replace(/^[\s>*_~`-]+/, '') === word;
  if (/^\p{Lu}$/u.test(word)) return word !== 'I';
  if (/^\p{L}(\.\p{L})+$/u.test(word)) return true;
  const lower = word.toLowerCase();
  return ALWAYS.has(lower) || (BEFORE_NUMBER.has(lower) && /\d/.test(next));
}

function wordsOf(words: string): ReadonlySet<string> {
  return new Set(words.split(' '));
}
