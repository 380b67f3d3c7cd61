import { afterEach, beforeEach, expect, it } from 'vitest';
import { openHealthServer } from '../../src/ops/server.ts';
import type { HealthServer } from '../../src/ops/server.ts';

let server: HealthServer;
let why: string[];

beforeEach(async () => {
  why = [];
  server = await openHealthServer(
    { live: () => true, notReady: () => why, status: () => ({ rooms: [{ room: 'a' }] }) },
    { host: '127.0.0.1', port: 0 },
  );
});
afterEach(() => server[Symbol.asyncDispose]());

const get = (path: string, init?: RequestInit): Promise<Response> =>
  fetch(`http://127.0.0.1:${server.port}${path}`, init);

it('is live and ready, and says when it is not and why', async () => {
  expect((await get('/livez')).status).toBe(200);
  expect(await (await get('/readyz')).json()).toEqual({ ready: true, why: [] });
  why = ['draining'];
  const refused = await get('/readyz');
  expect(refused.status).toBe(503);
  expect(await refused.json()).toEqual({ ready: false, why: ['draining'] });
});

it('shows the rooms', async () => {
  expect(await (await get('/status?x=1')).json()).toEqual({ rooms: [{ room: 'a' }] });
});

it('names its routes to whoever asks for another, and takes only GET', async () => {
  const unknown = await get('/metrics');
  expect([unknown.status, await unknown.json()]).toEqual([
    404,
    { error: 'try /livez, /readyz, /status' },
  ]);
  expect((await get('/status', { method: 'POST' })).status).toBe(405);
});

it('rejects where the address is taken, and closes twice without harm', async () => {
  const taken = openHealthServer(
    { live: () => true, notReady: () => [], status: () => ({}) },
    { host: '127.0.0.1', port: server.port },
  );
  await expect(taken).rejects.toThrow('EADDRINUSE');
  await server[Symbol.asyncDispose]();
  await expect(get('/livez')).rejects.toThrow();
});
