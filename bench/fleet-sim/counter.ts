import type { Random } from './random.ts';

/** SQS's count of messages as somebody sees it who asks: true of some moment not long ago. */
export interface Counter {
  /** The truth of this moment. */
  note(nowS: number, messages: number): void;
  read(nowS: number): number;
}

/** A counter whose answers are up to `lagS` old. */
export function makeCounter(random: Random, lagS: number): Counter {
  let noted: { readonly atS: number; readonly messages: number }[] = [];
  return {
    note(nowS, messages) {
      noted = [...noted.filter(({ atS }) => atS >= nowS - lagS), { atS: nowS, messages }];
    },
    read(nowS) {
      const asOfS = nowS - random.between(0, lagS);
      return noted.findLast(({ atS }) => atS <= asOfS)?.messages ?? noted[0]?.messages ?? 0;
    },
  };
}
