import type { Observe } from '../../ports/observe.ts';

/** A LiveKit server and the key that it takes; `url` may be ws, wss, http or https. */
export interface LiveKitServer {
  readonly url: string;
  readonly apiKey: string;
  readonly apiSecret: string;
}

/** How bots take part in that server's rooms. */
export interface LiveKitOptions extends LiveKitServer {
  readonly observe: Observe;
  /** STUN and TURN addresses instead of those that the server names. */
  readonly iceServers?: readonly string[] | undefined;
  /** Gather network candidates once: for networks in which no STUN server answers. */
  readonly gatherOnce?: boolean | undefined;
  /** Leave the native library's log capture on, as shipped: about twice the memory and CPU of a room. */
  readonly nativeLogs?: boolean | undefined;
  /**
   * How long a join may take; default 10 s. The native library gives signalling 5 s and media 15 s more:
   * it does not notice that it was evicted meanwhile, by what a worker had sent on a path that hung, and
   * the next try is in the room at once.
   */
  readonly connectTimeoutMs?: number | undefined;
}

/** The same server for the signal connection. */
export function websocketUrl({ url }: LiveKitServer): string {
  return url.replace(/^http/, 'ws');
}

/** The same server for its API. */
export function httpUrl({ url }: LiveKitServer): string {
  return url.replace(/^ws/, 'http');
}
