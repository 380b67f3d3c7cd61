import type { LiveV2Session } from '@gladiaio/sdk';

/**
 * Calls `bad` for a message that is no JSON object with a type, or acknowledges sound without saying
 * which. The SDK (2.1.0) parses messages in a method of its own, looks into the latter, and throws
 * out of a listener of the socket, which would end the process. The method is covered here by one of
 * this session's that throws nothing; a test sends such a message.
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
    if (message === null || typeof message !== 'object' || !('type' in message)) return undefined;
    return acknowledgesNothing(message) ? undefined : message;
  } catch {
    return undefined;
  }
}

function acknowledgesNothing(message: object): boolean {
  if (!('data' in message) || typeof message.data !== 'object' || message.data === null)
    return false;
  const range = 'byte_range' in message.data ? message.data.byte_range : undefined;
  return 'acknowledged' in message && !Array.isArray(range);
}

/** Passes through the SDK and says nothing. */
const UNREADABLE = { type: 'unreadable' };
