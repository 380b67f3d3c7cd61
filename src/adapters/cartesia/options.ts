import type { Clock } from '../../lib/clock.ts';

/** Where Cartesia is and with which key. */
export interface CartesiaOptions {
  readonly apiKey: string;
  /** `https://api.cartesia.ai`; with `ws` or `http` the socket is plain, as simulators have it. */
  readonly baseUrl: string;
  readonly clock: Clock;
}
