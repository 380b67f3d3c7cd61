/**
 * The words of a text as they compare, or where a script puts no spaces between them its characters;
 * case and marks do not count.
 */
export function wordUnits(text: string): readonly string[] {
  const plain = text.normalize('NFKC').toLowerCase();
  return (
    plain.match(/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}ー]|[\p{L}\p{N}']+/gu) ?? []
  );
}
