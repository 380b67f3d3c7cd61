import { definedFields } from './defined.ts';
import type { ArmedFault, Faults } from './faults.ts';
import type { Ledger, ServedRequest, Totals } from './ledger.ts';
import { DEFAULT_SETTINGS, faultSchema, settingsPatchSchema } from './settings.ts';
import type { FaultInput, Settings, SettingsPatch } from './settings.ts';

/** How a test or a bench steers the simulator, in the process or over HTTP. */
export interface Control {
  readonly settings: () => Settings;
  /** Changes what is named, for requests from now on. Throws ZodError for what it does not know. */
  configure(patch: SettingsPatch): Settings;
  /** Makes the next requests that fit go wrong. Throws ZodError for a fault that does not exist. */
  arm(fault: FaultInput): ArmedFault;
  /** Without an id: disarms all. Whether there was anything to disarm. */
  disarm(id?: string): boolean;
  faults(): readonly ArmedFault[];
  /** The last 10,000 requests, oldest first; with `match` those whose messages contain it. */
  requests(match?: string): readonly ServedRequest[];
  totals(): Totals;
  /** Empties the list of requests and the totals. */
  forget(): void;
}

export function makeControl(
  deps: { readonly faults: Faults; readonly ledger: Ledger },
  initial: SettingsPatch,
): Control {
  const { faults, ledger } = deps;
  let settings = merge(DEFAULT_SETTINGS, settingsPatchSchema.parse(initial));
  return {
    settings: () => settings,
    configure: (patch) => (settings = merge(settings, settingsPatchSchema.parse(patch))),
    arm: (fault) => faults.arm(faultSchema.parse(fault)),
    disarm: (id) => faults.disarm(id),
    faults: () => faults.list(),
    requests: (match) => ledger.list(match),
    totals: () => ledger.totals(),
    forget: () => ledger.forget(),
  };
}

function merge(settings: Settings, { latency, ...rest }: SettingsPatch): Settings {
  return {
    ...settings,
    ...definedFields(rest),
    latency: { ...settings.latency, ...definedFields(latency ?? {}) },
  };
}
