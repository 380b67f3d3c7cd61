import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPage } from '../../dev/page.ts';
import type { Page } from '../../dev/page.ts';
import { useBrowser } from '../support/browser.ts';
import { whyNoBrowser } from '../support/chromium.ts';
import { useFleet } from '../support/fleet.ts';
import { describeRoom } from '../support/fleet-room.ts';
import type { FleetRoom } from '../support/fleet-room.ts';
import { controlSignalPath, visitPage } from '../support/page-visit.ts';
import type { PageVisit } from '../support/page-visit.ts';

if (whyNoBrowser !== undefined) console.warn(`the page was not tried: ${whyNoBrowser}`);

describe.skipIf(whyNoBrowser !== undefined)('the page', () => {
  const fleet = useFleet();
  const openTab = useBrowser();
  let page: Page;

  beforeAll(async () => {
    await fleet().stack.database.sql(
      `insert into characters (id, name, description, tagline)
       values ('rex', 'Rex', 'You are Rex.', 'Of few words')`,
    );
    [page] = await Promise.all([openPage(fleet().stack.env), fleet().openWorker()]);
  });
  afterAll(() => page[Symbol.asyncDispose]());

  /** The room of a talk that the page has begun. */
  const begin = async (guest: PageVisit, way: 'Talk' | 'Type' = 'Type'): Promise<FleetRoom> =>
    describeRoom(fleet(), (await guest.begin('Mira', way)).room);
  const visit = async (): Promise<PageVisit> => await visitPage(await openTab(), page.url);

  it('leads in two clicks to a talk, in which each line stands once', async () => {
    const ada = await visit();
    const room = await begin(ada);
    await ada.write('My name is Ada.');
    await ada.reads(/you say "My name is Ada".*\?$/);
    await ada.write('What is my name?');
    await ada.reads(/Your name is Ada\..*told me\.$/);
    // It says that it joined once it has seen her, which may be after she wrote.
    const lines = (await ada.lines()).filter(([, words]) => !words.includes('has joined'));
    expect(lines).toEqual([
      ['me', 'My name is Ada.'],
      ['agent', expect.stringMatching(/^I heard you say "My name is Ada"/)],
      ['me', 'What is my name?'],
      ['agent', 'Your name is Ada. I remember that you told me.'],
    ]);
    await ada.tab.getByText(/^answered in \d+\.\d\d s$/).waitFor();
    await ada.shows('Listening');
    await ada.tab.getByRole('button', { name: 'End', exact: true }).click();
    await ada.tab.getByRole('heading', { name: 'Who would you like to talk with?' }).waitFor();
    // She is seen to go at once, though she never published a sound.
    expect(await room.leaseThat('left', ({ status }) => status === 'left')).toBeDefined();
  });

  it('opens microphone and ears together for whoever would rather talk', async () => {
    const ada = await visit();
    await begin(ada, 'Talk');
    const { tab } = ada;
    await tab.getByRole('button', { name: 'Turn the microphone off' }).click();
    await tab.getByRole('button', { name: 'Turn the microphone on' }).click();
    await tab.getByRole('button', { name: 'Turn the microphone off' }).waitFor();
    await tab.getByText('does not hear you').waitFor({ state: 'detached' });
  });

  it('lets a talk that was begun in writing go on by voice', async () => {
    const ada = await visit();
    await begin(ada);
    await ada.write('My name is Ada.');
    await ada.reads(/you say "My name is Ada".*\?$/);
    const voices = ada.tab.locator('audio');
    expect(await voices.count()).toBe(0);
    await ada.tab.getByRole('button', { name: 'Turn the microphone on' }).click();
    await voices.first().waitFor({ state: 'attached' });
    await ada.write('What is my name?');
    await ada.reads(/Your name is Ada\./);
  });

  it('goes by keyboard alone', async () => {
    const ada = await visit();
    const { tab } = ada;
    await tab.getByRole('radio', { name: 'Mira' }).waitFor();
    await tab.keyboard.press('Tab');
    await tab.keyboard.press('ArrowDown');
    expect(await tab.getByRole('radio', { name: 'Rex' }).isChecked()).toBe(true);
    for (const _way of ['name', 'Talk', 'Type']) await tab.keyboard.press('Tab');
    await tab.keyboard.press('Enter');
    await ada.shows('Listening');
    await tab.keyboard.type('What is your name?');
    await tab.keyboard.press('Enter');
    await ada.reads(/I am Rex/);
  });

  it('shows everybody who is in the room, by name, and what they say', async () => {
    const ada = await visit();
    const room = await begin(ada);
    await using bob = await room.enter({ identity: 'guest-2', name: 'Bob' });
    const people = ada.tab.getByRole('list', { name: 'In the room' }).getByRole('listitem');
    await people.filter({ hasText: 'Bob' }).waitFor();
    expect((await people.allInnerTexts()).sort()).toEqual(['Ada (you)', 'Bob', 'Mira']);
    await bob.say('Mira, hello from Bob.');
    expect(await (await ada.reads(/^Bob/)).innerText()).toContain('Mira, hello from Bob.');
    await ada.reads(/you say "Mira, hello from Bob"/);
  });

  it('loses no line when the worker dies and another takes the room over', async () => {
    const ada = await visit();
    const room = await begin(ada);
    await ada.write('My name is Ada.');
    await ada.reads(/you say "My name is Ada".*\?$/);
    await ada.shows('Listening');
    const holder = await fleet().holderOf(room);
    holder.signal('SIGKILL');
    await holder.exited;
    await ada.write('What is my name?');
    const successor = await fleet().openWorker();
    await successor.joins(room);
    await ada.reads(/Your name is Ada\./);
    await ada.shows('Listening');
    await ada.write('Thank you.');
    await ada.reads(/you say "Thank you"/);
    const answers = (await ada.lines()).filter(([, words]) => words.startsWith('Your name is Ada'));
    expect(answers).toHaveLength(1);
    expect(await ada.tab.getByRole('list', { name: 'In the room' }).innerText()).toContain('Mira');
  });

  it('says that the connection is lost, and goes on where it was once it is back', async () => {
    const tab = await openTab();
    const path = await controlSignalPath(tab);
    const ada = await visitPage(tab, page.url);
    await begin(ada);
    const healed = path.cut();
    await ada.shows('Connection lost');
    healed();
    await ada.shows('Listening');
    await ada.write('Are you still there?');
    await ada.reads(/you say "Are you still there"/);
  });

  it('ends in the midst of an answer without an error', async () => {
    const reply = 'This is the first sentence. This is the second. And so it goes on for long.';
    const replies = [{ says: 'a long answer', reply, pace: { perTokenMs: 400 } }];
    fleet().stack.llm.configure({ replies });
    const ada = await visit();
    await begin(ada);
    await ada.write('Give me a long answer.');
    await ada.reads(/This is the first sentence\./);
    await ada.tab.getByRole('button', { name: 'End', exact: true }).click();
    await ada.tab.getByRole('heading', { name: 'Who would you like to talk with?' }).waitFor();
  });

  it('says what is wrong where a talk cannot be opened, and opens it at the next try', async () => {
    const { stack } = fleet();
    const ada = await visit();
    await ada.tab.getByRole('radio', { name: 'Mira' }).waitFor();
    stack.queue.faults.failNext('SendMessage', 'ServiceUnavailable', { status: 503 });
    await ada.tab.getByRole('button', { name: 'Type', exact: true }).click();
    const alert = ada.tab.getByRole('alert');
    await alert.filter({ hasText: 'The queue does not answer.' }).waitFor();
    await ada.begin('Mira', 'Type');
    expect(await alert.count()).toBe(0);
  });

  it('holds no key: neither what it loads nor what it sends', async () => {
    const tab = await openTab();
    const loaded: Promise<string>[] = [];
    const sent: string[] = [];
    tab.on('request', (request) => sent.push(JSON.stringify(request.headers())));
    tab.on('response', (response) => {
      if (response.request().resourceType() !== 'websocket') loaded.push(response.text());
    });
    const ada = await visitPage(tab, page.url);
    await ada.begin('Mira', 'Type');
    const texts = await Promise.all(loaded.map((text) => text.catch(() => '')));
    expect(texts.filter((text) => text.includes('"room"'))).not.toEqual([]);
    expect([...texts, ...sent].filter((text) => text.includes(page.apiKey))).toEqual([]);
  });
});
