import { AgentDispatchClient } from 'livekit-server-sdk';
import { join } from 'node:path';
import { freePort } from '../../dev/process/ports.ts';
import { startBotProcess } from './bot-process.ts';
import type { StartContender } from './contender.ts';
import { installPeer } from './install.ts';
import { peerEnvironment } from './peer-environment.ts';

/** LiveKit Agents for Node: one server, a process a job from its pool, agents sent by dispatch. */
export const startLiveKitAgents: StartContender = async (stack, mode) => {
  const folder = await installLiveKitAgents();
  const program = { command: process.execPath, args: [join(folder, 'agent.js')] };
  const env = {
    ...peerEnvironment(stack, mode),
    PEER_AGENT_NAME: AGENT,
    PEER_HTTP_PORT: String(await freePort()),
  };
  await using opening = new AsyncDisposableStack();
  const server = opening.use(startBotProcess(program, env));
  const { url, apiKey, apiSecret } = stack.livekit;
  const dispatch = new AgentDispatchClient(url.replace('ws', 'http'), apiKey, apiSecret);
  await server.told('ready', SERVER);
  const opened = opening.move();
  return {
    async bring(room) {
      await dispatch.createDispatch(room, AGENT);
      await server.told('ready', room);
    },
    gone: (room) => server.told('gone', room),
    pids: () => [server.pid],
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
};

const AGENT = 'mira';
/** What the server calls itself when it takes jobs. */
const SERVER = 'server';

/** Its packages, in a tree of their own: they need another major version of rtc-node than ours. */
async function installLiveKitAgents(): Promise<string> {
  return await installPeer({
    name: 'livekit-agents',
    pins: ['livekit-agents/package.json', 'livekit-agents/package-lock.json'],
    program: ['agent.js', 'stub-stt.js', 'stub-tts.js'].map((file) => `livekit-agents/${file}`),
    platform: `${process.platform} ${process.arch} ${process.version}`,
    steps: [['npm', 'ci', '--ignore-scripts', '--no-audit', '--no-fund']],
    remedy: 'It needs npm on PATH, and a way to the npm registry.',
  });
}
