import { NATIVE_EVENT, nativeClient } from '../../src/adapters/livekit/native-logs.ts';
import { onTestFinished } from 'vitest';
import { openChanges } from './until.ts';

/** An event of rtc-node's native library, as far as tests look into it. */
export interface NativeEvent {
  readonly message: {
    readonly case?: string;
    readonly value?: {
      readonly roomHandle?: bigint;
      readonly message?: { readonly case?: string };
    };
  };
}

/** Keeps the native library's events until the test is over. */
export interface NativeEvents {
  readonly events: readonly NativeEvent[];
  /** Resolves once `count` events of this kind have come. */
  came(kind: string, count?: number): Promise<void>;
}

export function watchNativeEvents(): NativeEvents {
  const client = nativeClient();
  if (client === undefined) throw new Error('there is no native client yet');
  const events: NativeEvent[] = [];
  const changes = openChanges();
  const keep = (event: NativeEvent): void => {
    events.push(event);
    changes.tell();
  };
  client.on(NATIVE_EVENT, keep);
  onTestFinished(() => void client.off(NATIVE_EVENT, keep));
  return {
    events,
    async came(kind, count = 1) {
      const all = (): number => events.filter(({ message }) => message.case === kind).length;
      await changes.until(`native ${kind}`, () => all() >= count);
    },
  };
}
