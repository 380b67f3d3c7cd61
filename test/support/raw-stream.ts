import { randomUUID } from 'node:crypto';
import type { LocalParticipant } from '@livekit/rtc-node';
import { nativeClient } from '../../src/adapters/livekit/native-logs.ts';

/** A text stream on `lk.chat`, sent byte by byte past every check of the SDK. */
export interface RawStream {
  readonly id: string;
  write(bytes: Uint8Array): Promise<void>;
  close(): Promise<void>;
}

/** Opens one as `sender`; what is not awaited goes out in no order. */
export async function openRawStream(
  sender: LocalParticipant,
  totalLength?: number,
): Promise<RawStream> {
  const id = randomUUID();
  const who = {
    localParticipantHandle: (sender as unknown as { ffi_handle: { handle: bigint } }).ffi_handle
      .handle,
    senderIdentity: sender.identity,
    destinationIdentities: [],
  };
  let chunks = 0n;
  await send('sendStreamHeader', {
    ...who,
    header: {
      streamId: id,
      timestamp: BigInt(Date.now()),
      mimeType: 'text/plain',
      topic: 'lk.chat',
      ...(totalLength !== undefined && { totalLength: BigInt(totalLength) }),
      attributes: {},
      contentHeader: { case: 'textHeader', value: { operationType: 0, attachedStreamIds: [] } },
    },
  });
  return {
    id,
    write: (content) =>
      send('sendStreamChunk', {
        ...who,
        chunk: { streamId: id, chunkIndex: chunks++, content, version: 0 },
      }),
    close: () =>
      send('sendStreamTrailer', { ...who, trailer: { streamId: id, reason: '', attributes: {} } }),
  };
}

async function send(kind: string, value: object): Promise<void> {
  const client = nativeClient() as unknown as NativeClient;
  const { asyncId } = client.request({ message: { case: kind, value } });
  await client.waitFor(
    ({ message }) => message.case === kind && message.value?.asyncId === asyncId,
  );
}

interface NativeClient {
  request(request: unknown): { readonly asyncId: bigint };
  waitFor(
    isIt: (event: {
      readonly message: { readonly case?: string; readonly value?: { readonly asyncId?: bigint } };
    }) => boolean,
  ): Promise<unknown>;
}
