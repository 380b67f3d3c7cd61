/** Who is to be let into which room, as one participant. */
export interface Guest {
  readonly room: string;
  readonly identity: string;
  /** How the others see the guest. */
  readonly name: string;
}

/** What a guest needs to enter. */
export interface GuestPass {
  /** The server, for clients. */
  readonly url: string;
  readonly token: string;
  /** Until when the token lets somebody in, ms since 1970. */
  readonly expiresAt: number;
}

/** Makes a pass; nothing outside is asked. */
export type MintGuestPass = (guest: Guest) => Promise<GuestPass>;
