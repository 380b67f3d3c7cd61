import { randomUUID } from 'node:crypto';
import { expect, it, onTestFinished } from 'vitest';
import { enterAsBot } from '../../support/livekit-link.ts';
import type { OpenedLink } from '../../support/livekit-link.ts';
import { openLiveKitPath } from '../../support/livekit-path.ts';
import type { LiveKitPath } from '../../support/livekit-path.ts';
import { livekitServer } from '../../support/livekit-server.ts';
import { openVisitor } from '../../support/livekit-visitor.ts';
import type { LiveKitVisitor } from '../../support/livekit-visitor.ts';
import { watchNativeEvents } from '../../support/native-events.ts';

// A bot whose path was cut, whose room another bot has taken, and whose path is healed. Not left, it
// evicts the other one 15 s after that, by the native library's own doing.

/** The native library waits up to 7 s between two tries to come back. */
const BACK_MS = 40_000;

const newRoom = (): string => `zombie ${randomUUID()}`;

async function visit(room: string): Promise<LiveKitVisitor> {
  const visitor = await openVisitor({ server: livekitServer(), room, identity: 'anna' });
  onTestFinished(() => visitor[Symbol.asyncDispose]());
  return visitor;
}

it(
  'does not come back when it was left in the middle of coming back',
  { timeout: 90_000 },
  async () => {
    const room = newRoom();
    const path = await openLiveKitPath();
    const zombie = await enterAsBot(path.server, room);
    const anna = await visit(room);
    // Others whose paths are cut as long, and who are not left: when they are back, so would it be.
    const others = await Promise.all(Array.from({ length: 3 }, enterByOwnPath));
    const paths = [path, ...others.map((other) => other.path)];
    for (const { proxy } of paths) proxy.cut();
    await Promise.all([zombie, ...others].map(({ recorder }) => recorder.first('reconnecting')));
    // From here on its tries hang, as in a network that is gone.
    for (const { proxy } of paths) proxy.cut('hang');

    await zombie.link[Symbol.asyncDispose]();
    const rightful = await enterAsBot(livekitServer(), room);
    const dials = path.proxy.dials();
    for (const { proxy } of paths) proxy.heal();
    await Promise.all(others.map(({ recorder }) => recorder.first('reconnected', BACK_MS)));
    expect(path.proxy.dials()).toBe(dials);
    await holdsItsPlace(rightful, anna);
  },
);

// 15 s: the server's ping timeout, before which a path that only hangs is not known to be cut.
it('does not come back when its path hung, known to it or not', { timeout: 90_000 }, async () => {
  const { proxy, server } = await openLiveKitPath();
  const [early, late] = [newRoom(), newRoom()];
  const [unaware, aware] = [await enterAsBot(server, early), await enterAsBot(server, late)];
  const anna = await visit(late);
  const native = watchNativeEvents();
  proxy.cut('hang');
  await unaware.link[Symbol.asyncDispose]();
  const [first, second] = [
    await enterAsBot(livekitServer(), early),
    await enterAsBot(livekitServer(), late),
  ];
  await aware.recorder.first('reconnecting', BACK_MS);
  await aware.link[Symbol.asyncDispose]();

  proxy.heal();
  // Only now can the native library say good-bye and end what it was about to do.
  await native.came('disconnect', 2);
  expect(first.recorder.events).toEqual([]);
  await holdsItsPlace(second, anna);
});

async function enterByOwnPath(): Promise<OpenedLink & { readonly path: LiveKitPath }> {
  const path = await openLiveKitPath();
  return { ...(await enterAsBot(path.server, newRoom())), path };
}

/** A try of the zombie that hung may have taken the server's attention for a moment, not the place. */
async function holdsItsPlace(rightful: OpenedLink, anna: LiveKitVisitor): Promise<void> {
  await say(rightful, 'still me');
  await anna.heard(/still me/);
  expect(rightful.recorder.all('ended')).toEqual([]);
}

async function say({ link, recorder }: OpenedLink, text: string): Promise<void> {
  try {
    await link.sendChatLine(text);
  } catch {
    await recorder.first('reconnected', BACK_MS);
    await link.sendChatLine(text);
  }
}
