/** One thing that was measured of every contender. */
export interface Row {
  readonly title: string;
  /** By contender. */
  readonly values: Readonly<Record<string, number>>;
}

/** What was measured, side by side: a line a thing, a column a contender. */
export function sideBySide(columns: readonly string[], rows: readonly Row[]): string {
  const lines = [
    ['', ...columns],
    ...rows.map(({ title, values }) => [
      title,
      ...columns.map((one) => String(values[one] ?? '-')),
    ]),
  ];
  const widths = lines[0]?.map((_none, at) =>
    Math.max(...lines.map((line) => line[at]?.length ?? 0)),
  );
  return lines
    .map((line) =>
      line
        .map((cell, at) => pad(cell, widths?.[at] ?? 0, at))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** Names to the left, numbers to the right. */
function pad(cell: string, width: number, column: number): string {
  return column === 0 ? cell.padEnd(width) : cell.padStart(width);
}
