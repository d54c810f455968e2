// Every page, in every language: nothing scrolls sideways, however narrow the screen, and no page breaks a rule of its own.
// A new page is one line in tests/examples/pages.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { DESKTOP, NARROW, PHONE, each, open, sticksOut, traces } from './browser.mjs';
import { LANGUAGES, direction, start } from './world.mjs';

/** A column of single letters passes for a page that does not scroll: no text is squeezed to less than this, in characters. */
const NARROWEST = 4;
let world;
before(async () => {
  world = await start();
});
after(() => world?.stop());

/** Texts of at least eight characters in blocks that are narrower than four of them. */
function squeezed(page) {
  return page.evaluate((narrowest) => [...document.querySelectorAll('p, dd, dt, li, h1, h2, a, summary, label')].filter((each) => {
    const { width } = each.getBoundingClientRect();
    return width > 0 && getComputedStyle(each).display !== 'inline' && each.innerText.trim().length >= 8 && width < narrowest * parseFloat(getComputedStyle(each).fontSize) * 0.5;
  }).map((each) => `squeezed ${each.localName}: ${each.innerText.slice(0, 20)}`), NARROWEST);
}

/** Looks at a page at every width. */
async function look(tab, shown, language) {
  const answer = await tab.page.goto(world.at(shown));
  if (!answer.headers()['content-security-policy']?.startsWith("default-src 'none'")) tab.fault('no policy');
  const said = await tab.page.evaluate(() => [document.documentElement.lang, document.documentElement.dir, document.title.trim() !== '']);
  if (String(said) !== String([language, direction(language), true])) tab.fault(`lang, dir, title: ${said}`);
  for (const viewport of [DESKTOP, PHONE, NARROW]) {
    await tab.page.setViewportSize(viewport);
    for (const wrong of [...(await sticksOut(tab.page)), ...(await squeezed(tab.page))]) tab.fault(`${viewport.width}: ${wrong}`);
  }
  // What is folded is opened: it must fit as well.
  await tab.page.evaluate(() => document.querySelectorAll('details').forEach((each) => (each.open = true)));
  for (const wrong of [...(await sticksOut(tab.page)), ...(await squeezed(tab.page))]) tab.fault(`unfolded: ${wrong}`);
  for (const wrong of await traces(tab.page)) tab.fault(wrong);
}

for (const language of LANGUAGES) {
  test(`every page in ${language} fits`, async () => {
    const found = [];
    const pages = world.pages.filter(({ hostile }) => !hostile);
    const halves = [0, 1].map((half) => pages.filter((_, number) => number % 2 === half));
    await each(halves, 2, async (half) => {
      const tab = await open(world.browser, { locale: language, javaScriptEnabled: false });
      for (const shown of half) await look(tab, shown, language);
      for (const address of tab.seen.requests) if (!address.startsWith(`${world.url}/`)) tab.fault(`request to ${address}`);
      if ((await tab.context.cookies()).length) tab.fault('cookie');
      found.push(...tab.seen.faults);
      await tab.context.close();
    });
    assert.deepEqual(found, []);
  });
}
