import * as fc from 'fast-check';

/** Text as somebody sends it who means no good. */
export const HOSTILE_TEXTS: readonly string[] = [
  '../../../etc/passwd',
  '..%2f..%2f%00',
  "'; drop table leases; --",
  '" or ""="',
  '${jndi:ldap://x}',
  '{{7*7}}',
  '<script>alert(1)</script>',
  'https://evil.example/?a=b#c',
  '%0d%0aSet-Cookie: a=b',
  'line\r\nbreak',
  'nul\u0000byte',
  'bell\u0007',
  'escape\u001b[31m',
  '\u202egnp.exe',
  '\u2066isolate\u2069',
  'zero\u200bwidth\ufeff',
  '👩‍👩‍👧‍👦 🏴󠁧󠁢󠁳󠁣󠁴󠁿',
  'half \ud800 pair',
  'Z̷͚͋a̶̙͝l̸̰̈́g̵̱̀o̸̜͊',
  '__proto__',
  'constructor',
  'toString',
  '',
  ' ',
  'x'.repeat(70_000),
];

export const hostileText: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(...HOSTILE_TEXTS),
  fc.string({ unit: 'binary', maxLength: 40 }),
);

/** Any JSON, deep and wide ones and odd numbers among it. */
export const anyJson: fc.Arbitrary<unknown> = fc.oneof(
  hostileText,
  fc.constantFrom(null, true, false, 0, -1, 1e308, -1e308, 2 ** 53, 0.1, [], {}, [[]], [null]),
  fc.constantFrom(
    ...[
      '{"__proto__": {"a": 1}}',
      '{"toString": 1}',
      '{"length": -1}',
      '{"length": {"toString": 1}}',
      '[{"a": [1]}]',
    ].map((text) => JSON.parse(text) as unknown),
  ),
  fc.jsonValue({ maxDepth: 3 }),
);

type Json = Readonly<Record<string, unknown>>;

/** What `valid` becomes when some of it is lost, replaced or added to, at any depth. */
export function mutated(...valid: readonly object[]): fc.Arbitrary<unknown> {
  const change = fc.tuple(
    fc.constantFrom('replace', 'drop', 'add'),
    fc.nat(),
    fc.nat(2),
    anyJson,
    hostileText,
  );
  return fc
    .tuple(fc.constantFrom(...valid), fc.array(change, { minLength: 1, maxLength: 3 }))
    .map(([message, changes]) =>
      changes.reduce<unknown>((now, [how, which, depth, value, key]) => {
        return alter(now, { how, which, depth, value, key });
      }, message),
    );
}

interface Change {
  readonly how: string;
  readonly which: number;
  /** How far down it happens, if it goes so far. */
  readonly depth: number;
  readonly value: unknown;
  readonly key: string;
}

function alter(message: unknown, change: Change): unknown {
  const below = { ...change, depth: change.depth - 1 };
  if (Array.isArray(message)) {
    const at = change.which % message.length;
    return message.map((one: unknown, index) => (index === at ? reach(one, below) : one));
  }
  if (typeof message !== 'object' || message === null) return message;
  const entries = Object.entries(message);
  const [key, inner] = entries[change.which % entries.length] ?? [change.key, null];
  if (change.depth > 0) return { ...(message as Json), [key]: reach(inner, below) };
  if (change.how === 'add') return { ...message, [change.key]: change.value };
  if (change.how === 'replace') return { ...message, [key]: change.value };
  return Object.fromEntries(entries.filter(([name]) => name !== key));
}

function reach(inner: unknown, change: Change): unknown {
  const isLeaf = typeof inner !== 'object' || inner === null;
  return isLeaf ? change.value : alter(inner, change);
}
