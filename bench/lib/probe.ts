import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { performance } from 'node:perf_hooks';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

// Preloaded into a worker that is measured: tells over a loopback port what only the process itself
// knows, and its port in a line of the worker's log. It costs nothing while nobody asks. `/tidy` first
// collects the garbage.
const server = createServer((request, response) => {
  if (request.url === '/tidy') collectGarbage();
  const { active, idle } = performance.eventLoopUtilization();
  const { heapUsed, heapTotal, external } = process.memoryUsage();
  // Looks are far apart: a connection that is kept may be closed just as the next one uses it.
  response.setHeader('Connection', 'close');
  response.end(
    JSON.stringify({
      activeMs: active,
      idleMs: idle,
      heapUsedMb: heapUsed / 2 ** 20,
      managedMb: (heapTotal + external) / 2 ** 20,
      activeHandles: process.getActiveResourcesInfo().length,
    }),
  );
});
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  const line = { level: 'info', event: 'probe', message: 'the bench may ask', port };
  process.stdout.write(`${JSON.stringify(line)}\n`);
});
server.unref();

function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as (how: object) => void;
  // Of the flavors only this one gives the pages back, as V8 does by itself after some idle seconds.
  collect({ type: 'major', execution: 'sync', flavor: 'last-resort' });
}
