/** A fenced code block while it comes in. */
export interface CodeBlock {
  /** Takes text on; once the block is closed, gives what stands behind it. */
  read(text: string): string | undefined;
  /** All that was taken and belongs to the block. */
  text(): string;
}

/** Opens the block that `text`, which nobody has read yet, begins with, if it begins with one. */
export function openCodeBlock(text: string): CodeBlock | undefined {
  const [opening, lead, fence] = /^(\s*)(```|~~~)/.exec(text) ?? [];
  if (opening === undefined || lead === undefined || fence === undefined) return undefined;
  let skipped = lead.length;
  const lines = [lead];
  let line = '';
  // Each line is looked at once, however long the block grows and however finely it is chunked.
  return {
    read(more) {
      for (let at = skipped; ;) {
        skipped = 0;
        const end = more.indexOf('\n', at) + 1;
        line += end === 0 ? more.slice(at) : more.slice(at, end);
        if (end === 0) return undefined;
        lines.push(line);
        const closed = lines.length > 2 && line.startsWith(fence);
        line = '';
        at = end;
        if (closed) return more.slice(end);
      }
    },
    text: () => lines.join('') + line,
  };
}
