import { createAudioAnalyser, LocalAudioTrack } from 'livekit-client';
import type { AudioTrack } from 'livekit-client';
import { useEffect, useRef, useState } from 'react';
import type { RefObject } from 'react';
import type { Line } from './lines.ts';
import { followTurn } from './turn-latency.ts';
import type { TurnLatency } from './turn-latency.ts';

/** How long the last answer took, in ms; undefined until there was one. */
export function useTurnLatency(
  lines: readonly Line[],
  microphone: AudioTrack | undefined,
): number | undefined {
  const voicedAt = useLastVoiced(microphone);
  const before = useRef<ReadonlyMap<string, string>>(new Map());
  const [latency, setLatency] = useState<TurnLatency>({});
  useEffect(() => {
    const known = before.current;
    before.current = new Map(lines.map(({ id, text }) => [id, text]));
    const now = performance.now();
    setLatency((so) => followTurn(so, known, lines, now, voicedAt.current));
  }, [lines, voicedAt]);
  return latency.lastMs;
}

const LOOK_MS = 50;
/** Between a quiet room and a quiet voice, of the analyser's 0 to 1. */
const VOICED = 0.15;

/** When the microphone last heard something. */
function useLastVoiced(track: AudioTrack | undefined): RefObject<number | undefined> {
  const voicedAt = useRef<number>(undefined);
  useEffect(() => {
    if (!(track instanceof LocalAudioTrack)) return undefined;
    const { calculateVolume, cleanup } = createAudioAnalyser(track);
    const timer = setInterval(() => {
      if (calculateVolume() > VOICED) voicedAt.current = performance.now();
    }, LOOK_MS);
    return () => {
      clearInterval(timer);
      void cleanup();
    };
  }, [track]);
  return voicedAt;
}
