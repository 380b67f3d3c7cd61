/** Three marks or more and what may stand behind them, such as `typescript title="a.ts"`. */
const FENCE = '(?:`{3,20}[^`\\n]{0,40}|~{3,20}[^~\\n]{0,40})';

const OPENING = new RegExp(`${FENCE}\\n`, 'y');

/** What may still become an opening when more text comes. */
const BEGINNING = new RegExp(`(?:\`{1,2}|~{1,2}|${FENCE})$`, 'y');

/**
 * Whether a code block opens at `at`: three marks or more that end their line, but for the name of a
 * language. `unknown` until that line has come in; marks that close in their own line open nothing.
 */
export function opensBlock(text: string, at: number, whole: boolean): boolean | 'unknown' {
  const mark = text.charAt(at);
  if ((mark !== '`' && mark !== '~') || text.charAt(at - 1) === mark) return false;
  OPENING.lastIndex = at;
  if (OPENING.test(text)) return true;
  BEGINNING.lastIndex = at;
  return !whole && BEGINNING.test(text) ? 'unknown' : false;
}

/** Whether a piece is a code block, or the last fence of an answer that broke off behind it. */
export function isCodeBlock(piece: string): boolean {
  const start = piece.length - piece.trimStart().length;
  return opensBlock(piece, start, true) === true || /^\s*(?:`{3,}|~{3,})[\w+-]*\s*$/.test(piece);
}

/** A fenced code block while it comes in. */
export interface CodeBlock {
  /** Takes text on; once the block is closed, gives what stands behind it. */
  read(text: string): string | undefined;
  /** All that was taken and belongs to the block. */
  text(): string;
}

/**
 * Opens the block that the first text read begins with. It ends with a line that begins with its
 * fence, however that is indented. Each line is looked at once, however long the block grows and
 * however finely it is chunked.
 */
export function openCodeBlock(): CodeBlock {
  const lines: string[] = [];
  let line = '';
  let fence: string | undefined;
  const closes = (): boolean => {
    if (fence !== undefined) return line.trimStart().startsWith(fence);
    fence = /`{3,}|~{3,}/.exec(line)?.[0];
    return false;
  };
  return {
    read(more) {
      let at = 0;
      for (let end = more.indexOf('\n') + 1; end > 0; end = more.indexOf('\n', at) + 1) {
        line += more.slice(at, end);
        const closed = closes();
        lines.push(line);
        line = '';
        at = end;
        if (closed) return more.slice(end);
      }
      line += more.slice(at);
      return undefined;
    },
    text: () => lines.join('') + line,
  };
}
