/** One sample as Prometheus reads it. */
export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** Samples, and the value of the one with exactly these labels. */
export interface Samples {
  readonly all: readonly Sample[];
  value(name: string, labels?: Readonly<Record<string, string>>): number | undefined;
}

/** Reads the text format of Prometheus (exposition format 0.0.4); throws at a line that is none. */
export function readSamples(text: string): Samples {
  const all = text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map(readSample);
  return {
    all,
    value(name, labels = {}) {
      const wanted = keyOf(labels);
      return all.find((one) => one.name === name && keyOf(one.labels) === wanted)?.value;
    },
  };
}

function readSample(line: string): Sample {
  const [, name, labels = '', value] =
    /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)(?: \d+)?$/.exec(line) ?? [];
  if (name === undefined) throw new Error(`this is no sample: ${line}`);
  const pairs = [...labels.matchAll(/([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"/g)];
  return {
    name,
    labels: Object.fromEntries(pairs.map(([, label = '', of = '']) => [label, of])),
    value: value === '+Inf' ? Infinity : Number(value),
  };
}

function keyOf(labels: Readonly<Record<string, string>>): string {
  return JSON.stringify(Object.entries(labels).sort(([one], [other]) => one.localeCompare(other)));
}
