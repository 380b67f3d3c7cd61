import { readSamples, recordingOf, RECORDING_RATE } from '../../dev/speech/catalog.ts';

/**
 * A WAV of recordings, each after a silence of as many ms, for a microphone that plays it again and
 * again: it ends in a silence longer than any test.
 */
export function spokenWav(sounds: readonly { readonly afterMs: number; readonly id: string }[]) {
  const parts = sounds.flatMap(({ afterMs, id }) => [
    silence(afterMs),
    readSamples(recordingOf(id)),
  ]);
  return wav([...parts, silence(END_MS)]);
}

const END_MS = 90_000;

function silence(ms: number): Int16Array {
  return new Int16Array((ms * RECORDING_RATE) / 1_000);
}

/** The plain header of PCM, 16 bit, mono, then the samples. */
function wav(parts: readonly Int16Array[]): Buffer {
  const bytes = 2 * parts.reduce((sum, { length }) => sum + length, 0);
  const header = Buffer.alloc(44);
  header.write('RIFF', 0);
  header.writeUInt32LE(36 + bytes, 4);
  header.write('WAVEfmt ', 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(RECORDING_RATE, 24);
  header.writeUInt32LE(2 * RECORDING_RATE, 28);
  header.writeUInt16LE(2, 32);
  header.writeUInt16LE(16, 34);
  header.write('data', 36);
  header.writeUInt32LE(bytes, 40);
  const samples = parts.map(({ buffer, byteOffset, byteLength }) =>
    Buffer.from(buffer, byteOffset, byteLength),
  );
  return Buffer.concat([header, ...samples]);
}
