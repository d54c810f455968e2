// Labels of every outcome, in every language, with and without JavaScript, on a phone and on a desk: what the verdict page says,
// where it says it, and what it leaves behind. Pictures of the four outcomes are kept in target/screenshots.

import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { DESKTOP, PHONE, each, open, sticksOut, traces } from './browser.mjs';
import { album } from './album.mjs';
import { LANGUAGES, SCREENSHOTS, direction, start, texts } from './world.mjs';

const OUTCOMES = ['verified', 'caution', 'refused', 'undecided'];
/** Languages in which every label is looked at; in the others one of each outcome. */
const THOROUGHLY = ['ar', 'bn', 'en'];
let world;
before(async () => {
  world = await start();
  mkdirSync(SCREENSHOTS, { recursive: true });
});
after(() => world?.stop());

/** What is wrong with the verdict page that is open. */
async function faults({ page }, shown, language, javaScriptEnabled) {
  const t = texts(language);
  const wrong = [];
  const is = (found, expected, what) => found === expected || wrong.push(`${what}: ${found}, expected ${expected}`);
  if (javaScriptEnabled) await page.waitForFunction((working) => document.querySelector('#device [role=status]')?.textContent !== working, t['device-working']);
  const said = await page.evaluate(() => {
    const box = document.querySelector('.verdict'), { top, left, right, bottom } = box.getBoundingClientRect();
    const device = document.querySelector('#device');
    return {
      lang: document.documentElement.lang, dir: document.documentElement.dir, computed: getComputedStyle(document.body).direction,
      class: box.className, word: box.querySelector('p').textContent, headline: box.querySelector('h1').textContent,
      inside: top >= 0 && left >= 0 && right <= innerWidth && bottom <= innerHeight && scrollY === 0, bottom,
      device: device?.querySelector('[role=status]').textContent, alarm: device?.classList.contains('alarm') ?? false,
    };
  });
  is(said.lang, language, 'lang');
  is(said.dir, direction(language), 'dir');
  is(said.computed, direction(language), 'direction');
  is(said.class, `verdict ${shown.outcome}`, 'class');
  is(said.word, t[`word-${shown.outcome}`], 'word');
  is(said.headline, t[`headline-${shown.outcome}`], 'headline');
  is(said.inside, true, `verdict in the first screen (ends at ${said.bottom})`);
  is(said.alarm, false, 'alarm');
  if (shown.outcome === 'verified') is(said.device, t[javaScriptEnabled ? 'device-yes' : 'device-off'], 'device');
  else if (said.device !== undefined && !javaScriptEnabled) is(said.device, t['device-off'], 'device');
  is((await sticksOut(page)).join(' '), '', 'sticks out');
  return [...wrong, ...(await traces(page))];
}

async function look(language, javaScriptEnabled, viewport) {
  const tab = await open(world.browser, { locale: language, javaScriptEnabled, viewport, isMobile: viewport === PHONE, deviceScaleFactor: viewport === PHONE ? 2 : 1 });
  const wanted = ({ name, outcome, hostile }) => (THOROUGHLY.includes(language) ? outcome && !hostile : OUTCOMES.includes(name));
  for (const shown of world.pages.filter(wanted)) {
    await tab.page.goto(world.at(shown));
    for (const wrong of await faults(tab, shown, language, javaScriptEnabled)) tab.fault(wrong);
    if (javaScriptEnabled && viewport === PHONE && OUTCOMES.includes(shown.name)) {
      await tab.page.screenshot({ path: new URL(`${shown.name}-${language}.png`, SCREENSHOTS).pathname, fullPage: true });
    }
  }
  for (const address of tab.seen.requests) if (!address.startsWith(`${world.url}/`)) tab.fault(`request to ${address}`);
  if ((await tab.context.cookies()).length) tab.fault('cookie');
  await tab.context.close();
  return tab.seen.faults;
}

for (const language of LANGUAGES) {
  test(`verdicts in ${language}: said at once, rightly, and without a trace`, async () => {
    const found = [];
    const ways = [true, false].flatMap((script) => [PHONE, DESKTOP].map((viewport) => [script, viewport]));
    await each(ways, 2, async ([script, viewport]) => {
      for (const fault of await look(language, script, viewport)) found.push(`${script ? 'script' : 'no script'}, ${viewport.width}: ${fault}`);
    });
    assert.deepEqual(found, []);
  });
}

test('the pictures of all outcomes stand side by side', () => album(SCREENSHOTS, OUTCOMES, LANGUAGES));
