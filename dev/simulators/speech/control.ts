import type { ArmedFault, Faults } from './faults.ts';
import type { Ledger, Stream } from './ledger.ts';
import { faultSchema, settingsPatchSchema, withPatch } from './settings.ts';
import type { FaultInput, Settings, SettingsPatch } from './settings.ts';

/** How a test or a bench steers the simulator, in the process or over HTTP. */
export interface Control {
  readonly settings: () => Settings;
  /** Changes what is named. Throws ZodError for what it does not know. */
  configure(patch: SettingsPatch): Settings;
  /** Makes the next that fit go wrong. Throws ZodError for a fault that does not exist. */
  arm(fault: FaultInput): ArmedFault;
  /** Without an id: disarms all. Whether there was anything to disarm. */
  disarm(id?: string): boolean;
  faults(): readonly ArmedFault[];
  /** The last 10,000 streams, oldest first. */
  streams(): readonly Stream[];
  /** Empties the list of streams. */
  forget(): void;
}

export function makeControl(
  deps: { readonly faults: Faults; readonly ledger: Ledger },
  initial: Settings,
): Control {
  const { faults, ledger } = deps;
  let settings = initial;
  return {
    settings: () => settings,
    configure: (patch) => (settings = withPatch(settings, settingsPatchSchema.parse(patch))),
    arm: (fault) => faults.arm(faultSchema.parse(fault)),
    disarm: (id) => faults.disarm(id),
    faults: () => faults.list(),
    streams: () => ledger.streams(),
    forget: () => ledger.forget(),
  };
}
