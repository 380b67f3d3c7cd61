import { makeSteering } from '../common/steering.ts';
import type { Steering } from '../common/steering.ts';
import type { Faults } from './faults.ts';
import type { Ledger, ServedRequest, Totals } from './ledger.ts';
import { DEFAULT_SETTINGS, faultSchema, settingsPatchSchema } from './settings.ts';
import type { Fault, FaultInput, Settings, SettingsPatch } from './settings.ts';

/** How a test or a bench steers the simulator, and reads its books. */
export interface Control extends Steering<Settings, SettingsPatch, Fault, FaultInput> {
  /** The last 10,000 requests, oldest first; with `match` those whose messages contain it. */
  requests(match?: string): readonly ServedRequest[];
  totals(): Totals;
  /** Empties the list of requests and the totals. */
  readonly forget: () => void;
}

export function makeControl(
  { faults, ledger }: { readonly faults: Faults; readonly ledger: Ledger },
  initial: SettingsPatch,
): Control {
  const schemas = { patch: settingsPatchSchema, fault: faultSchema };
  return {
    ...makeSteering(faults, schemas, DEFAULT_SETTINGS, initial),
    requests: (match) => ledger.list(match),
    totals: () => ledger.totals(),
    forget: () => ledger.forget(),
  };
}
