import type { RemoteTrackPublication } from '@livekit/rtc-node';
import { nativeClient } from './native-logs.ts';

/**
 * Lets the server send the sound of a subscribed track, or not. This stands for unsubscribing:
 * rtc-node 1.1.0 over two connections never again gets a track that it has unsubscribed once. The
 * native library can do it, the package has no call for it.
 */
export function setForwarding(publication: RemoteTrackPublication, enabled: boolean): void {
  const client = nativeClient() as unknown as NativeClient;
  const value = { trackPublicationHandle: publication.ffiHandle.handle, enabled };
  client.request({ message: { case: 'enableRemoteTrackPublication', value } });
}

interface NativeClient {
  request(request: {
    readonly message: {
      readonly case: 'enableRemoteTrackPublication';
      readonly value: { readonly trackPublicationHandle: bigint; readonly enabled: boolean };
    };
  }): void;
}
