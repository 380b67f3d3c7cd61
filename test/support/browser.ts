import { chromium } from 'playwright-core';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, onTestFinished } from 'vitest';
import { findChromium } from './chromium.ts';

/** How a guest's browser is set up. */
export interface BrowserOptions {
  /** A WAV that the microphone hears, again and again: end it with silence. Default: a beep. */
  readonly microphone?: string;
}

/** A real browser for this test file; each visit is a profile of its own. */
export function useBrowser({ microphone }: BrowserOptions = {}): () => Promise<Page> {
  let browser: Browser | undefined;
  beforeAll(async () => {
    browser = await chromium.launch({
      executablePath: await findChromium(),
      args: [
        ...FLAGS,
        ...(microphone === undefined ? [] : [`--use-file-for-fake-audio-capture=${microphone}`]),
      ],
    });
  });
  afterAll(() => browser?.close());
  return async () => {
    const context = await browser!.newContext({ permissions: ['microphone'] });
    onTestFinished(() => context.close());
    return await openTab(context);
  };
}

const FLAGS = [
  '--use-fake-device-for-media-stream',
  '--use-fake-ui-for-media-stream',
  '--allow-loopback-in-peer-connection',
  '--autoplay-policy=no-user-gesture-required',
  // Its sandbox does not start as root.
  '--no-sandbox',
];

/** A page's own errors are failures, whatever the test looks at. */
async function openTab(context: BrowserContext): Promise<Page> {
  const tab = await context.newPage();
  const errors: Error[] = [];
  tab.on('pageerror', (error) => errors.push(error));
  onTestFinished(() => {
    if (errors.length > 0) throw new AggregateError(errors, 'the page has thrown');
  });
  return tab;
}
