/** A value in one of Grafana's units, as short as Grafana writes it. */
export function inUnit(value: number, unit = 'short'): string {
  if (value === 0) return unit === 'currencyUSD' ? '$0' : '0';
  return WRITERS[unit]?.(value) ?? short(value);
}

const WRITERS: Readonly<Record<string, (value: number) => string>> = {
  none: short,
  short,
  s: (value) => (value < 1 ? `${short(value * 1000)} ms` : seconds(value)),
  bytes: (value) => scaled(value, 1024, ['B', 'KiB', 'MiB', 'GiB']),
  percentunit: (value) => `${short(value * 100)}%`,
  currencyUSD: (value) => `$${short(value)}`,
};

function seconds(value: number): string {
  return value < 120 ? `${short(value)} s` : `${short(value / 60)} min`;
}

function short(value: number): string {
  return value < 1000 ? rounded(value) : scaled(value, 1000, ['', 'K', 'Mil', 'Bil']);
}

function scaled(value: number, step: number, names: readonly string[]): string {
  const at = Math.min(Math.floor(Math.log(value) / Math.log(step)), names.length - 1);
  return `${rounded(value / step ** Math.max(0, at))} ${names[Math.max(0, at)]}`.trimEnd();
}

/** To three digits that tell. */
function rounded(value: number): string {
  return String(Number(value.toPrecision(3)));
}
