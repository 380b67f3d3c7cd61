import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, it, onTestFinished } from 'vitest';
import { freePort } from '../../dev/process/ports.ts';
import { openProxy } from '../../dev/process/proxy.ts';
import type { Proxy } from '../../dev/process/proxy.ts';

/** A server that gives back what it gets, behind a proxy. */
async function echo(): Promise<Proxy> {
  const port = await freePort();
  await echoAt(port);
  return await proxyTo(port);
}

async function echoAt(port: number): Promise<void> {
  const server = createServer((socket) => socket.on('error', () => undefined).pipe(socket));
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
}

async function proxyTo(port: number): Promise<Proxy> {
  const proxy = await openProxy({ host: '127.0.0.1', port });
  onTestFinished(() => proxy[Symbol.asyncDispose]());
  return proxy;
}

async function dial(proxy: Proxy): Promise<Socket> {
  const socket = connect(proxy.port, '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  return socket;
}

/** The next thing that comes over `socket`. */
async function next(socket: Socket): Promise<string> {
  const [chunk] = (await once(socket, 'data')) as [Buffer];
  return chunk.toString();
}

/** Whether `socket` broke with an error, once it has closed. */
function broke(socket: Socket): Promise<boolean> {
  return new Promise((resolve) => socket.once('close', resolve));
}

async function ask(socket: Socket, question: string): Promise<string> {
  socket.write(question);
  return await next(socket);
}

/** Round trips over another path: time in which a whole path would have passed anything. */
async function roundTrips(other: Socket): Promise<void> {
  for (let n = 0; n < 20; n++) await ask(other, 'still there?');
}

it('passes both ways, also what comes after one side has said its last', async () => {
  const socket = await dial(await echo());
  expect(await ask(socket, 'one')).toBe('one');
  socket.end('two');
  expect(await text(socket)).toBe('two');
});

it('breaks what is open when it is cut, and what comes, until it is healed', async () => {
  const proxy = await echo();
  const socket = await dial(proxy);
  await ask(socket, 'one');
  const broken = broke(socket);
  proxy.cut();
  expect(await broken).toBe(true);

  const late = connect(proxy.port, '127.0.0.1').on('error', () => undefined);
  expect(await broke(late)).toBe(true);

  proxy.heal();
  expect(await ask(await dial(proxy), 'two')).toBe('two');
  expect(proxy.dials()).toBe(3);
});

it('keeps what it gets while it hangs, and passes it in order when it is healed', async () => {
  const proxy = await echo();
  const [early, other] = [await dial(proxy), await dial(await echo())];
  await ask(early, 'one');
  proxy.cut('hang');
  const late = await dial(proxy);
  const answers: string[] = [];
  early.on('data', (chunk: Buffer) => answers.push(chunk.toString()));
  early.write('two ');
  early.write('three');
  late.write('four');
  await roundTrips(other);
  expect(answers).toEqual([]);

  const toLate = next(late);
  proxy.heal();
  expect(await toLate).toBe('four');
  early.end();
  await broke(early);
  expect(answers.join('')).toBe('two three');
});

it('tells nobody of an end while it hangs', async () => {
  const proxy = await echo();
  const [early, other] = [await dial(proxy), await dial(await echo())];
  await ask(early, 'one');
  proxy.cut('hang');
  let ended = false;
  early.on('end', () => (ended = true));
  early.end();
  await roundTrips(other);
  expect(ended).toBe(false);
  const end = once(early, 'end');
  proxy.heal();
  await end;
  expect(ended).toBe(true);
});

it('breaks a hanging connection when the path is cut for good', async () => {
  const proxy = await echo();
  const socket = await dial(proxy);
  await ask(socket, 'one');
  proxy.cut('hang');
  const broken = broke(socket);
  proxy.cut();
  expect(await broken).toBe(true);
});

it('slows a path down, each way', async () => {
  const proxy = await echo();
  const [slow, other] = [await dial(proxy), await dial(await echo())];
  proxy.delay(100);
  const order: string[] = [];
  const slowly = ask(slow, 'slow').then((answer) => order.push(answer));
  await roundTrips(other);
  order.push('quick');
  await slowly;
  expect(order).toEqual(['quick', 'slow']);
});

it('breaks a connection when nothing is there, and finds what comes later', async () => {
  const port = await freePort();
  const proxy = await proxyTo(port);
  expect(await broke(await dial(proxy))).toBe(false);
  proxy.cut('hang');
  const waiting = await dial(proxy);
  await echoAt(port);
  const answer = ask(waiting, 'here?');
  proxy.heal();
  expect(await answer).toBe('here?');
});

it('breaks everything when it is closed, also what hangs', async () => {
  const proxy = await echo();
  const socket = await dial(proxy);
  await ask(socket, 'one');
  proxy.cut('hang');
  const broken = broke(socket);
  await proxy[Symbol.asyncDispose]();
  await proxy[Symbol.asyncDispose]();
  expect(await broken).toBe(true);
});
