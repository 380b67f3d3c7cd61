import { open } from 'node:fs/promises';
import { UnreadableRecording } from '../recorder/read-recording.ts';
import type { RecordingHead } from '../recorder/recording.ts';
import { replay } from '../recorder/replay.ts';
import { showEnd, showHead, showStep } from '../recorder/show.ts';

/** No recording is longer: what is, is another file, or all in one line. */
const MAX_BYTES = 1_100_000_000;

/** Whether the core still does what was recorded, or why that cannot be told. */
export type ReplayVerdict = 'same' | 'different' | { readonly unreadable: string };

/** Replays the recording in `path` and tells of it, event by event. */
export async function replayFile(
  path: string,
  tell: (text: string) => void,
): Promise<ReplayVerdict> {
  let head: RecordingHead | undefined;
  try {
    await using file = await open(path);
    const { size } = await file.stat();
    if (size > MAX_BYTES) throw new UnreadableRecording('it is longer than any recording');
    const end = await replay(file.readLines(), {
      begins(first) {
        head = first;
        tell(showHead(first));
      },
      stepped(step, before, after) {
        if (head !== undefined) tell(showStep(head, step, before, after));
      },
    });
    tell(showEnd(end));
    return end.kind;
  } catch (error) {
    return { unreadable: `${path}: ${whyUnreadable(error)}` };
  }
}

/** What the file system says, or the reader; all else is a fault of ours. */
function whyUnreadable(error: unknown): string {
  const isTold =
    error instanceof UnreadableRecording || (error instanceof Error && 'code' in error);
  if (!isTold) throw error;
  return error.message;
}
