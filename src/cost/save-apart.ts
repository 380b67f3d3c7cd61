import { isTroupeError } from '../errors.ts';
import type { TroupeError } from '../errors.ts';

/** How records get to where they are kept, and what becomes of them. */
export interface SaveApart<T> {
  /** @throws TroupeError `rejected` for those that will never be taken as they are. */
  readonly save: (records: readonly T[]) => Promise<void>;
  readonly saved: (records: readonly T[]) => void;
  /** These are refused for good. */
  readonly refused: (records: readonly T[], error: TroupeError) => void;
  /** Nobody waits for the rest any more. */
  readonly isOver: () => boolean;
}

/**
 * Refusals of one batch after which no part of it is halved any more: enough to find three bad records
 * among 500. Where nothing is taken at all nobody looks on for what might be.
 */
const MOST_REFUSALS = 60;

/**
 * Saves a batch. Where it is refused, its halves are saved by themselves, and their halves, so that a bad
 * record takes none of the others with it; in the batch's order, one write at a time.
 * @throws whatever else `save` does; what was told until then holds.
 */
export async function saveApart<T>(deps: SaveApart<T>, batch: readonly T[]): Promise<void> {
  let refusals = 0;
  const go = async (part: readonly T[]): Promise<void> => {
    if (deps.isOver()) return;
    const refusal = await refusalOf(deps, part);
    if (refusal === undefined) return deps.saved(part);
    refusals += 1;
    if (part.length === 1 || refusals > MOST_REFUSALS) return deps.refused(part, refusal);
    const middle = Math.ceil(part.length / 2);
    await go(part.slice(0, middle));
    await go(part.slice(middle));
  };
  await go(batch);
}

async function refusalOf<T>(
  { save }: SaveApart<T>,
  records: readonly T[],
): Promise<TroupeError | undefined> {
  try {
    await save(records);
    return undefined;
  } catch (error) {
    if (isTroupeError(error, 'rejected')) return error;
    throw error;
  }
}
