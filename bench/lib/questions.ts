/** What a visitor asks; an answer repeats it, so that visitor, model and room speak of the same. */
export function questionText(room: string, question: number): string {
  return `${room} asks question ${question}`;
}

/** The question that a text speaks of, as `ROOM QUESTION`. */
export function questionIn(text: string): string | undefined {
  const [, room, question] = /([\w-]+) asks question (\d+)/.exec(text) ?? [];
  return room === undefined ? undefined : `${room} ${question}`;
}
