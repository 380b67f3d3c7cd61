import '../../dev/quiet.ts';
import { ContinualGatheringPolicy, IceTransportType, Room, RoomEvent } from '@livekit/rtc-node';
import type { RemoteParticipant } from '@livekit/rtc-node';
import { mintGuestToken } from '../../dev/livekit/token.ts';
import { silenceNativeLogs } from '../../src/adapters/livekit/native-logs.ts';
import { guardRoomEvents, releaseRoom } from '../../src/adapters/livekit/room-events.ts';
import type { Errand, Report } from './visitor-protocol.ts';

// The process of all visitors of a bench: one guest a room, as cheap as rtc-node lets them be.

const rooms = new Map<string, Room>();

silenceNativeLogs(() => undefined);
process.on('message', (errand: Errand) => void run(errand));
process.on('disconnect', () => process.exit(0));

async function run(errand: Errand): Promise<void> {
  const at = nowMs();
  const done = { what: 'done', id: errand.id, at } as const;
  try {
    await carryOut(errand);
    report(done);
  } catch (error) {
    report({ ...done, error: String(error) });
  }
}

async function carryOut(errand: Errand): Promise<void> {
  if (errand.do === 'enter') return await enter(errand.room);
  const room = rooms.get(errand.room);
  if (errand.do === 'say') {
    return void (await room?.localParticipant?.sendText(errand.text, { topic: 'lk.chat' }));
  }
  rooms.delete(errand.room);
  await room?.disconnect();
  if (room !== undefined) releaseRoom(room);
}

async function enter(name: string): Promise<void> {
  const room = new Room();
  guardRoomEvents(room, console.error);
  watchBot(name, room);
  room.registerTextStreamHandler('lk.chat', (reader) => {
    const tell = (text: string): void => report({ room: name, at: nowMs(), what: 'line', text });
    reader.readAll().then(tell, console.error);
  });
  const guest = { room: name, identity: 'ada', name: 'Ada' };
  await room.connect(setting('LIVEKIT_URL'), await mintGuestToken(KEY, guest), {
    autoSubscribe: false,
    dynacast: false,
    rtcConfig: {
      iceTransportType: IceTransportType.TRANSPORT_ALL,
      continualGatheringPolicy: ContinualGatheringPolicy.GATHER_ONCE,
      iceServers: [],
    },
  });
  rooms.set(name, room);
}

/** Tells of each bot under the server's own id of it: a successor comes under the same identity. */
function watchBot(name: string, room: Room): void {
  const look = ({ sid = '' }: RemoteParticipant, state: string | undefined): void => {
    if (state !== undefined) report({ room: name, at: nowMs(), what: 'state', sid, state });
  };
  room.on(RoomEvent.ParticipantConnected, (bot) => look(bot, bot.attributes[STATE]));
  room.on(RoomEvent.ParticipantAttributesChanged, (changed, { identity }) => {
    const bot = room.remoteParticipants.get(identity);
    if (bot !== undefined) look(bot, changed[STATE]);
  });
  room.on(RoomEvent.ParticipantDisconnected, ({ sid = '' }) =>
    report({ room: name, at: nowMs(), what: 'gone', sid }),
  );
}

const STATE = 'lk.agent.state';
const KEY = { apiKey: setting('LIVEKIT_API_KEY'), apiSecret: setting('LIVEKIT_API_SECRET') };

function setting(variable: string): string {
  return process.env[variable] ?? '';
}

function report(message: Report): void {
  process.send?.(message);
}

/** Comparable between the processes of one machine. */
function nowMs(): number {
  return performance.timeOrigin + performance.now();
}
