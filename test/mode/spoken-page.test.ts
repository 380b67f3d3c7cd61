import { describe, expect, it } from 'vitest';
import { openDesk } from '../../src/mode/desk.ts';
import { openSpokenPage } from '../../src/mode/spoken-page.ts';
import type { Observation } from '../../src/ports/observe.ts';
import type { RoomLink } from '../../src/ports/room-link.ts';
import type { HeardPiece } from '../../src/reply/script.ts';
import { openFakeRooms } from '../support/fake-room-link.ts';
import { openHandClock, settled } from '../support/hand-clock.ts';
import { NEVER } from './mouth-world.ts';

describe('the page of a spoken reply', () => {
  it('shows each word as it is heard, and each sentence as a chat line', async () => {
    const { page, hears, segments, lines } = await openWorld();
    await hears('Hi ');
    await hears('you.', 'end');
    expect(lines()).toEqual(['Hi you.']);
    await hears('Bye ');
    await hears('now.', 'end');
    page.close();
    await settled();
    const history = ['Hi ', 'Hi you.', 'Hi you. Bye ', 'Hi you. Bye now.', 'Hi you. Bye now.'];
    expect(segments()).toEqual([{ trackId: 'TR_voice', history, final: true }]);
    expect(lines()).toEqual(['Hi you.', 'Bye now.']);
  });

  it('puts no space behind a Japanese sentence, nor for what is not spoken', async () => {
    const { page, hears, segments, lines } = await openWorld();
    await hears('', 'end');
    await hears('猫');
    await hears('です。', 'end');
    await hears('', 'end');
    await hears('はい。', 'end');
    page.close();
    await settled();
    expect(segments()[0]!.history.at(-1)).toBe('猫です。はい。');
    expect(lines()).toEqual(['猫です。', 'はい。']);
  });

  it('writes in one go what was heard while the room was slow', async () => {
    const slow = Promise.withResolvers<void>();
    const { page, hears, segments, lines } = await openWorld((link) => ({
      ...link,
      openSegment(...of) {
        const segment = link.openSegment(...of);
        return {
          ...segment,
          async write(text) {
            if (text === 'One ') await slow.promise;
            await segment.write(text);
          },
        };
      },
    }));
    await hears('One ');
    await hears('two ');
    await hears('three.', 'end');
    await hears('Four.', 'end');
    page.close();
    await settled();
    expect([segments(), lines()]).toEqual([[], []]);
    slow.resolve();
    await settled();
    const whole = 'One two three. Four.';
    expect(segments()).toEqual([
      { trackId: 'TR_voice', history: ['One ', whole, whole], final: true },
    ]);
    expect(lines()).toEqual(['One two three.', 'Four.']);
  });

  it('gives a sentence that was cut its chat line as it stands', async () => {
    const { page, hears, segments, lines } = await openWorld();
    await hears('One.', 'end');
    await hears('Two ');
    page.close();
    await settled();
    expect(lines()).toEqual(['One.', 'Two']);
    expect(segments()[0]).toMatchObject({
      history: ['One.', 'One. Two ', 'One. Two '],
      final: true,
    });
  });

  it('is closed once the path is whole again', async () => {
    const { page, hears, clock, permit, segments, lines } = await openWorld();
    await hears('One.', 'end');
    permit(false);
    page.close();
    await clock.live(1_000);
    expect(segments()[0]).toMatchObject({ history: ['One.'], final: false });
    permit(true);
    await clock.live(100);
    expect(segments()[0]).toMatchObject({ history: ['One.', 'One.'], final: true });
    expect([lines(), clock.timers()]).toEqual([['One.'], 0]);
  });

  it('stays open where the room is over before that', async () => {
    const { page, hears, clock, permit, end, segments } = await openWorld();
    await hears('One.', 'end');
    permit(false);
    page.close();
    end();
    await clock.live(1_000);
    permit(true);
    await clock.live(1_000);
    expect([segments()[0]?.final, clock.timers()]).toEqual([false, 0]);
  });

  it('shows nothing where nothing was heard', async () => {
    const { page, segments, lines, desk } = await openWorld();
    page.show(piece('', 'end'));
    page.close();
    await desk.settled(new AbortController().signal);
    expect([segments(), lines()]).toEqual([[], []]);
  });

  it('tells that the room refuses it', async () => {
    const refused = () => Promise.reject(new Error('refused'));
    const { page, hears, observed } = await openWorld((link) => ({
      ...link,
      openSegment: () => ({ write: refused, end: NEVER }),
    }));
    await hears('One.', 'end');
    page.close();
    expect(observed).toMatchObject([{ type: 'publish-failed', what: 'reply' }]);
  });

  it('holds up nobody while the room takes nothing', async () => {
    const { page, hears, clock, desk } = await openWorld((link) => ({
      ...link,
      openSegment: () => ({ write: NEVER, end: NEVER }),
    }));
    await hears('One.', 'end');
    page.close();
    const settling = desk.settled(new AbortController().signal).then(() => 'settled');
    await clock.live(1_500);
    expect(await settling).toBe('settled');
  });
});

function piece(text: string, last: 'end' | undefined): HeardPiece {
  return { text, original: text, sentence: 0, last: last !== undefined };
}

/** The page of a reply in a room where Ann looks on. */
async function openWorld(wrap = (link: RoomLink) => link) {
  const rooms = openFakeRooms();
  const ann = rooms.visit('room', { identity: 'ann' });
  const life = new AbortController();
  const { signal } = life;
  const link = wrap(await rooms.join({ room: 'room', name: 'Mia' }, () => undefined, signal));
  const observed: Observation[] = [];
  const clock = openHandClock();
  let [mayPublish, ids] = [true, 0];
  const desk = openDesk({
    clock,
    link,
    observe: (one) => void observed.push(one),
    newId: () => `id-${(ids += 1)}`,
    mayPublish: () => mayPublish,
    chatLines: true,
  });
  const page = openSpokenPage(desk, 'TR_voice', signal);
  return {
    desk,
    page,
    clock,
    observed,
    permit: (may: boolean) => void (mayPublish = may),
    end: () => life.abort(),
    hears: async (text: string, last?: 'end') => {
      page.show(piece(text, last));
      await settled();
    },
    lines: () => ann.lines.map(({ text }) => text),
    segments: () =>
      ann.segments.map(({ trackId, history, final }) => ({ trackId, history, final })),
  };
}
