/** One window of sound as judged. */
export interface SpeechWindow {
  /** 0 to 1: how surely it holds speech. */
  readonly probability: number;
  /** End of the window, in samples pushed into this stream. */
  readonly toSample: number;
}

/** One speaker's sound under watch. */
export interface VoiceActivityStream extends Disposable {
  /** Takes 16 kHz mono sound of any length; windows are cut here. Never throws. */
  push(pcm: Int16Array): void;
}

/**
 * Tells speech from other sound, window by window of 32 ms, in the order of the sound. One model
 * serves all streams of the process. `failed` is called once, if the model cannot work any more.
 */
export interface VoiceActivity extends AsyncDisposable {
  open(
    judged: (window: SpeechWindow) => void,
    failed: (error: unknown) => void,
  ): VoiceActivityStream;
}
