/** What stands between two sentences of one text: in Japanese nothing, whatever ends them. */
export function jointBehind(before: string): '' | ' ' {
  return before === '' || JAPANESE_END.test(before) ? '' : ' ';
}

/** A character of Japanese writing, its marks among them, with no letter or digit of another behind. */
const JAPANESE_END = /[\p{scx=Han}\p{scx=Hira}\p{scx=Kana}！？）][^\p{L}\p{N}]*$/u;
