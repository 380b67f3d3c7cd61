import type { Board } from './board.ts';
import { query } from './prometheus.ts';
import type { Span } from './prometheus.ts';

/** Puts every query to a Prometheus and prints those that have no data there in `span`. */
export async function ask(address: string, boards: readonly Board[], span: Span): Promise<void> {
  for (const board of boards) {
    let [asked, silent] = [0, 0];
    for (const { title: row, panels } of board.rows) {
      for (const { title, queries } of panels) {
        for (const { expr, legend } of queries) {
          const lines = await query(address, expr, span);
          asked += 1;
          if (lines.some(({ points }) => points.length > 0)) continue;
          silent += 1;
          console.log(`no data: ${board.name} / ${row} / ${title} / ${legend}`);
        }
      }
    }
    console.log(`${board.name}: ${asked - silent} of ${asked} queries have data`);
  }
}
