import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { request } from 'node:https';
import { join } from 'node:path';
import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { text } from 'node:stream/consumers';
import { startChild, untilReady } from '../process/child.ts';
import { freePort } from '../process/ports.ts';
import { openRunFolder } from '../process/run-folder.ts';
import { findTool } from '../tools/tools.ts';

/** A real Kubernetes API server with a store of its own; nothing runs what it is told to run. */
export interface ApiServer extends AsyncDisposable {
  /** Sends a request as the administrator. Never rejects for what the server answers. */
  readonly call: (method: 'GET' | 'POST', path: string, body?: unknown) => Promise<ApiAnswer>;
}

/** What the server answered: an object, or a Status that says what is wrong. */
export interface ApiAnswer {
  readonly status: number;
  readonly body: { readonly message?: string; readonly [field: string]: unknown };
}

/** Starts etcd and kube-apiserver on free loopback ports; both end with us. */
export async function openApiServer(): Promise<ApiServer> {
  const [etcdCommand, command] = [await findTool('etcd'), await findTool('kube-apiserver')];
  const folder = join((await openRunFolder()).path, `kubernetes-${randomUUID()}`);
  await mkdir(folder, { recursive: true });
  const [client, peer, port] = [await freePort(), await freePort(), await freePort()];
  const store = `http://127.0.0.1:${client}`;
  await using started = new AsyncDisposableStack();

  const etcd = await startChild({
    name: 'etcd',
    command: etcdCommand,
    args: etcdArgs(join(folder, 'etcd'), store, `http://127.0.0.1:${peer}`),
  });
  started.defer(() => etcd.end());
  await untilReady(
    'etcd',
    etcd,
    async () => (await fetch(`${store}/health`).catch(nobody))?.ok === true,
  );

  const token = randomUUID();
  const server = await startChild({
    name: 'kube-apiserver',
    command,
    args: await serverArgs(folder, store, port, token),
  });
  started.defer(() => server.end());
  const call: ApiServer['call'] = (method, path, body) =>
    ask({ folder, port, token }, method, path, body);
  const isReady = async (): Promise<boolean> =>
    (await call('GET', '/api/v1/namespaces/default').catch(nobody))?.status === 200;
  await untilReady('kube-apiserver', server, isReady, START_LIMIT_MS);

  const running = started.move();
  return { call, [Symbol.asyncDispose]: () => running.disposeAsync() };
}

const START_LIMIT_MS = 120_000;
const ANSWER_LIMIT_MS = 20_000;
const nobody = (): undefined => undefined;

function etcdArgs(data: string, client: string, peer: string): readonly string[] {
  return [
    `--data-dir=${data}`,
    `--listen-client-urls=${client}`,
    `--advertise-client-urls=${client}`,
    `--listen-peer-urls=${peer}`,
    `--initial-advertise-peer-urls=${peer}`,
    `--initial-cluster=default=${peer}`,
    '--log-level=error',
  ];
}

/** The least that it starts with; it makes its own certificate. */
async function serverArgs(
  folder: string,
  store: string,
  port: number,
  token: string,
): Promise<readonly string[]> {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const key = join(folder, 'accounts.pem');
  await writeFile(key, privateKey.export({ type: 'pkcs8', format: 'pem' }));
  await writeFile(join(folder, 'tokens.csv'), `${token},admin,admin,system:masters\n`);
  return [
    `--etcd-servers=${store}`,
    '--bind-address=127.0.0.1',
    // It serves nobody who would look for it by its own Service.
    '--endpoint-reconciler-type=none',
    `--secure-port=${port}`,
    `--cert-dir=${folder}`,
    `--token-auth-file=${join(folder, 'tokens.csv')}`,
    '--authorization-mode=RBAC',
    '--service-account-issuer=https://kubernetes.default.svc',
    `--service-account-key-file=${key}`,
    `--service-account-signing-key-file=${key}`,
    '--service-cluster-ip-range=10.0.0.0/24',
  ];
}

/** On its way up the server answers in plain text. */
function readBody(answer: string): ApiAnswer['body'] {
  try {
    return JSON.parse(answer) as ApiAnswer['body'];
  } catch {
    return { message: answer };
  }
}

async function ask(
  { folder, port, token }: { folder: string; port: number; token: string },
  method: string,
  path: string,
  body: unknown,
): Promise<ApiAnswer> {
  // The certificate is its own authority, and there as soon as the server listens.
  const ca = await readFile(join(folder, 'apiserver.crt'), 'utf8');
  return await new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const signal = AbortSignal.timeout(ANSWER_LIMIT_MS);
    const sent = request({ host: '127.0.0.1', port, path, method, headers, ca, signal });
    sent.once('error', reject);
    sent.once('response', (response) => {
      text(response).then(
        (answer) => resolve({ status: response.statusCode ?? 0, body: readBody(answer) }),
        reject,
      );
    });
    sent.end(body === undefined ? undefined : JSON.stringify(body));
  });
}
