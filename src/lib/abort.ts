/**
 * The answer of `job`, unless `signal` aborts first: then the job is left to itself, whatever
 * becomes of it. No listener stays on the signal.
 * @throws what the job throws, or the signal's reason.
 */
export async function unlessAborted<T>(job: Promise<T>, signal: AbortSignal): Promise<T> {
  job.catch(() => undefined);
  const aborted = Promise.withResolvers<never>();
  const onAbort = (): void => aborted.reject(signal.reason);
  if (signal.aborted) onAbort();
  else signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([job, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
