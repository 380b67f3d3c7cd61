import { expect, it } from 'vitest';
import { TroupeError } from '../../src/errors.ts';
import { observeInto } from '../../src/ops/observe.ts';
import type { Log } from '../../src/ops/log.ts';

function recordingLog(): { log: Log; lines: unknown[][] } {
  const lines: unknown[][] = [];
  const write =
    (level: string) =>
    (...line: unknown[]): void => {
      lines.push([level, ...line]);
    };
  const log = {
    debug: write('debug'),
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
  };
  return { log, lines };
}

it('writes one leveled line with a constant message and the ids of the talk', () => {
  const { log, lines } = recordingLog();
  observeInto(log)({ type: 'room-joined', room: 'r', session: 's', tookMs: 12, people: 1 });
  expect(lines).toEqual([
    [
      'info',
      { event: 'room-joined', room: 'r', session: 's', tookMs: 12, people: 1 },
      'room joined',
    ],
  ]);
});

it('says of our own errors what was wrong and whose fault it is', () => {
  const { log, lines } = recordingLog();
  const error = new TroupeError('the queue refused the key', {
    kind: 'auth',
    fault: 'fleet',
    service: 'queue',
    cause: new Error('AKIA-SECRET'),
  });
  observeInto(log)({ type: 'queue-failed', doing: 'receive', error });
  expect(lines[0]?.[1]).toMatchObject({
    error: { kind: 'auth', fault: 'fleet', service: 'queue', message: 'the queue refused the key' },
  });
  expect(JSON.stringify(lines)).not.toContain('AKIA-SECRET');
});

it('keeps the message of a foreign error out of the log: it may quote what was said', () => {
  const { log, lines } = recordingLog();
  observeInto(log)({ type: 'unexpected-error', error: new Error('prompt: my secret is tea') });
  expect(JSON.stringify(lines)).not.toContain('tea');
  expect(JSON.stringify(lines)).toContain('observe.test.ts');
});
