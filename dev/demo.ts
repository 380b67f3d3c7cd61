import { parseArgs } from 'node:util';
import { MIRA } from './cast.ts';
import { BOT, LIMIT_MS, openScene, print, ROOM } from './demo-scene.ts';
import { talkInWriting } from './demo-text.ts';
import { talkAloud } from './demo-voice.ts';
import { openPage } from './page.ts';
import { readLines } from './read-lines.ts';
import type { Stack } from './stack.ts';
import type { Visitor } from './visitor.ts';

/**
 * The main job from nothing: the whole stack, a worker, an activation on the queue, and a visitor who
 * talks with the character, in chat or with `--voice` aloud. `--once` ends after the talk; otherwise
 * there is a page to talk on, and the terminal becomes the visitor.
 */
const { values } = parseArgs({
  options: {
    once: { type: 'boolean', default: false },
    voice: { type: 'boolean', default: false },
  },
});

/** As much as a bot reads of a line. */
const LONGEST_LINE = 4_000;

try {
  await runDemo(values);
  process.exit(0);
} catch (error) {
  console.error(`\nThe demo failed: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
}

async function runDemo({ once, voice }: typeof values): Promise<void> {
  await using scene = await openScene({
    IDLE_TIMEOUT_MS: once ? '4000' : '0',
    AUDIO_ENABLED: String(voice),
  });
  const { visitor, kept } = voice
    ? await talkAloud(scene)
    : { visitor: await talkInWriting(scene), kept: [] };
  await using _visitor = visitor;
  if (once) await sayNothingMore(visitor, scene.stack);
  for (const what of kept) print('kept', what);
  if (once) return;
  await using page = await openPage(scene.stack.env);
  print('page', `talk with ${MIRA} on ${page.url}`);
  await typeToIt(visitor);
}

async function sayNothingMore(visitor: Visitor, stack: Stack): Promise<void> {
  print('visitor', 'says nothing more');
  await visitor.hears((line) => line.includes('User idle'), LIMIT_MS);
  await visitor.misses(BOT, LIMIT_MS);
  await printMemory(stack);
}

async function typeToIt(visitor: Visitor): Promise<void> {
  print('you', `or type to ${MIRA} here; end with Ctrl-D`);
  let lines = 0;
  for await (const line of readLines(process.stdin, LONGEST_LINE)) {
    lines += 1;
    if (line.trim() !== '') await visitor.say(line);
  }
  if (process.stdin.isTTY || lines > 0) return;
  print('you', 'nobody types here: the page stays until this is stopped');
  await new Promise(() => undefined);
}

async function printMemory(stack: Stack): Promise<void> {
  const rows = await stack.database.sql(
    'select version, messages from contexts where session = $1',
    [ROOM],
  );
  const [context] = rows as { version: number; messages: { role: string; text: string }[] }[];
  if (context === undefined) throw new Error('the database holds no context of the talk');
  print('memory', `as read back from the database, version ${context.version}:`);
  for (const { role, text } of context.messages) print('memory', `  ${role}: ${text}`);
}
