import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPage } from '../../dev/page.ts';
import type { Page } from '../../dev/page.ts';
import { useBrowser } from '../support/browser.ts';
import { whyNoBrowser } from '../support/chromium.ts';
import { useFleet } from '../support/fleet.ts';
import { visitPage } from '../support/page-visit.ts';
import { spokenWav } from '../support/spoken-wav.ts';

if (whyNoBrowser !== undefined) console.warn(`the page was not tried: ${whyNoBrowser}`);

/** So long that the interruption falls into it on a slow machine too. */
const LONG = `Hello Anna. ${'That is a good name, and there is much to say about it. '.repeat(6)}That was all.`;

const folder = mkdtempSync(join(tmpdir(), 'microphone-'));
const microphone = join(folder, 'anna.wav');

describe.skipIf(whyNoBrowser !== undefined)('the page, by voice', () => {
  const fleet = useFleet();
  const openTab = useBrowser({ microphone });
  let page: Page;

  beforeAll(async () => {
    fleet().stack.llm.configure({ replies: [{ says: 'my name is anna', reply: LONG }] });
    writeFileSync(
      microphone,
      spokenWav([
        { afterMs: 500, id: 'name-is-anna-emma' },
        // In the middle of the answer.
        { afterMs: 8_000, id: 'not-asked-emma' },
      ]),
    );
    [page] = await Promise.all([
      openPage(fleet().stack.env),
      fleet().openWorker({ AUDIO_ENABLED: 'true' }),
    ]);
  });
  afterAll(async () => {
    rmSync(folder, { recursive: true });
    await page[Symbol.asyncDispose]();
  });

  it('hears and answers aloud, shows words as they come, is interrupted by voice and by hand', async () => {
    const anna = await visitPage(await openTab(), page.url);
    await anna.begin('Mira', 'Type', 'Anna');
    const { tab } = anna;
    const people = tab.getByRole('list', { name: 'In the room' }).getByRole('listitem');

    // The microphone's recording begins when it is opened, and what is seen of it is soon over.
    await Promise.all([
      tab.locator('[data-who=me][data-interim=true]').first().waitFor(),
      people.filter({ hasText: 'Anna (you) speaks' }).waitFor(),
      tab.getByRole('button', { name: 'Turn the microphone on' }).click(),
    ]);
    const first = await anna.reads(/^Mira\s*Hello Anna/);
    await anna.shows('Speaking');
    await people.filter({ hasText: 'Mira speaks' }).waitFor();
    expect(await tab.locator('audio').evaluate(playsSound)).toBe(true);
    await tab.getByText(/^answered in \d+\.\d\d s$/).waitFor();

    await anna.reads(/I heard you say "That is not what I asked/);
    expect(await first.innerText()).not.toContain('That was all');
    await anna.write('What is my name?');
    await anna.reads(/Your name is Anna\./);
    await anna.shows('Listening');
    const lines = await anna.lines();
    expect(lines.filter(([who]) => who === 'me')).toEqual([
      ['me', 'My name is Anna.'],
      ['me', 'That is not what I asked.'],
      ['me', 'What is my name?'],
    ]);
    const [, interrupted] = lines.find(([, words]) => words.includes('"That is not'))!;
    expect(interrupted).not.toContain('on your mind');
  });
});

/** Runs in the browser: whether the element has a live track and plays it. */
function playsSound(element: unknown): boolean {
  const audio = element as {
    readonly paused: boolean;
    readonly srcObject: { getAudioTracks(): readonly { readonly readyState: string }[] };
  };
  const [track] = audio.srcObject.getAudioTracks();
  return !audio.paused && track?.readyState === 'live';
}
