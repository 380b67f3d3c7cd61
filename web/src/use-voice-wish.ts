import { useEffect } from 'react';
import { askForVoice } from './gateway.ts';

/** Whoever turns the microphone on wants to be heard: a character that only reads is asked to listen. */
export function useVoiceWish(room: string, deaf: boolean, isMicrophoneOn: boolean): void {
  useEffect(() => {
    // Where that fails the page goes on saying that nobody is heard, and typing works.
    if (deaf && isMicrophoneOn) askForVoice(room).catch(() => undefined);
  }, [room, deaf, isMicrophoneOn]);
}
