import { RoomEvent } from '@livekit/rtc-node';
import type { RemoteParticipant, Room } from '@livekit/rtc-node';
import type { Sight } from './visitor-protocol.ts';

/** Tells of each bot under the server's own id of it: a successor comes under the same identity. */
export function watchBot(name: string, room: Room, nowMs: () => number, see: See): void {
  const look = ({ sid = '' }: RemoteParticipant, state: string | undefined): void => {
    if (state !== undefined) see({ room: name, at: nowMs(), what: 'state', sid, state });
  };
  room.on(RoomEvent.ParticipantConnected, (bot) => look(bot, bot.attributes[STATE]));
  room.on(RoomEvent.ParticipantAttributesChanged, (changed, { identity }) => {
    const bot = room.remoteParticipants.get(identity);
    if (bot !== undefined) look(bot, changed[STATE]);
  });
  room.on(RoomEvent.ParticipantDisconnected, ({ sid = '' }) =>
    see({ room: name, at: nowMs(), what: 'gone', sid }),
  );
  room.registerTextStreamHandler('lk.chat', (reader) => {
    const tell = (text: string): void => see({ room: name, at: nowMs(), what: 'line', text });
    reader.readAll().then(tell, console.error);
  });
}

type See = (sight: Sight) => void;

const STATE = 'lk.agent.state';
