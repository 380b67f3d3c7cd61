import pLimit from 'p-limit';
import type { VoiceScene } from './voice-scene.ts';
import { hearEcho, questionAt, takeTurn } from './voice-turns.ts';
import type { VoiceTurn } from './voice-turns.ts';

/** Where is asked, how often over all rooms, and in how many rooms at the same time at most. */
export interface Asking {
  readonly rooms: readonly string[];
  /** A bare echo's room, which is spoken to all the while. */
  readonly echoRoom: string;
  readonly turns: number;
  readonly inFlight: number;
}

/** What came of it. */
export interface Asked {
  readonly turns: readonly VoiceTurn[];
  readonly echoes: readonly number[];
  readonly inFlightMax: number;
  readonly inFlightMean: number;
}

/** Asks in one room after the other, and the echo between. */
export async function askInTurn(scene: VoiceScene, asking: Asking): Promise<Asked> {
  const { rooms, echoRoom, turns: count, inFlight } = asking;
  const load = openLoad();
  const [atATime, numbers] = [pLimit(inFlight), Array.from({ length: count }, (_none, n) => n)];
  const oneByOne = rooms.map(() => pLimit(1));
  const startedAt = performance.now();
  const asked = atATime.map(numbers, async (n) => {
    const place = n % rooms.length;
    const turn = (): Promise<VoiceTurn> => takeTurn(scene, rooms[place] ?? '', questionAt(n));
    return await oneByOne[place]?.(() => load.during(turn()));
  });
  const echoes = await untilDone(asked, (n) => hearEcho(scene, echoRoom, questionAt(n)));
  const turns = (await asked).filter((turn) => turn !== undefined);
  const inFlightMean = load.meanOver(performance.now() - startedAt);
  return { turns, echoes, inFlightMax: load.most(), inFlightMean };
}

/** Does it again and again until `done` is; gives what came of it. */
async function untilDone(
  done: Promise<unknown>,
  one: (n: number) => Promise<number | undefined>,
): Promise<readonly number[]> {
  const results: number[] = [];
  const over = new AbortController();
  const end = (): void => over.abort();
  done.then(end, end);
  for (let n = 0; !over.signal.aborted; n += 1) {
    const result = await one(n);
    if (result !== undefined) results.push(result);
  }
  return results;
}

/** How many turns are under way. */
interface Load {
  during<T>(turn: Promise<T>): Promise<T>;
  most(): number;
  meanOver(tookMs: number): number;
}

function openLoad(): Load {
  let [now, most, busyMs] = [0, 0, 0];
  return {
    async during(turn) {
      const startedAt = performance.now();
      now += 1;
      most = Math.max(most, now);
      try {
        return await turn;
      } finally {
        now -= 1;
        busyMs += performance.now() - startedAt;
      }
    },
    most: () => most,
    meanOver: (tookMs) => busyMs / tookMs,
  };
}
