/** What a picture is drawn with: numbers are px, colours are as in CSS. */
type Attributes = Readonly<Record<string, string | number>>;

/** An element without content. */
export function element(name: string, attributes: Attributes): string {
  return `<${name}${written(attributes)}/>`;
}

/** A line of text, its baseline at `y`. */
export function text(x: number, y: number, words: string, attributes: Attributes = {}): string {
  return `<text${written({ x, y, ...attributes })}>${escaped(words)}</text>`;
}

/** A picture of this size on `background`, for one who does not see it as `title`. */
export function picture(
  { width, height, background, title }: Picture,
  parts: readonly string[],
): string {
  const svg = {
    xmlns: 'http://www.w3.org/2000/svg',
    viewBox: `0 0 ${width} ${height}`,
    width,
    height,
    'font-family': 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans JP", sans-serif',
    'font-size': 14,
  };
  const ground = element('rect', { width, height, rx: 10, fill: background });
  return `<svg${written(svg)}>\n<title>${escaped(title)}</title>\n${[ground, ...parts].join('\n')}\n</svg>\n`;
}

interface Picture {
  readonly width: number;
  readonly height: number;
  readonly background: string;
  readonly title: string;
}

function written(attributes: Attributes): string {
  return Object.entries(attributes)
    .map(
      ([name, value]) =>
        ` ${name}="${escaped(typeof value === 'number' ? rounded(value) : value)}"`,
    )
    .join('');
}

function rounded(value: number): string {
  return String(Math.round(value * 10) / 10);
}

function escaped(words: string): string {
  return words.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
