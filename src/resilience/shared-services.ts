import { isTroupeError } from '../errors.ts';
import type { TroupeError } from '../errors.ts';
import type { Llm } from '../ports/llm.ts';
import type { MemoryStore } from '../ports/memory-store.ts';

/** Gets a failure that no room is to blame for and that every room will meet. */
export type TellTrouble = (error: TroupeError) => void;

/** An {@link Llm} that tells when its key is refused. */
export function tellingRefusedKey(llm: Llm, tell: TellTrouble): Llm {
  return {
    ...llm,
    async *stream(request, signal) {
      try {
        yield* llm.stream(request, signal);
      } catch (error) {
        if (isTroupeError(error, 'auth')) tell(error);
        throw error;
      }
    },
  };
}

/** A {@link MemoryStore} that tells when talks cannot be saved: no new one is to begin then. */
export function tellingLostSaves(memory: MemoryStore, tell: TellTrouble): MemoryStore {
  return {
    ...memory,
    async save(save, signal) {
      try {
        return await memory.save(save, signal);
      } catch (error) {
        if (isTroupeError(error) && error.fault === 'fleet') tell(error);
        throw error;
      }
    },
  };
}
