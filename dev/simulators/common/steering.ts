import type { z } from 'zod';
import { definedFields } from './defined.ts';
import type { Armed, ArmedFaults } from './armed-faults.ts';

/** How a test or a bench steers a simulator, in the process or over HTTP. */
export interface Steering<S, P, F, I> {
  readonly settings: () => S;
  /** Changes what is named, for what comes from now on. Throws ZodError for what it does not know. */
  configure(patch: P): S;
  /** Makes the next that fit go wrong. Throws ZodError for a fault that does not exist. */
  arm(fault: I): Armed<F>;
  /** Without an id: all. Whether any was armed. */
  disarm(id?: string): boolean;
  faults(): readonly Armed<F>[];
}

/** What a simulator's settings and their changes have in common. */
export interface Paced {
  readonly latency: object;
}
export interface PacedPatch {
  readonly latency?: object | undefined;
}

/** Steers from `defaults`, changed by `initial`; the schemas are those of its settings and faults. */
export function makeSteering<S extends Paced, P extends PacedPatch, F, I>(
  faults: Pick<ArmedFaults<F>, 'arm' | 'disarm' | 'list'>,
  schemas: { readonly patch: z.ZodType<P>; readonly fault: z.ZodType<F, I> },
  defaults: S,
  initial: P,
): Steering<S, P, F, I> {
  let settings = patched(defaults, schemas.patch.parse(initial));
  return {
    settings: () => settings,
    configure: (patch) => (settings = patched(settings, schemas.patch.parse(patch))),
    arm: (fault) => faults.arm(schemas.fault.parse(fault)),
    disarm: (id) => faults.disarm(id),
    faults: () => faults.list(),
  };
}

/** `patch` over `settings`, also inside `latency`; a field that is there but undefined changes nothing. */
function patched<S extends Paced>(settings: S, { latency, ...rest }: PacedPatch): S {
  return {
    ...settings,
    ...definedFields(rest),
    latency: { ...settings.latency, ...definedFields(latency ?? {}) },
  };
}
