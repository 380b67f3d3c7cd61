import { makeSteering } from '../common/steering.ts';
import type { Steering } from '../common/steering.ts';
import type { Faults } from './faults.ts';
import type { Ledger, Speech } from './ledger.ts';
import { faultSchema, settingsPatchSchema } from './settings.ts';
import type { Fault, FaultInput, Settings, SettingsPatch } from './settings.ts';

/** How a test or a bench steers the simulator, and reads its books. */
export interface Control extends Steering<Settings, SettingsPatch, Fault, FaultInput> {
  /** The last 10,000 contexts, oldest first. */
  speeches(): readonly Speech[];
  /** How many connections were opened since the start. */
  connections(): number;
  /** Empties the list of contexts. */
  readonly forget: () => void;
}

export function makeControl(
  { faults, ledger }: { readonly faults: Faults; readonly ledger: Ledger },
  defaults: Settings,
  initial: SettingsPatch,
): Control {
  const schemas = { patch: settingsPatchSchema, fault: faultSchema };
  return {
    ...makeSteering(faults, schemas, defaults, initial),
    speeches: () => ledger.speeches(),
    connections: () => ledger.connections(),
    forget: () => ledger.forget(),
  };
}
