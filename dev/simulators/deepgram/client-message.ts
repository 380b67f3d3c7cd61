import { z } from 'zod';

const messageSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('KeepAlive') }),
  z.strictObject({ type: z.literal('Finalize'), channel: z.literal(0).optional() }),
  z.strictObject({ type: z.literal('CloseStream') }),
]);

/**
 * What the client sends: sound, or one of its three words; `undefined` is neither. Words in a binary
 * frame would be taken for sound, and an empty binary frame is the old word for CloseStream.
 */
export function readClientMessage(
  data: Buffer,
  isBinary: boolean,
): Buffer | z.infer<typeof messageSchema>['type'] | undefined {
  if (isBinary) return data.length === 0 ? 'CloseStream' : data;
  try {
    return messageSchema.parse(JSON.parse(data.toString('utf8'))).type;
  } catch {
    return undefined;
  }
}
