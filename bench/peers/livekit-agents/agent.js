import { fileURLToPath } from 'node:url';
import { AgentServer, ServerOptions, defineAgent, initializeLogger, voice } from '@livekit/agents';
import { LLM } from '@livekit/agents-plugin-openai';
import { ContinualGatheringPolicy, IceTransportType } from '@livekit/rtc-node';
import { StubStt } from './stub-stt.js';
import { StubTts } from './stub-tts.js';

// A LiveKit Agents server whose agents do what Troupe's bots do in the same bench: chat in, the model,
// text out; or microphone in, its Silero plugin, the model, voice out. It has a room by explicit
// dispatch. The model is the bench's simulator behind the official OpenAI plugin; hearing and speaking
// are stubs in the process that take as long as the simulators do and cost less.

const isVoice = process.env.PEER_MODE === 'voice';

/** There is no STUN server on loopback: to go on looking for one is no cost of an agent. */
const RTC_CONFIG = {
  iceTransportType: IceTransportType.TRANSPORT_ALL,
  continualGatheringPolicy: ContinualGatheringPolicy.GATHER_ONCE,
  iceServers: [],
};

// oxlint-disable-next-line import/no-default-export -- the framework takes no other
export default defineAgent({
  async prewarm(job) {
    if (!isVoice) return;
    // Rooms of text do not pay for the loading of it.
    const { VAD } = await import('@livekit/agents-plugin-silero');
    job.userData.vad = await VAD.load({ minSilenceDuration: 250 });
  },
  async entry(job) {
    await job.connect(undefined, undefined, RTC_CONFIG);
    const room = job.room.name;
    const session = new voice.AgentSession(makeParts(job.proc.userData.vad));
    session.on('close', () => job.shutdown());
    job.addShutdownCallback(async () => tell('gone', room));
    await session.start({
      agent: new voice.Agent({ instructions: `You are Mira, host of the room ${room}.` }),
      room: job.room,
      record: false,
      inputOptions: { audioEnabled: isVoice },
      outputOptions: { audioEnabled: isVoice },
    });
    tell('ready', room);
  },
});

function makeParts(vad) {
  const llm = new LLM({
    model: process.env.PEER_LLM_MODEL,
    apiKey: process.env.PEER_LLM_KEY,
    baseURL: process.env.PEER_LLM_URL,
  });
  if (!isVoice) return { llm, vad: null, turnHandling: { turnDetection: 'manual' } };
  return {
    llm,
    vad,
    stt: new StubStt(),
    tts: new StubTts(),
    turnHandling: {
      turnDetection: 'vad',
      endpointing: { minDelay: 300 },
      interruption: { mode: 'vad' },
    },
  };
}

function tell(what, room) {
  process.stdout.write(`${JSON.stringify({ what, room })}\n`);
}

// The framework imports this file in its jobs' processes too.
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  initializeLogger({ pretty: false, level: 'error' });
  const server = new AgentServer(
    new ServerOptions({
      agent: fileURLToPath(import.meta.url),
      agentName: process.env.PEER_AGENT_NAME,
      wsURL: process.env.LIVEKIT_URL,
      apiKey: process.env.LIVEKIT_API_KEY,
      apiSecret: process.env.LIVEKIT_API_SECRET,
      host: '127.0.0.1',
      port: Number(process.env.PEER_HTTP_PORT),
      production: true,
      // However busy the machine is, no job is refused, and none is given up at its start.
      loadFunc: async () => 0,
      initializeProcessTimeout: 60_000,
      logLevel: 'error',
    }),
  );
  server.event.once('worker_registered', () => tell('ready', 'server'));
  await server.run();
}
