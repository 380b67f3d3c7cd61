import type { Bench } from './lib/bench.ts';
import { writeResult } from './lib/result.ts';
import { stayAwake } from './lib/stay-awake.ts';

/**
 * `npm run bench -- NAME [options]`: runs one benchmark against the embedded stack. The last line of
 * output is the result as one JSON object, which is also kept under `bench/results/`.
 */
const BENCHES: Readonly<Record<string, () => Promise<Bench>>> = {
  'text-density': async () => (await import('./text-density.ts')).textDensity,
  churn: async () => (await import('./churn.ts')).churn,
  takeover: async () => (await import('./takeover.ts')).takeover,
  'turn-taking': async () => (await import('./turn-taking.ts')).turnTaking,
  'voice-latency': async () => (await import('./voice-latency.ts')).voiceLatency,
  'voice-density': async () => (await import('./voice-density.ts')).voiceDensity,
  'barge-in': async () => (await import('./barge-in.ts')).bargeIn,
  rolling: async () => (await import('./rolling.ts')).rolling,
  japanese: async () => (await import('./japanese.ts')).japanese,
  'fleet-sim': async () => (await import('./fleet-sim.ts')).fleetSim,
  soak: async () => (await import('./soak.ts')).soak,
  overload: async () => (await import('./overload.ts')).overload,
  peers: async () => (await import('./peers.ts')).peers,
  tracing: async () => (await import('./tracing.ts')).tracing,
  vad: async () => (await import('./vad.ts')).vad,
};

const [name = '', ...args] = process.argv.slice(2);
const load = BENCHES[name];
if (load === undefined) {
  console.error(`usage: npm run bench -- NAME; one of ${Object.keys(BENCHES).join(', ')}`);
  process.exit(2);
}
stayAwake();
const bench = await load();
const figures = await bench(args);
console.log(JSON.stringify(writeResult(name, args, figures)));
process.exit(0);
