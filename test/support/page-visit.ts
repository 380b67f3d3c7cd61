import type { Locator, Page, WebSocketRoute } from 'playwright-core';
import type { OpenedSession } from '../../src/gateway/api.ts';

/** A guest who uses the page as a person does: by what stands on it. */
export interface PageVisit {
  readonly tab: Page;
  /** Opens a talk with `character`, by voice or by keyboard; resolves once it listens. */
  begin(character: string, way: 'Talk' | 'Type', name?: string): Promise<OpenedSession>;
  write(text: string): Promise<void>;
  /** Resolves with the transcript's line that is like `words`, once it is there. */
  reads(words: RegExp): Promise<Locator>;
  /** Resolves once the character shows this state. */
  shows(state: string): Promise<void>;
  /** The lines of the transcript, as `[who, words]`. */
  lines(): Promise<readonly (readonly [string, string])[]>;
}

/** Goes to the page at `url`. */
export async function visitPage(tab: Page, url: string): Promise<PageVisit> {
  await tab.goto(url);
  const log = tab.getByRole('log', { name: 'Transcript' });
  const shows = async (state: string): Promise<void> => {
    try {
      await tab.getByRole('status').filter({ hasText: state }).waitFor();
    } catch (cause) {
      const all = await tab.locator('body').innerText();
      throw new Error(`the page does not show “${state}” but: ${all}`, { cause });
    }
  };
  return {
    tab,
    async begin(character, way, name = 'Ada') {
      await tab.getByRole('radio', { name: character }).check();
      await tab.getByLabel('Your name').fill(name);
      const opening = tab.waitForResponse('**/v1/sessions');
      await tab.getByRole('button', { name: way, exact: true }).click();
      const opened = (await (await opening).json()) as OpenedSession;
      await shows('Listening');
      return opened;
    },
    async write(text) {
      const box = tab.getByRole('textbox', { name: /^Write to/ });
      await box.fill(text);
      await box.press('Enter');
    },
    async reads(words) {
      const line = log.getByRole('listitem').filter({ hasText: words }).last();
      await line.waitFor();
      return line;
    },
    shows,
    async lines() {
      const items = await log.getByRole('listitem').all();
      return await Promise.all(
        items.map(async (item) => {
          const who = await item.getAttribute('data-who');
          return [who ?? '', await item.locator('.words').innerText()] as const;
        }),
      );
    },
  };
}

/** Puts itself into the page's path to LiveKit's signalling: `cut` ends it until its result is called. */
export async function controlSignalPath(tab: Page): Promise<{ cut(): () => void }> {
  let whole = Promise.resolve();
  let latest: WebSocketRoute | undefined;
  await tab.routeWebSocket(/\/rtc/, async (route) => {
    await whole;
    route.connectToServer();
    latest = route;
  });
  return {
    cut() {
      const healing = Promise.withResolvers<void>();
      whole = healing.promise;
      void latest?.close();
      return healing.resolve;
    },
  };
}
