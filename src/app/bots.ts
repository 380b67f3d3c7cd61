import pLimit from 'p-limit';
import { makeJoinRoom } from '../adapters/livekit/join-room.ts';
import { makeCharacterLoader } from '../character/loading.ts';
import type { Config } from '../config.ts';
import { unlessAborted } from '../lib/abort.ts';
import { systemClock } from '../lib/clock.ts';
import { newId } from '../lib/ids.ts';
import type { StartBot } from '../ports/bot.ts';
import type { Observe } from '../ports/observe.ts';
import type { JoinRoom } from '../ports/room-link.ts';
import { tellingLostSaves, tellingRefusedKey } from '../resilience/shared-services.ts';
import type { TellTrouble } from '../resilience/shared-services.ts';
import { startRoomBot } from '../room/room-bot.ts';
import { makeLlmProvider, makeLoadVoice } from './providers.ts';
import { makeRecordings } from './recordings.ts';
import type { Stores } from './stores.ts';
import { talkSettings } from './talk-settings.ts';

/** How LiveKit is reached and bots take part there. */
export function liveKitOptions(config: Config, observe: Observe) {
  return {
    url: config.LIVEKIT_URL,
    apiKey: config.LIVEKIT_API_KEY,
    apiSecret: config.LIVEKIT_API_SECRET,
    iceServers: config.LIVEKIT_ICE_SERVERS,
    gatherOnce: config.LIVEKIT_GATHER_ONCE,
    nativeLogs: config.LIVEKIT_NATIVE_LOGS,
    observe,
  };
}

/**
 * Makes what starts a bot: everything that the bots of a process share is in here. `tell` gets the
 * failures that all of them will meet.
 */
export function makeStartBot(
  config: Config,
  stores: Stores,
  observe: Observe,
  tell: TellTrouble,
): StartBot {
  const provider = makeLlmProvider(config, observe);
  const { directory, leases } = stores;
  const llm = tellingRefusedKey(provider.llm, tell);
  const memory = tellingLostSaves(stores.memory, tell);
  const clock = systemClock;
  const loadCharacter = makeCharacterLoader(
    { directory, clock },
    {
      ttlMs: config.CHARACTER_CACHE_TTL_MS,
      maxEntries: MAX_CHARACTERS,
      unknownSessionGraceMs: UNKNOWN_SESSION_GRACE_MS,
    },
  );
  const joinRoom = joinsAtATime(
    makeJoinRoom(liveKitOptions(config, observe)),
    config.JOINS_AT_A_TIME,
  );
  const settings = talkSettings(config, provider.defaultModel);
  const loadVoice = makeLoadVoice(config, observe);
  const recordings = makeRecordings(config);
  const shared = { clock, observe, random: Math.random, newId, settings, recordings };
  const deps = { ...shared, llm, leases, memory, loadCharacter, loadVoice, joinRoom };
  return (start) => startRoomBot(deps, start);
}

const MAX_CHARACTERS = 1_000;
/** A backend may write the session's row a moment after it has asked for the bot. */
const UNKNOWN_SESSION_GRACE_MS = 30_000;

/** A burst of joins would make all of them slow; whoever is told to leave waits for no turn. */
function joinsAtATime(join: JoinRoom, most: number): JoinRoom {
  const limit = pLimit(most);
  return async (request, listen, signal) => {
    const joining = limit(() => join(request, listen, signal));
    try {
      return await unlessAborted(joining, signal);
    } catch (error) {
      // A link that comes all the same has nobody who waits for it.
      joining.then((link) => link[Symbol.asyncDispose]()).catch(() => undefined);
      throw error;
    }
  };
}
