import { z } from 'zod';
import { FORMAT, recordingHead, recordingLine } from './recording.ts';
import type { RecordedStep, RecordingHead, RecordingTail } from './recording.ts';

/** The lines are no recording that this version reads; the message says where and why. */
export class UnreadableRecording extends Error {
  override readonly name = 'UnreadableRecording';
}

/**
 * Reads a recording: its head, then its lines as they are asked for, the tail last.
 * @throws UnreadableRecording, also while reading on.
 */
export async function readRecording(lines: AsyncIterable<string>): Promise<{
  readonly head: RecordingHead;
  readonly rest: AsyncGenerator<RecordedStep | RecordingTail>;
}> {
  const source = lines[Symbol.asyncIterator]();
  const first = await source.next();
  if (first.done === true) throw new UnreadableRecording('the file is empty');
  return { head: parseHead(first.value), rest: readOn(source) };
}

async function* readOn(
  source: AsyncIterator<string>,
): AsyncGenerator<RecordedStep | RecordingTail> {
  let events = 0;
  for (let next = await source.next(); next.done !== true;) {
    const text = next.value;
    next = await source.next();
    const line = parseLine(text, events, next.done === true);
    yield line;
    if ('ended' in line) return;
    events += 1;
  }
  throw brokenOff(events);
}

function parseHead(text: string): RecordingHead {
  const value = parseJson(text);
  const version = z.object({ troupeRecording: z.unknown() }).safeParse(value);
  if (!version.success) throw new UnreadableRecording('line 1 is not the head of a recording');
  const { troupeRecording } = version.data;
  if (troupeRecording !== FORMAT) {
    throw new UnreadableRecording(
      `the recording has format ${JSON.stringify(troupeRecording)}, this version reads format ${FORMAT}: replay it with the version that recorded it`,
    );
  }
  const head = recordingHead.safeParse(value);
  if (head.success) return head.data;
  throw new UnreadableRecording(`line 1: ${describe(head.error)}`);
}

function parseLine(text: string, before: number, isLast: boolean): RecordedStep | RecordingTail {
  const value = parseJson(text);
  if (value === undefined && isLast) throw brokenOff(before);
  const line = recordingLine.safeParse(value);
  if (!line.success) throw new UnreadableRecording(`line ${before + 2} is no event of a recording`);
  const events = 'ended' in line.data ? line.data.events + 1 : line.data.n;
  if (events === before + 1) return line.data;
  throw new UnreadableRecording(`line ${before + 2}: event ${before + 1} is not there`);
}

function brokenOff(events: number): UnreadableRecording {
  return new UnreadableRecording(
    `the recording breaks off after event ${events}: its worker still records, or ended before it could finish`,
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function describe(error: z.ZodError): string {
  return error.issues.map(({ path, message }) => `${path.join('.')} ${message}`).join('; ');
}
