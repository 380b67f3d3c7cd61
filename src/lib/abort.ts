/**
 * The answer of `job`, unless `signal` aborts first: then the job is left to itself, whatever
 * becomes of it. No listener stays on the signal.
 * @throws what the job throws, or the signal's reason.
 */
export async function unlessAborted<T>(job: Promise<T>, signal: AbortSignal): Promise<T> {
  job.catch(() => undefined);
  const aborted = Promise.withResolvers<never>();
  using _listener = onAbort(signal, () => aborted.reject(signal.reason));
  return await Promise.race([job, aborted.promise]);
}

/** Runs `run` when `signal` aborts, at once if it has; disposing takes the listener off. */
export function onAbort(signal: AbortSignal, run: () => void): Disposable {
  if (signal.aborted) run();
  else signal.addEventListener('abort', run, { once: true });
  return { [Symbol.dispose]: () => signal.removeEventListener('abort', run) };
}
