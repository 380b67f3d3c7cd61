import type { LiveV2Session } from '@gladiaio/sdk';

/**
 * Calls `bad` for a message that is no JSON object with a type. The SDK (2.1.0) parses messages in a
 * method of its own and throws out of a listener of the socket, which would end the process. The
 * method is covered here by one of this session's that throws nothing; a test sends such a message.
 */
export function containBadMessages(session: LiveV2Session, bad: () => void): void {
  Object.assign(session, {
    parseMessage(data: string): object {
      const message = parse(data);
      if (message !== undefined) return message;
      bad();
      return UNREADABLE;
    },
  });
}

function parse(data: string): object | undefined {
  try {
    const message: unknown = JSON.parse(data);
    return message !== null && typeof message === 'object' && 'type' in message
      ? message
      : undefined;
  } catch {
    return undefined;
  }
}

/** Passes through the SDK and says nothing. */
const UNREADABLE = { type: 'unreadable' };
