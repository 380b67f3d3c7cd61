import { expect, it, onTestFinished } from 'vitest';
import { openStack } from '../../../dev/stack.ts';
import { enterAsBot } from '../../support/livekit-link.ts';
import { openVisitor } from '../../support/livekit-visitor.ts';

/** The native library waits up to 7 s between two tries to come back. */
const BACK_MS = 25_000;

it('comes back to a server that restarted or says that it is lost, and takes nobody for gone', async () => {
  const { livekit, [Symbol.asyncDispose]: end } = await openStack({ parts: ['livekit'] });
  onTestFinished(end);
  const anna = await openVisitor({ server: livekit, room: 'restart', identity: 'anna' });
  onTestFinished(() => anna[Symbol.asyncDispose]());
  const { link, room, recorder } = await enterAsBot(livekit, 'restart');
  await livekit.stop();
  await recorder.first('reconnecting');
  // As what was given to the native library shortly before it told of the cut.
  const onItsWay = room.localParticipant!.sendText('on its way', { topic: 'lk.chat' });
  onItsWay.catch(() => undefined);
  await livekit.start();
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
  await onItsWay;
  await link.sendChatLine('back');
  await anna.heard(/back/);
  // The first was flushed as soon as the bot was back; Anna may have come back later.
  const lines = anna.lines.map(({ text }) => text);
  expect([lines, ['on its way', ...lines]]).toContainEqual(['on its way', 'back']);
});
