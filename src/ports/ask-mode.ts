/**
 * Asks the bot of a room to hold the talk in writing or by voice from now on; false where no bot is
 * there. The bot does it as soon as it can, or says in the room that it cannot.
 * @throws TroupeError of service `livekit`.
 */
export type AskMode = (
  room: string,
  mode: 'text' | 'voice',
  signal: AbortSignal,
) => Promise<boolean>;
