import { Room, RoomEvent } from '@livekit/rtc-node';
import { expect, it } from 'vitest';
import { makeStateSender } from '../../../src/adapters/livekit/agent-state.ts';
import type { Publisher } from '../../../src/adapters/livekit/publisher.ts';
import { TroupeError } from '../../../src/errors.ts';
import type { ObservationBody } from '../../../src/ports/observe.ts';
import { openChanges } from '../../support/until.ts';

/** A way out on which each update waits until the test lets it through, or fails it. */
function openSlowPath() {
  const shown: string[] = [];
  const waiting: PromiseWithResolvers<void>[] = [];
  const observed: ObservationBody[] = [];
  const changes = openChanges();
  const publisher: Publisher = {
    async publish(_what, send) {
      const turn = Promise.withResolvers<void>();
      waiting.push(turn);
      changes.tell();
      await turn.promise;
      const ourselves = {
        setAttributes: async (all: Record<string, string>) =>
          void shown.push(...Object.values(all)),
      };
      return await send(ourselves as never, new AbortController().signal);
    },
  };
  const show = makeStateSender(new Room(), publisher, (observation) => {
    observed.push(observation);
    changes.tell();
  });
  /** The update that is on its way, once there is one. */
  const next = (): Promise<PromiseWithResolvers<void>> =>
    changes.until('an update', () => waiting.shift());
  return { show, shown, observed, waiting, next, changes };
}

it('has one update on its way, and after it only the last of those that came meanwhile', async () => {
  const { show, shown, waiting, next } = openSlowPath();
  show('listening');
  show('thinking');
  show('speaking');
  show('thinking');
  const first = await next();
  expect(waiting).toHaveLength(0);
  first.resolve();
  (await next()).resolve();
  show('listening');
  (await next()).resolve();
  await Promise.resolve();
  expect(shown).toEqual(['listening', 'thinking', 'listening']);
});

it('tries a state again whose update blocked, three times', async () => {
  const { show, shown, observed, waiting, next, changes } = openSlowPath();
  show('listening');
  for (let tries = 1; tries <= 3; tries++) (await next()).reject(failure('timeout'));
  await changes.until('three reports', () => observed.length === 3);
  expect(waiting).toHaveLength(0);
  expect(observed[0]).toMatchObject({ type: 'publish-failed', what: 'agent state' });

  show('thinking');
  (await next()).reject(failure('timeout'));
  show('speaking');
  (await next()).resolve();
  await Promise.resolve();
  expect(shown).toEqual(['speaking']);
});

it('does not insist while the path is cut', async () => {
  const { show, observed, waiting, next, changes } = openSlowPath();
  show('listening');
  (await next()).reject(failure('unavailable'));
  await changes.until('a report', () => observed.length === 1);
  expect(waiting).toHaveLength(0);
});

it('goes on when the server shows the state, though the answer got lost', async () => {
  const room = new Room();
  const asked: string[] = [];
  const changes = openChanges();
  const ourselves = {
    identity: 'bot',
    setAttributes(all: Record<string, string>) {
      asked.push(...Object.values(all));
      changes.tell();
      return new Promise<void>(() => undefined);
    },
  };
  const publisher: Publisher = {
    publish: (_what, send) => send(ourselves as never, new AbortController().signal),
  };
  const show = makeStateSender(room, publisher, () => undefined);
  const tell = (identity: string, state: string): unknown =>
    room.emit(RoomEvent.ParticipantAttributesChanged, { 'lk.agent.state': state }, {
      identity,
    } as never);
  show('thinking');
  show('listening');
  tell('somebody', 'thinking');
  tell('bot', 'speaking');
  await Promise.resolve();
  expect(asked).toEqual(['thinking']);
  tell('bot', 'thinking');
  await changes.until('the next state', () => asked.length === 2);
  expect(asked).toEqual(['thinking', 'listening']);
  expect(room.listenerCount(RoomEvent.ParticipantAttributesChanged)).toBe(1);
});

function failure(kind: 'timeout' | 'unavailable'): TroupeError {
  return new TroupeError('no answer', { kind, fault: 'fleet', service: 'livekit' });
}
