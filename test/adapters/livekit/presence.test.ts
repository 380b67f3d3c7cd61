import { randomUUID } from 'node:crypto';
import { EventEmitter } from 'node:events';
import { SimulateScenarioKind } from '@livekit/rtc-node';
import type { Room } from '@livekit/rtc-node';
import { RoomServiceClient } from 'livekit-server-sdk';
import { describe, expect, it, onTestFinished } from 'vitest';
import { httpUrl } from '../../../src/adapters/livekit/options.ts';
import { watchPeople } from '../../../src/adapters/livekit/presence.ts';
import { openHandClock } from '../../support/hand-clock.ts';
import { enterAsBot } from '../../support/livekit-link.ts';
import type { OpenedLink } from '../../support/livekit-link.ts';
import { openLiveKitPath } from '../../support/livekit-path.ts';
import { livekitServer } from '../../support/livekit-server.ts';
import { openVisitor } from '../../support/livekit-visitor.ts';
import type { LiveKitVisitor, VisitorOptions } from '../../support/livekit-visitor.ts';

async function visit(room: string, options: Partial<VisitorOptions>): Promise<LiveKitVisitor> {
  const visitor = await openVisitor({
    server: livekitServer(),
    room,
    identity: 'anna',
    ...options,
  });
  onTestFinished(() => visitor[Symbol.asyncDispose]());
  return visitor;
}

async function meetAnna(
  server = livekitServer(),
): Promise<OpenedLink & { name: string; anna: LiveKitVisitor }> {
  const name = `presence ${randomUUID()}`;
  const anna = await visit(name, {});
  return { ...(await enterAsBot(server, name)), name, anna };
}

describe('who is there', () => {
  it('tells people from bots, and a change of name', async () => {
    const { link, recorder, name, anna } = await meetAnna();
    await visit(name, { identity: 'helper', kind: 'agent' });
    await visit(name, { identity: 'phone', name: '+49 30 1234', kind: 'sip' });
    await recorder.count('person-joined', 2);
    expect(link.people()).toEqual(
      expect.arrayContaining([
        { identity: 'anna', name: 'anna', kind: 'human' },
        { identity: 'helper', name: 'helper', kind: 'bot' },
        { identity: 'phone', name: '+49 30 1234', kind: 'human' },
      ]),
    );

    await anna.ourselves.updateName('Anna B.');
    const [, , renamed] = await recorder.count('person-joined', 3);
    expect(renamed?.person).toEqual({ identity: 'anna', name: 'Anna B.', kind: 'human' });
  });

  it.each([
    ['from scratch', SimulateScenarioKind.SIMULATE_FULL_RECONNECT],
    ['first in vain, then from scratch', SimulateScenarioKind.SIMULATE_NODE_FAILURE],
  ])('stays as it was while we reconnect %s', async (_how, scenario) => {
    const { server, proxy } = await openLiveKitPath();
    const { link, room, recorder, anna } = await meetAnna(server);
    // Slow enough that a leaving would be believed meanwhile.
    proxy.delay(100);
    const people = link.people();
    const seemedToLeave = new Promise((resolve) => room.once('participantDisconnected', resolve));
    await room.simulateScenario(scenario);
    await seemedToLeave;
    await recorder.first('reconnected', 20_000);
    expect(link.people()).toEqual(people);

    await anna.say('still here');
    await recorder.first('chat-received');
    expect(recorder.events.map(({ type }) => type)).toEqual([
      'reconnecting',
      'reconnected',
      'chat-received',
    ]);
  });

  it('is known afresh after a cut in which somebody left', async () => {
    const { link, room, recorder, name } = await meetAnna();
    await room.simulateScenario(SimulateScenarioKind.SIMULATE_SIGNAL_RECONNECT);
    await recorder.first('reconnecting');
    await apiOf().removeParticipant(name, 'anna');
    await recorder.first('reconnected', 20_000);
    await recorder.until('anna to be missing', () => link.people().length === 0);
    expect(link.people()).toEqual([]);
  });
});

describe('a leaving', () => {
  /** A Room of which only the coming and going is there. */
  function openDoor() {
    const clock = openHandClock();
    const told: unknown[] = [];
    const door = Object.assign(new EventEmitter(), { remoteParticipants: new Map() });
    const path = { isUp: true };
    const presence = watchPeople(
      door as unknown as Room,
      clock,
      () => path.isUp,
      (event) => void told.push(event.type),
    );
    const anna = { identity: 'anna', name: 'Anna', attributes: {} };
    const go = (): void => void door.emit('participantDisconnected', anna);
    const come = (): void => void door.emit('participantConnected', anna);
    return { clock, told, path, presence, go, come };
  }

  it('is believed after a moment', () => {
    const { clock, told, go } = openDoor();
    go();
    clock.pass(199);
    expect(told).toEqual([]);
    clock.pass(1);
    expect(told).toEqual(['person-left']);
  });

  it('is not believed when our path turns out to be cut, nor while it is', () => {
    const { clock, told, path, presence, go } = openDoor();
    go();
    path.isUp = false;
    presence.doubt();
    go();
    clock.pass(60_000);
    expect(told).toEqual([]);
  });

  it('is forgotten by a return', () => {
    const { clock, told, go, come } = openDoor();
    go();
    come();
    clock.pass(60_000);
    expect(told).toEqual(['person-joined']);
  });
});

function apiOf(): RoomServiceClient {
  const server = livekitServer();
  return new RoomServiceClient(httpUrl(server), server.apiKey, server.apiSecret);
}
