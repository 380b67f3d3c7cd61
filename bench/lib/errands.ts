import type { Done } from './helper-process.ts';

/** What an errand has to tell when it is done. */
export type Told = Pick<Done, 'at' | 'until'>;

/**
 * Runs the errands that the bench sends to this process, all side by side, and reports each when it is
 * done; when the bench is gone, so is the process.
 */
export function serveErrands(carryOut: (errand: never) => Promise<Told>): void {
  process.on('disconnect', () => process.exit(0));
  process.on('message', (errand: { readonly id: number }) => {
    const { id } = errand;
    carryOut(errand as never).then(
      (told) => report({ what: 'done', id, ...told }),
      (error: unknown) => report({ what: 'done', id, at: nowMs(), error: String(error) }),
    );
  });
}

/** Tells the bench something. */
export function report(message: object): void {
  process.send?.(message);
}

/** In ms since 1970; comparable between the processes of one machine. */
export function nowMs(): number {
  return performance.timeOrigin + performance.now();
}
