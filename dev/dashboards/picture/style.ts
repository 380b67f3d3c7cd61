export const PAGE = '#f4f5f5';
export const INK = '#24292e';
export const FAINT = '#6e7780';
export const LINES = '#dfe1e4';
/** Grafana's names of colours that our thresholds use. */
export const COLOURS: Readonly<Record<string, string>> = {
  text: INK,
  green: '#1a7f4b',
  red: '#d92637',
};
/** One series after the other. */
export const SERIES: readonly string[] = [
  '#3f8f4f',
  '#d9a514',
  '#2f7fc1',
  '#d9642b',
  '#c43d5d',
  '#6f5bb5',
  '#1f9d97',
  '#8a6d3b',
  '#7a8790',
];

/** Width of a small letter, nearly, in px. */
const LETTER = 6.1;

/** As much of a line of small text as fits. */
export function shorten(line: string, width: number): string {
  const letters = Math.floor(width / LETTER);
  return line.length <= letters ? line : `${line.slice(0, letters - 1)}…`;
}

/** The width of a line of small text, in px. */
export function widthOf(line: string): number {
  return line.length * LETTER;
}
