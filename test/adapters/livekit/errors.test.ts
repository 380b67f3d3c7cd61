import { describe, expect, it } from 'vitest';
import { toTroupeError } from '../../../src/adapters/livekit/errors.ts';
import { DeadlineExceeded } from '../../../src/lib/deadline.ts';

// As rtc-node 1.1.0 and livekit-server-sdk 2.19.2 say it to LiveKit 1.13.4.
const JOIN = 'engine: signal failure: client error:';

describe('a failure of LiveKit', () => {
  it.each([
    [`${JOIN} 401 Unauthorized - invalid API key: nokey`, 'auth', 'fleet'],
    [`${JOIN} 403 Forbidden - permissions denied`, 'auth', 'fleet'],
    [`${JOIN} 429 Too Many Requests - slow down`, 'quota', 'fleet'],
    [`${JOIN} 402 Payment Required - no credit`, 'quota', 'fleet'],
    [`${JOIN} 404 Not Found - nothing here`, 'not-ready', 'fleet'],
    [`${JOIN} 404 Not Found - requested room does not exist`, 'rejected', 'room'],
    [`${JOIN} 400 Bad Request - no room name`, 'rejected', 'room'],
    ['engine: signal failure: server error: 503 Service Unavailable - ', 'unavailable', 'fleet'],
    ['engine: signal failure: handshake error: 302 Found', 'unavailable', 'fleet'],
    ['IO error: Connection refused (os error 111)', 'unavailable', 'fleet'],
  ])('%s: %s, by fault of the %s', (message, kind, fault) => {
    const error = toTroupeError('joining', new Error(message));
    expect(error).toMatchObject({ kind, fault, service: 'livekit' });
  });

  it('is known by the status that the server SDK tells', () => {
    const said = Object.assign(new Error('invalid token'), { status: 401 });
    expect(toTroupeError('the check', said).kind).toBe('auth');
  });

  it('is a timeout when the deadline passed', () => {
    const late = new DeadlineExceeded('no answer within 5000 ms');
    expect(toTroupeError('a chat line', late)).toMatchObject({ kind: 'timeout', retryable: true });
  });

  it('tells no token', () => {
    const token = 'eyJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJkZXZrZXkifQ.c2lnbmF0dXJl';
    const error = toTroupeError('joining', new Error(`invalid token: ${token}, error: expired`));
    expect(error.message).not.toContain('eyJ');
    expect(error.cause).toMatchObject({ message: 'invalid token: <token>, error: expired' });
  });
});
