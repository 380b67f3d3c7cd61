import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { makeSupabase } from '../../../src/adapters/supabase/client.ts';
import { makeUsageStore } from '../../../src/adapters/supabase/usage-store.ts';

const SUM = {
  group: '2026-11',
  kind: 'llm',
  provider: 'openai',
  model: null,
  calls: 2,
  unpriced: 0,
  promptTokens: 10,
  completionTokens: 5,
  characters: 0,
  audioMs: 0,
  cost: 0.5,
};

/** What is read where the database sums up to `rows`. */
async function sumsOf(rows: readonly unknown[]) {
  const server = createServer((_request, response) =>
    response.setHeader('content-type', 'application/json').end(JSON.stringify(rows)),
  ).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => server.close().closeAllConnections());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const store = makeUsageStore(makeSupabase({ url, serviceRoleKey: 'key' }));
  return await store.sum({ by: 'month' });
}

it('reads sums as the database has them', async () => {
  expect(await sumsOf([SUM])).toEqual([{ ...SUM, model: undefined }]);
});

it('gives no total without the calls of a kind that it does not know', async () => {
  await expect(sumsOf([SUM, { ...SUM, kind: 'image' }])).rejects.toMatchObject({
    kind: 'malformed',
    service: 'database',
    message: expect.stringMatching(/kind .* \("image"\): ask with the version of troupe/),
  });
});

it('gives no total without the sums that it cannot read', async () => {
  await expect(sumsOf([SUM, { ...SUM, cost: '0.5' }])).rejects.toMatchObject({ kind: 'malformed' });
});
