/**
 * Tells frames that sound from those that do not, whatever the noise below them: the quietest moment
 * of the last seconds is the floor.
 */
export function makeLoudnessGate(): (level: number) => boolean {
  let floor = LOUDEST_FLOOR_DB;
  return (level) => {
    floor = Math.max(QUIETEST_DB, Math.min(level, floor + RISE_DB, LOUDEST_FLOOR_DB));
    return level > floor + ABOVE_DB;
  };
}

const QUIETEST_DB = -62;
const LOUDEST_FLOOR_DB = -38;
const ABOVE_DB = 5;
/** Per frame: a noise that begins is floor after 4 s, a sentence is not. */
const RISE_DB = 0.1;
