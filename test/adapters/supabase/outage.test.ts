import { once } from 'node:events';
import { createServer } from 'node:http';
import type { ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { freePort } from '../../../dev/process/ports.ts';
import { openStack } from '../../../dev/stack.ts';
import { makeSupabase } from '../../../src/adapters/supabase/client.ts';
import type { SupabaseOptions } from '../../../src/adapters/supabase/client.ts';
import { makeDirectory } from '../../../src/adapters/supabase/directory.ts';
import { makeLeaseTable } from '../../../src/adapters/supabase/lease-table.ts';
import { makeMemoryStore } from '../../../src/adapters/supabase/memory-store.ts';
import { useDatabase } from '../../support/stack.ts';

const SAVE = { room: 'r', session: 's', epoch: 1, version: 1, messages: [], turns: [] };

/** One call of each kind: a row, columns, a function that answers, one that answers nothing. */
function callsOf(
  options: SupabaseOptions,
): readonly ((signal?: AbortSignal) => Promise<unknown>)[] {
  const supabase = makeSupabase(options);
  const directory = makeDirectory(supabase);
  const store = makeMemoryStore(supabase);
  return [
    (signal) => directory.loadSession('s', signal),
    (signal) => directory.check(signal),
    (signal) => store.load('s', signal),
    (signal) => store.save(SAVE, signal),
    (signal) => store.leaveInInbox(SAVE, [{ kind: 'closing' }], signal),
    (signal) => makeLeaseTable(supabase).endSession('s', signal),
  ];
}

async function expectAll(options: SupabaseOptions, kind: string, fault = 'fleet'): Promise<void> {
  for (const call of callsOf(options)) {
    await expect(call()).rejects.toMatchObject({ kind, fault, service: 'database' });
  }
}

/** Something that answers in the place of a project. */
async function openImpostor(answer: (response: ServerResponse) => void): Promise<SupabaseOptions> {
  const server = createServer((_request, response) => answer(response)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => server.close().closeAllConnections());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url, serviceRoleKey: 'key', timeoutMs: 2_000 };
}

describe('a project in trouble', () => {
  const database = useDatabase();

  it('that is slow: each call ends with its deadline', async () => {
    database().gateway.interfere({ delayMs: 3_000 });
    onTestFinished(() => database().gateway.interfere({}));
    await expectAll({ ...database(), timeoutMs: 30 }, 'timeout');
  });

  it('that is slow: whoever gives up earlier gets his own reason at once', async () => {
    database().gateway.interfere({ delayMs: 3_000 });
    onTestFinished(() => database().gateway.interfere({}));
    for (const call of callsOf(database())) {
      const giver = new AbortController();
      const asked = call(giver.signal);
      giver.abort(new Error('the room is gone'));
      await expect(asked).rejects.toBe(giver.signal.reason);
    }
  });

  it.each([500, 502, 503, 520])('whose gateway answers %i', async (status) => {
    database().gateway.interfere({ status });
    onTestFinished(() => database().gateway.interfere({}));
    await expectAll(database(), 'unavailable');
  });

  it('that asks for fewer requests', async () => {
    database().gateway.interfere({ status: 429 });
    onTestFinished(() => database().gateway.interfere({}));
    await expectAll(database(), 'quota');
  });
});

describe('an address that is no project', () => {
  it('nobody is there', async () => {
    const port = await freePort();
    await expectAll({ url: `http://127.0.0.1:${port}`, serviceRoleKey: 'key' }, 'unavailable');
  });

  it('the connection is cut, before and within an answer', async () => {
    await expectAll(await openImpostor((response) => response.destroy()), 'unavailable');
    const within = (response: ServerResponse): void => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('[{"id"', () => response.destroy());
    };
    await expectAll(await openImpostor(within), 'unavailable');
  });

  it('an answer that never ends', async () => {
    const endless = (response: ServerResponse): void => void response.writeHead(200).write('[');
    await expectAll({ ...(await openImpostor(endless)), timeoutMs: 30 }, 'timeout');
  });

  it.each([
    ['a page', 200, '<html>Log in</html>', 'rejected'],
    ['a page that is not found', 404, '<html>Not found</html>', 'rejected'],
    ['an error of numbers', 401, '{"code": 401, "message": "No API key"}', 'auth'],
    ['an error that says null', 500, 'null', 'unavailable'],
    ['an error that is a text', 500, '"sorry"', 'unavailable'],
  ])('%s', async (_what, status, body, kind) => {
    const answer = (response: ServerResponse): void => void response.writeHead(status).end(body);
    await expectAll(await openImpostor(answer), kind);
  });

  it('rows and answers of another shape', async () => {
    const answer = (response: ServerResponse): void => void response.writeHead(200).end('{"a": 1}');
    const [loadSession, , load, save] = callsOf(await openImpostor(answer));
    await expect(loadSession!()).rejects.toMatchObject({ service: 'database', fault: 'fleet' });
    await expect(load!()).rejects.toMatchObject({ kind: 'malformed', fault: 'fleet' });
    await expect(save!()).rejects.toMatchObject({ kind: 'malformed', fault: 'fleet' });
  });

  it('nothing at all where a row should be', async () => {
    const answer = (response: ServerResponse): void => void response.writeHead(404).end();
    const [loadSession] = callsOf(await openImpostor(answer));
    await expect(loadSession!()).rejects.toMatchObject({ kind: 'rejected', fault: 'fleet' });
  });
});

it('the database stops and comes back: unavailable meanwhile, well again by itself', async () => {
  await using stack = await openStack({ parts: ['database'] });
  const directory = makeDirectory(makeSupabase(stack.database));
  await directory.check();
  await stack.cluster.stop();
  await expectAll(stack.database, 'unavailable');
  await stack.cluster.start();
  await vi.waitFor(() => directory.check(), { timeout: 20_000, interval: 50 });
  await stack.database.postgrest.stop();
  await expectAll(stack.database, 'unavailable');
});
