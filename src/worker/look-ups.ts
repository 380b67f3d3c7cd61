/** Whether missing rows are a few rooms' own trouble, or the database shows us no rows at all. */
export interface LookUps {
  /**
   * A room's session or character is missing for good. True when that befell several rooms and none
   * was found in between: then a wrong key or policy is likelier than as many wrong requests.
   */
  failed(room: string): boolean;
  /** Some room's rows were found. */
  succeeded(): void;
}

const SUSPICIOUS = 3;

export function makeLookUps(): LookUps {
  const missing = new Set<string>();
  return {
    failed(room) {
      missing.add(room);
      if (missing.size < SUSPICIOUS) return false;
      missing.clear();
      return true;
    },
    succeeded: () => missing.clear(),
  };
}
