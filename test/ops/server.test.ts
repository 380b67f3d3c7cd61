import { once } from 'node:events';
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openHealthServer } from '../../src/ops/server.ts';
import type { HealthServer } from '../../src/ops/server.ts';

const metrics = (): Promise<string> => Promise.resolve('troupe_slots 10\n');
const LOOPBACK = { host: '127.0.0.1', port: 0 };

let server: HealthServer;
let live: boolean;
let why: string[];
let status: () => unknown;

beforeEach(async () => {
  live = true;
  why = [];
  status = () => ({ rooms: [{ room: 'a' }] });
  const health = { live: () => live, notReady: () => why, status: () => status(), metrics };
  server = await openHealthServer(health, LOOPBACK);
});
afterEach(() => server[Symbol.asyncDispose]());

const get = (path: string, init?: RequestInit): Promise<Response> =>
  fetch(`http://127.0.0.1:${server.port}${path}`, init);

it('is live and ready, and says when it is not and why', async () => {
  const alive = await get('/livez');
  expect([alive.status, await alive.json()]).toEqual([200, { live: true }]);
  expect(await (await get('/readyz')).json()).toEqual({ ready: true, why: [] });
  live = false;
  why = ['draining'];
  const dead = await get('/livez');
  expect([dead.status, await dead.json()]).toEqual([503, { live: false }]);
  const refused = await get('/readyz');
  expect([refused.status, await refused.json()]).toEqual([
    503,
    { ready: false, why: ['draining'] },
  ]);
});

it('shows the rooms', async () => {
  expect(await (await get('/status?x=1')).json()).toEqual({ rooms: [{ room: 'a' }] });
});

const outside = Object.values(networkInterfaces())
  .flatMap((addresses = []) => addresses)
  .find(({ internal, family }) => !internal && family === 'IPv4')?.address;

it.skipIf(outside === undefined)(
  `shows the rooms to this machine alone, the rest to all (skipped without a network: ${outside})`,
  async () => {
    const health = { live: () => true, notReady: () => [], status: () => ({ rooms: [] }), metrics };
    await using open = await openHealthServer(health, { host: '0.0.0.0', port: 0 });
    const ask = async (host: string, path: string): Promise<number> =>
      (await fetch(`http://${host}:${open.port}${path}`)).status;
    expect(await ask(outside ?? '', '/status')).toBe(403);
    expect(await ask(outside ?? '', '/readyz')).toBe(200);
    expect(await ask('127.0.0.1', '/status')).toBe(200);
  },
);

it('shows what is measured, as Prometheus reads it', async () => {
  const shown = await get('/metrics');
  expect(shown.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
  expect(await shown.text()).toBe('troupe_slots 10\n');
});

it('names its routes to whoever asks for another, and takes only GET', async () => {
  const unknown = await get('/health');
  expect([unknown.status, await unknown.json()]).toEqual([
    404,
    { error: 'try /livez, /readyz, /status, /metrics' },
  ]);
  expect((await get('/status', { method: 'POST' })).status).toBe(405);
});

it.each(['*', '/constructor', '/../livez', '//livez'])(
  'knows no %s, however it is asked',
  async (target) => {
    const socket = connect(server.port, '127.0.0.1');
    socket.write(`GET ${target} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`);
    const [answer] = (await once(socket, 'data')) as [Buffer];
    expect(String(answer)).toMatch(/^HTTP\/1\.1 404 /);
    socket.destroy();
  },
);

it('survives what it shows', async () => {
  status = () => {
    throw new Error('no state yet');
  };
  const broken = await get('/status');
  expect([broken.status, await broken.json()]).toEqual([500, { error: 'the worker cannot say' }]);
  expect((await get('/livez')).status).toBe(200);
});

it('rejects where the address is taken, and closes twice without harm', async () => {
  const health = { live: () => true, notReady: () => [], status: () => ({}), metrics };
  const taken = openHealthServer(health, { ...LOOPBACK, port: server.port });
  await expect(taken).rejects.toThrow('EADDRINUSE');
  await server[Symbol.asyncDispose]();
  await expect(get('/livez')).rejects.toThrow();
  await server[Symbol.asyncDispose]();
});

it('closes though somebody holds a connection and says nothing', async () => {
  const socket = connect(server.port, '127.0.0.1');
  await once(socket, 'connect');
  const closed = once(socket, 'close');
  await server[Symbol.asyncDispose]();
  await closed;
  expect(socket.destroyed).toBe(true);
});
