import type { ArmedFault, Faults } from './faults.ts';
import type { Ledger, Speech } from './ledger.ts';
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
  /** The last 10,000 contexts, oldest first. */
  speeches(): readonly Speech[];
  /** How many connections were opened since the start. */
  connections(): number;
  /** Empties the list of contexts. */
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
    speeches: () => ledger.speeches(),
    connections: () => ledger.connections(),
    forget: () => ledger.forget(),
  };
}
