import { expect, it } from 'vitest';
import { openRecognizer } from '../../dev/simulators/speech/recognizer.ts';
import { readSamples, recordingOf } from '../../dev/speech/catalog.ts';
import { makeJoinRoom } from '../../src/adapters/livekit/join-room.ts';
import { openLiveKitPath } from '../support/livekit-path.ts';
import { livekitServer } from '../support/livekit-server.ts';
import { openVisitor } from '../support/livekit-visitor.ts';
import { silence } from '../support/sound-path.ts';
import { enterSound } from '../contract/room-sound-world.ts';

/** Who says what, in a room at the same time. */
const TALK = {
  anna: ['hello-emma', 'ada-think-emma', 'mhm-emma', 'knock', 'tuesday-emma', 'stop-emma'],
  ben: [
    'cough-2',
    'hello-oliver',
    'think-oliver',
    'right-oliver',
    'table-oliver',
    'no-no-no-oliver',
  ],
  yuki: ['osusume-yuki', 'un-yuki', 'music', 'namae-yuki', 'ikura-yuki'],
};

it('understands what comes over a real room, Opus and all', async () => {
  const { link, ears, visit } = await enterSound(async () => {
    const path = await openLiveKitPath();
    return {
      join: makeJoinRoom({ ...path.server, gatherOnce: true, observe: () => undefined }),
      visit: (room, identity) => openVisitor({ server: livekitServer(), room, identity }),
      cut: () => path.proxy.cut(),
      mend: () => path.proxy.heal(),
    };
  });
  link.hear(ears.open);
  const people = Object.entries(TALK);
  const microphones = await Promise.all(
    people.map(async ([name]) => (await visit(name)).publishMicrophone()),
  );
  await Promise.all(
    people.map(async ([, ids], index) => {
      // What is said while the track is still being subscribed does not come whole.
      await microphones[index]?.play(silence(1_000));
      for (const id of ids) {
        await microphones[index]?.play(readSamples(recordingOf(id)));
        await microphones[index]?.play(silence(250));
      }
      await microphones[index]?.play(silence(1_000));
    }),
  );
  for (const [name, ids] of people) {
    const said: string[] = [];
    const recognizer = openRecognizer({ endpointingMs: 100 }, (event) => {
      if (event.type === 'utterance-ended') said.push(event.utterance.text);
    });
    const heard = ears.recordings.find(({ microphone }) => microphone.person.identity === name);
    heard?.frames.forEach((frame) => recognizer.push(frame));
    const texts = ids.map((id) => recordingOf(id).text).filter((text) => text !== '');
    expect({ [name]: unspaced(said) }).toEqual({
      [name]: unspaced(texts),
    });
  }
});

/** A sentence behind a name sounds as it does alone: its first letter's case is no difference. */
function unspaced(texts: readonly string[]): string {
  return texts.join('').replaceAll(/\s/gu, '').toLowerCase();
}
