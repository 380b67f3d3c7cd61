import { randomUUID } from 'node:crypto';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openStack } from '../../../dev/stack.ts';
import type { LiveKitServer } from '../../../src/adapters/livekit/options.ts';
import { enterAsBot } from '../../support/livekit-link.ts';
import { openLiveKitPath } from '../../support/livekit-path.ts';
import { livekitServer } from '../../support/livekit-server.ts';
import { openVisitor } from '../../support/livekit-visitor.ts';
import type { LiveKitVisitor } from '../../support/livekit-visitor.ts';

/** The native library waits up to 7 s between two tries. */
const BACK_MS = 25_000;

async function visit(server: LiveKitServer, room: string): Promise<LiveKitVisitor> {
  const visitor = await openVisitor({ server, room, identity: 'anna' });
  onTestFinished(() => visitor[Symbol.asyncDispose]());
  return visitor;
}

describe('while the path is cut', () => {
  it('publishes nothing, also not later, and goes on when it is whole', async () => {
    const name = `cut ${randomUUID()}`;
    const { proxy, server } = await openLiveKitPath();
    const anna = await visit(livekitServer(), name);
    const { link, recorder, observed } = await enterAsBot(server, name);
    const segment = link.openSegment('SG_cut');
    await segment.write('before ');

    proxy.cut();
    await recorder.first('reconnecting');
    const cut = { kind: 'unavailable', service: 'livekit', retryable: true };
    link.showAgentState('thinking');
    await expect(link.sendChatLine('lost')).rejects.toMatchObject(cut);
    await expect(segment.write('lost ')).rejects.toMatchObject(cut);
    await expect(segment.end('lost')).rejects.toMatchObject(cut);
    expect(observed).toMatchObject([{ type: 'publish-failed', what: 'agent state', error: cut }]);
    expect(link.people().map(({ identity }) => identity)).toEqual(['anna']);

    proxy.heal();
    await recorder.first('reconnected', BACK_MS);
    await segment.write('after');
    await segment.end('before after');
    await link.sendChatLine('back');
    link.showAgentState('speaking');
    await anna.heard(/back/);
    await anna.sees('speaking');
    expect(anna.lines.map(({ text }) => text)).toEqual(['back']);
    expect((await anna.read(/after/)).history.join()).not.toContain('lost');
    expect(anna.states).not.toContain('thinking');
    expect(recorder.events).toEqual([{ type: 'reconnecting' }, { type: 'reconnected' }]);
  });
});

describe('when the server restarts', () => {
  it('comes back by itself or says that it is lost, and takes nobody for gone', async () => {
    const stack = await openStack({ parts: ['livekit'] });
    onTestFinished(() => stack[Symbol.asyncDispose]());
    const anna = await visit(stack.livekit, 'restart');
    const { link, recorder } = await enterAsBot(stack.livekit, 'restart');
    await stack.livekit.stop();
    await recorder.first('reconnecting');
    await stack.livekit.start();
    await recorder.until(
      'the end of the cut',
      () => recorder.all('reconnected').length + recorder.all('ended').length > 0,
      BACK_MS,
    );
    expect(recorder.all('person-left')).toEqual([]);
    if (recorder.all('ended').length > 0) {
      expect(recorder.all('ended')).toEqual([{ type: 'ended', reason: 'connection-lost' }]);
      return;
    }
    await anna.meets('bot-restart', BACK_MS);
    await link.sendChatLine('back');
    await anna.heard(/back/);
  });
});
