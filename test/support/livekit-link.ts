import { Room } from '@livekit/rtc-node';
import { onTestFinished } from 'vitest';
import { openLink } from '../../src/adapters/livekit/link.ts';
import { silenceNativeLogs } from '../../src/adapters/livekit/native-logs.ts';
import type { LiveKitServer } from '../../src/adapters/livekit/options.ts';
import { mintToken } from '../../src/adapters/livekit/token.ts';
import type { ObservationBody } from '../../src/ports/observe.ts';
import type { LinkEvent, RoomLink } from '../../src/ports/room-link.ts';
import { openLinkRecorder } from './link-recorder.ts';
import type { LinkRecorder } from './link-recorder.ts';

/** A link whose Room the test can reach. */
export interface OpenedLink {
  readonly link: RoomLink;
  readonly room: Room;
  readonly recorder: LinkRecorder;
  /** What it observed so far. */
  readonly observed: readonly ObservationBody[];
}

/** Joins as the room's bot until the test is over; `before` gets the Room before the link does. */
export async function enterAsBot(
  server: LiveKitServer,
  room: string,
  hooks: { before?: (room: Room) => void; listen?: (event: LinkEvent) => void } = {},
): Promise<OpenedLink> {
  silenceNativeLogs(() => undefined);
  const inside = new Room();
  const recorder = openLinkRecorder();
  const observed: ObservationBody[] = [];
  const observe = (observation: ObservationBody): void => void observed.push(observation);
  hooks.before?.(inside);
  const link = openLink(inside, { ...server, observe }, (event) => {
    recorder.listen(event);
    hooks.listen?.(event);
  });
  onTestFinished(() => link[Symbol.asyncDispose]());
  const token = await mintToken(server, { room, name: 'Cleo' }, 60_000);
  await inside.connect(server.url, token, { autoSubscribe: false, dynacast: false });
  return { link, room: inside, recorder, observed };
}
