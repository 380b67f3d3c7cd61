import type { Books } from './book.ts';
import { TOKEN } from './talks.ts';
import type { WorldWatchers } from './world.ts';

/** Who writes down what workers and visitors let be seen, and hands on what workers say. */
export function openWitness(
  books: Books,
  hear: WorldWatchers['onLine'],
  cameBack: (room: string) => void,
): WorldWatchers {
  return {
    onLine: hear,
    onExit({ name, fate }, how) {
      const isInOrder = fate.done === 'killed' || (fate.done === 'drained' && how === 0);
      if (!isInOrder) books.exits.push({ at: Date.now(), worker: name, how });
    },
    onSight(sight) {
      const { at, room } = sight;
      if (sight.what === 'line') {
        const { sid, text } = sight;
        books.lines.push({ at, room, sid, text, token: TOKEN.exec(text)?.[0] });
        return;
      }
      books.seats.push({ at, room, here: sight.here });
      if (sight.here && sight.again) cameBack(room);
    },
  };
}
