import { z } from 'zod';

const messageSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('stop_recording') }),
  z.strictObject({
    type: z.literal('audio_chunk'),
    data: z.strictObject({ chunk: z.base64() }),
  }),
]);

/** What the client sends: sound, bare or wrapped, or the wish to stop; `undefined` is neither. */
export function readClientMessage(data: Buffer, isBinary: boolean): Buffer | 'stop' | undefined {
  if (isBinary) return data;
  try {
    const message = messageSchema.parse(JSON.parse(data.toString('utf8')));
    return message.type === 'stop_recording' ? 'stop' : Buffer.from(message.data.chunk, 'base64');
  } catch {
    return undefined;
  }
}
