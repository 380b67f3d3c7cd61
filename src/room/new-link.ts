import type { JoinRequest, JoinRoom, LinkEvent, RoomLink } from '../ports/room-link.ts';

/** A link that was just made. What it tells waits until it is heard, so that nothing comes before it. */
export interface NewLink {
  readonly link: RoomLink;
  readonly hear: () => void;
}

/**
 * Joins the room. A link that comes through after `signal` has aborted is closed again.
 * @throws as `joinRoom`; the signal's reason.
 */
export async function makeLink(
  joinRoom: JoinRoom,
  request: JoinRequest,
  onEvent: (event: LinkEvent) => void,
  signal: AbortSignal,
): Promise<NewLink> {
  signal.throwIfAborted();
  const waiting: LinkEvent[] = [];
  let listen = (event: LinkEvent): void => void waiting.push(event);
  const link = await joinRoom(request, (event) => listen(event), signal);
  if (signal.aborted) {
    await link[Symbol.asyncDispose]();
    throw signal.reason;
  }
  return {
    link,
    hear() {
      // What comes while these are heard joins the end of the queue.
      for (const event of waiting) onEvent(event);
      listen = onEvent;
    },
  };
}
