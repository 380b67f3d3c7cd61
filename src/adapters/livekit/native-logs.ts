import { EventEmitter } from 'node:events';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Observe } from '../../ports/observe.ts';

/**
 * Starts rtc-node's native library without its log capture. As shipped, every debug line of libwebrtc
 * crosses into JavaScript, is decoded there and offered to every room, although nobody reads it:
 * twice the memory and CPU of an idle room (README). The switch is an argument of the library's start,
 * which the package gives away only through a global that it fills when it finds it empty; so this
 * must come before the first Room. Where the package's inside is not what we know, it runs as
 * shipped, with one warning.
 */
export function silenceNativeLogs(observe: Observe): void {
  if (done) return;
  done = true;
  try {
    start(observe);
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    observe({ type: 'warning', what: 'rtc-node runs with its native log capture on', detail });
  }
}

/** The object through which rtc-node talks with its native library, once there is one. */
export function nativeClient(): EventEmitter | undefined {
  return holder._ffiClientInstance;
}

/** The event under which everything from the native library arrives. */
export const NATIVE_EVENT = 'ffi_event';

let done = false;
const holder = globalThis as { _ffiClientInstance?: EventEmitter };

function start(observe: Observe): void {
  if (nativeClient() !== undefined) throw new Error('a Room existed before');
  const inside = openPackage();
  quieten(inside.log);
  // An FfiClient without its constructor, which would start the library with capture on.
  const client = Reflect.construct(EventEmitter, [], inside.FfiClient) as NativeClient;
  client._nextRequestAsyncId = 0n;
  client.setMaxListeners(0);
  const take = (data: Uint8Array): void => {
    const event = inside.FfiEvent.fromBinary(data);
    // rtc-node leaves it unread: a room, or all of them, has died.
    if (event.message.case === 'panic') {
      const error = new Error(`the native library panicked: ${event.message.value.message}`);
      observe({ type: 'unexpected-error', error });
    }
    client.emit(NATIVE_EVENT, event);
  };
  inside.livekitInitialize(take, false, inside.SDK_VERSION);
  holder._ffiClientInstance = client;
}

/** Without capture the library prints errors to stderr, and some quote our token. */
function quieten(log: Inside['log']): void {
  process.env['RUST_LOG'] ??= 'off';
  log.level = 'silent';
}

interface NativeEvent {
  readonly message:
    | { readonly case: 'panic'; readonly value: { readonly message: string } }
    | { readonly case?: undefined };
}

type NativeClient = EventEmitter & { _nextRequestAsyncId: bigint };

interface Inside {
  readonly FfiClient: new () => EventEmitter;
  readonly FfiEvent: { fromBinary(data: Uint8Array): NativeEvent };
  readonly livekitInitialize: (
    take: (data: Uint8Array) => void,
    captureLogs: boolean,
    version: string,
  ) => void;
  readonly SDK_VERSION: string;
  /** The package's own pino, which writes to stdout whatever we do. */
  readonly log: { level: string };
}

/** Loads what the package's export map hides, from beside its main file. */
function openPackage(): Inside {
  const main = createRequire(import.meta.url).resolve('@livekit/rtc-node');
  const load = createRequire(main);
  const beside = (file: string): unknown => load(join(dirname(main), file));
  const inside = Object.assign(
    {},
    load('@livekit/rtc-ffi-bindings'),
    beside('ffi_client.cjs'),
    beside('version.cjs'),
    beside('log.cjs'),
  ) as Partial<Inside>;
  const missing = PARTS.filter((part) => inside[part] === undefined);
  if (missing.length > 0) throw new Error(`the package has no ${missing.join(', ')}`);
  return inside as Inside;
}

const PARTS = ['FfiClient', 'FfiEvent', 'livekitInitialize', 'SDK_VERSION', 'log'] as const;
