import type { Shutdown } from '../app/process.ts';

/** What is listened to: the process, or a stand-in. */
type Signals = Pick<NodeJS.Process, 'on'>;

/** Turns SIGTERM and SIGINT into the two signals of a {@link Shutdown}. */
export function listenForShutdown(signals: Signals): Shutdown {
  const graceful = new AbortController();
  const forced = new AbortController();
  const onSignal = (name: NodeJS.Signals): void => {
    if (graceful.signal.aborted) forced.abort(new Error(`second ${name}`));
    else graceful.abort(new Error(name));
  };
  signals.on('SIGTERM', onSignal);
  signals.on('SIGINT', onSignal);
  return { graceful: graceful.signal, forced: forced.signal };
}
