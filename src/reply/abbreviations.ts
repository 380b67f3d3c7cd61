/** Words whose stop does not end a sentence, in lower case and without that stop. */
const ABBREVIATIONS: ReadonlySet<string> = new Set(
  (
    'mr mrs ms dr prof rev hon st sr jr gen col sgt capt lt ' +
    'e.g i.e eg ie vs cf al approx ca no nos vol fig eq pp ed est dept inc ltd co corp bros ' +
    'jan feb mar apr jun jul aug sep sept oct nov dec mon tue wed thu fri sat sun ' +
    'z.b d.h u.a bzw usw str nr hr fr mme mlle sra srta'
  ).split(' '),
);

/**
 * Whether a stop behind `before` belongs to its last word: an abbreviation, an initial (`J.`), a
 * dotted form (`U.S.`) or the number that opens a list's line (`1.`).
 */
export function endsWithAbbreviation(before: string): boolean {
  const word = /[^\s("'“‘«([]*$/u.exec(before)?.[0] ?? '';
  if (/^\d{1,3}$/.test(word)) return before.trim() === word;
  if (/^\p{Lu}$/u.test(word)) return word !== 'I';
  if (/^\p{L}(\.\p{L})+$/u.test(word)) return true;
  return ABBREVIATIONS.has(word.toLowerCase());
}
