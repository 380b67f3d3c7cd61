import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';

/** A span as a collector gets it. */
export type ReceivedSpan = z.output<typeof span> & {
  /** Its attributes as plain values. */
  readonly values: Readonly<Record<string, unknown>>;
};

/** A collector that takes what OTLP/HTTP with JSON allows, and nothing else. */
export interface OtlpReceiver extends AsyncDisposable {
  readonly url: string;
  readonly spans: readonly ReceivedSpan[];
  /** Attributes of the sender. */
  readonly resources: readonly Readonly<Record<string, unknown>>[];
  /** Resolves at the first request. */
  readonly asked: Promise<void>;
  /** What was wrong with what it got. */
  readonly faults: readonly string[];
}

const value = z.union([
  z.strictObject({ stringValue: z.string() }),
  z.strictObject({ intValue: z.union([z.int(), z.string().regex(/^-?\d+$/)]) }),
  z.strictObject({ doubleValue: z.number() }),
  z.strictObject({ boolValue: z.boolean() }),
]);
const attributes = z.array(z.strictObject({ key: z.string().min(1), value }));
const hex = (bytes: number) => z.string().regex(new RegExp(`^(?!0+$)[0-9a-f]{${2 * bytes}}$`));
const nanos = z.string().regex(/^\d{1,20}$/);
const dropped = z.int().nonnegative().optional();
const span = z.strictObject({
  traceId: hex(16),
  spanId: hex(8),
  parentSpanId: hex(8).optional(),
  traceState: z.string().optional(),
  flags: z.int().optional(),
  name: z.string().min(1),
  kind: z.int().min(1).max(5),
  startTimeUnixNano: nanos,
  endTimeUnixNano: nanos,
  attributes,
  droppedAttributesCount: dropped,
  events: z.array(z.unknown()),
  droppedEventsCount: dropped,
  links: z.array(
    z.strictObject({
      traceId: hex(16),
      spanId: hex(8),
      attributes,
      droppedAttributesCount: dropped,
      flags: z.int().optional(),
      traceState: z.string().optional(),
    }),
  ),
  droppedLinksCount: dropped,
  status: z.strictObject({
    code: z.int().min(0).max(2).optional(),
    message: z.string().optional(),
  }),
});
const request = z.strictObject({
  resourceSpans: z.array(
    z.object({
      resource: z.object({ attributes }),
      scopeSpans: z.array(
        z.object({ scope: z.object({ name: z.string() }), spans: z.array(span) }),
      ),
    }),
  ),
});

/** Opens it on a free port; `hangs`: it takes connections and never answers. */
export async function openOtlpReceiver({ hangs = false } = {}): Promise<OtlpReceiver> {
  const spans: ReceivedSpan[] = [];
  const resources: Readonly<Record<string, unknown>>[] = [];
  const faults: string[] = [];
  const first = Promise.withResolvers<void>();
  const take = (method: string, path: string, type: string, body: string): void => {
    if (`${method} ${path}` !== 'POST /v1/traces') throw new Error(`${method} ${path}`);
    if (type !== 'application/json') throw new Error(`content type ${type}`);
    for (const { resource, scopeSpans } of request.parse(JSON.parse(body)).resourceSpans) {
      resources.push(plain(resource.attributes));
      for (const one of scopeSpans.flatMap((scope) => scope.spans)) {
        if (BigInt(one.endTimeUnixNano) < BigInt(one.startTimeUnixNano)) {
          throw new Error(`${one.name} ends before it begins`);
        }
        spans.push({ ...one, values: plain(one.attributes) });
      }
    }
  };
  const server = createServer((asked, answer) => {
    first.resolve();
    if (hangs) return;
    let body = '';
    asked.setEncoding('utf8');
    asked.on('data', (chunk: string) => (body += chunk));
    asked.on('end', () => {
      try {
        take(asked.method ?? '', asked.url ?? '', asked.headers['content-type'] ?? '', body);
        answer.writeHead(200, { 'content-type': 'application/json' }).end('{}');
      } catch (error) {
        faults.push(String(error));
        answer.writeHead(400).end();
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    spans,
    resources,
    asked: first.promise,
    faults,
    async [Symbol.asyncDispose]() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

function plain(list: z.output<typeof attributes>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(list.map(({ key, value: one }) => [key, Object.values(one)[0]]));
}
