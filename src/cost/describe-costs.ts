import type { UsageGrouping, UsageSum } from '../ports/usage-store.ts';

/** Usage as a table for the terminal, with the total, and with what could not be priced. */
export function describeCosts(by: UsageGrouping, sums: readonly UsageSum[]): string {
  if (sums.length === 0) return 'no usage was recorded';
  const total = sums.reduce((sum, { cost }) => sum + cost, 0);
  const head = [by, 'who', 'model', 'calls', 'took', 'USD'];
  const rows = sums.map((one) => [
    one.group,
    by === 'provider' ? one.kind : `${one.kind} ${one.provider}`,
    one.model ?? '',
    String(one.calls),
    describeTaken(one),
    dollars(one.cost),
  ]);
  const lines = [...inColumns([head, ...rows]), `total: ${dollars(total)} USD`];
  return [...lines, ...describeUnpriced(sums)].join('\n');
}

function inColumns(table: readonly (readonly string[])[]): readonly string[] {
  const widthOf = (at: number): number => Math.max(...table.map((row) => row[at]?.length ?? 0));
  return table.map((row) =>
    row
      .map((cell, at) => cell.padEnd(widthOf(at)))
      .join('  ')
      .trimEnd(),
  );
}

function describeTaken({ kind, promptTokens, completionTokens, characters, audioMs }: UsageSum) {
  if (kind === 'llm') return `${promptTokens} + ${completionTokens} tokens`;
  const minutes = `${(audioMs / 60_000).toFixed(1)} min`;
  return kind === 'stt' ? minutes : `${characters} characters, ${minutes}`;
}

function describeUnpriced(sums: readonly UsageSum[]): readonly string[] {
  const unpriced = sums.filter((one) => one.unpriced > 0);
  if (unpriced.length === 0) return [];
  const who = new Set(
    unpriced.map(({ kind, provider, model = '' }) => `${kind} ${provider} ${model}`.trim()),
  );
  const calls = unpriced.reduce((sum, one) => sum + one.unpriced, 0);
  return [
    `not priced: ${calls} calls of ${[...who].join(', ')}; add them to the file of PRICES_FILE`,
  ];
}

function dollars(amount: number): string {
  return amount.toFixed(4);
}
