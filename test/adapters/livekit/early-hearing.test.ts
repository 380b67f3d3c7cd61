import { describe, expect, it, vi } from 'vitest';
import { openEarlyHearing } from '../../../src/adapters/livekit/early-hearing.ts';
import type { Microphone, MicrophoneListener, RoomSound } from '../../../src/ports/room-sound.ts';
import { openSoundRecorder } from '../../support/sound-recorder.ts';
import type { Recording } from '../../support/sound-recorder.ts';

type Open = Parameters<RoomSound['hear']>[0];

/** A hearing by hand: microphones come, sound and go as the test says. */
function openHand() {
  let open: Open | undefined;
  const listeners = new Map<string, MicrophoneListener>();
  const of = (trackId: string): MicrophoneListener => listeners.get(trackId)!;
  return {
    of,
    hear: (one: Open) => {
      open = one;
      return {
        [Symbol.dispose]() {
          open = undefined;
          for (const listener of listeners.values()) listener.closed();
          listeners.clear();
        },
      };
    },
    comes(trackId: string, muted = false): void {
      listeners.set(trackId, open!({ trackId, person: ANNA, muted }));
    },
    goes(trackId: string): void {
      of(trackId).closed();
      listeners.delete(trackId);
    },
    isOn: () => open !== undefined,
  };
}

const ANNA: Microphone['person'] = { identity: 'anna', name: 'Anna', kind: 'human' };

function begin() {
  const [early, own, ears] = [openHand(), openHand(), openSoundRecorder()];
  const [ended, failed] = [vi.fn(), vi.fn()];
  const hearing = openEarlyHearing(early.hear, ended, failed);
  return { early, own, ears, ended, failed, hearing, hear: hearing.prependTo(own.hear) };
}

/** Frames that are told apart by their only sample; 0 is silence. */
const frame = (sample: number): Int16Array => Int16Array.of(sample);
const samples = ({ frames }: Recording): readonly number[] => frames.map(([sample = 0]) => sample);

describe('what is heard early', () => {
  it('begins the ear of a microphone, and goes on until that is heard by itself', () => {
    const { early, own, ears, ended, hearing, hear } = begin();
    early.comes('a');
    hearing.keep();
    early.of('a').frame(frame(1));
    hear(ears.open);
    early.of('a').frame(frame(2));
    own.comes('a');
    own.of('a').frame(frame(0));
    early.of('a').frame(frame(3));
    own.of('a').frame(frame(4));
    own.of('a').frame(frame(0));
    expect(ears.recordings.map(samples)).toEqual([[1, 2, 3, 4, 0]]);
    expect(ears.recordings[0]!.told).toEqual([]);
    expect(ended).toHaveBeenCalledOnce();
    expect(early.isOn()).toBe(false);
    own.goes('a');
    expect(ears.recordings[0]!.told).toEqual(['closed']);
  });

  it('is what the other bot may not have heard any more: from the last moment on', () => {
    const { early, ears, hearing, hear } = begin();
    early.comes('a');
    for (let n = 1; n <= 20; n += 1) early.of('a').frame(frame(n));
    hearing.keep();
    for (let n = 21; n <= 40; n += 1) early.of('a').frame(frame(n));
    hear(ears.open);
    expect(samples(ears.recordings[0]!)[0]).toBe(11);
    expect(ears.recordings[0]!.frames).toHaveLength(30);
  });

  it('is two seconds at most', () => {
    const { early, ears, hearing, hear } = begin();
    early.comes('a');
    hearing.keep();
    for (let n = 1; n <= 200; n += 1) early.of('a').frame(frame(n));
    hear(ears.open);
    expect(ears.recordings[0]!.frames).toHaveLength(62);
  });

  it('keeps of a microphone that comes later, too', () => {
    const { early, ears, hearing, hear } = begin();
    hearing.keep();
    early.comes('a');
    for (let n = 1; n <= 20; n += 1) early.of('a').frame(frame(n));
    hear(ears.open);
    expect(ears.recordings[0]!.frames).toHaveLength(20);
  });

  it('tells the ear of mutes in between', () => {
    const { early, own, ears, hear } = begin();
    early.comes('a');
    hear(ears.open);
    early.of('a').muted();
    own.comes('a', true);
    own.of('a').unmuted();
    own.of('a').frame(frame(1));
    expect(ears.recordings[0]!.told).toEqual(['muted', 'unmuted']);
  });

  it('opens no ear for a microphone that has gone', () => {
    const { early, ears, ended, hear } = begin();
    early.comes('a');
    early.of('a').frame(frame(1));
    early.goes('a');
    hear(ears.open);
    expect(ears.recordings).toEqual([]);
    expect(ended).toHaveBeenCalledOnce();
  });

  it('closes the ear of one that goes before it is heard by itself', () => {
    const { early, own, ears, hear } = begin();
    early.comes('a');
    hear(ears.open);
    own.comes('a');
    early.goes('a');
    own.goes('a');
    expect(ears.recordings[0]!.told).toEqual(['closed']);
  });

  it('is nothing any more once it is over', () => {
    const { early, own, ears, ended, hearing, hear } = begin();
    early.comes('a');
    early.of('a').frame(frame(1));
    hearing[Symbol.dispose]();
    hear(ears.open);
    own.comes('a');
    own.of('a').frame(frame(2));
    expect(ears.recordings.map(samples)).toEqual([[2]]);
    expect(ended).toHaveBeenCalledOnce();
  });

  it('closes its ears with the hearing, whoever hears them', () => {
    const { early, own, ears, hear } = begin();
    early.comes('a');
    early.comes('b');
    const hearing = hear(ears.open);
    own.comes('a');
    own.of('a').frame(frame(1));
    hearing[Symbol.dispose]();
    expect(ears.recordings.map(({ told }) => told)).toEqual([['closed'], ['closed']]);
    expect(early.isOn()).toBe(false);
  });

  it('is not disturbed by an ear that fails', () => {
    const { early, ears, failed, hear } = begin();
    early.comes('a');
    early.comes('b');
    const defect = new Error('a defect of ours');
    hear((microphone) => {
      if (microphone.trackId === 'a') throw defect;
      return ears.open(microphone);
    });
    expect(failed).toHaveBeenCalledExactlyOnceWith(defect);
    expect(ears.recordings).toHaveLength(1);
  });
});
