import { makeSteering } from '../common/steering.ts';
import type { Steering } from '../common/steering.ts';
import type { Faults } from './faults.ts';
import type { Ledger, Stream } from './ledger.ts';
import { faultSchema, settingsPatchSchema } from './settings.ts';
import type { Fault, FaultInput, Settings, SettingsPatch } from './settings.ts';

/** How a test or a bench steers the simulator, and reads its books. */
export interface Control extends Steering<Settings, SettingsPatch, Fault, FaultInput> {
  /** The last 10,000 streams, oldest first. */
  streams(): readonly Stream[];
  /** Empties the list of streams. */
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
    streams: () => ledger.streams(),
    forget: () => ledger.forget(),
  };
}
