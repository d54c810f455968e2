// Every page for those who do not see it or use no mouse: axe's rules in light and dark, left to right and right to left; and the
// way through each page with the keyboard alone.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { PHONE, each, open } from './browser.mjs';
import { start } from './world.mjs';

const AXE = readFileSync(new URL(import.meta.resolve('axe-core/axe.min.js')), 'utf8');
const RULES = { runOnly: { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'] }, resultTypes: ['violations', 'passes'] };
/** What Tab can reach, once all is unfolded. */
const REACHABLE = 'a[href], summary, button, input:not([type=hidden]), select, textarea';

let world;
before(async () => {
  world = await start();
});
after(() => world?.stop());

/** Pages to look at: all, and of the hostile ones those whose names are the longest and the oddest. */
const looked = () => world.pages.filter(({ name, hostile }) => !hostile || /^hostile-(verdict|certifier)-(closing|word|zalgo|emoji)$/.test(name));

async function violations(language, colorScheme) {
  const found = [];
  const pages = looked();
  const halves = [0, 1].map((half) => pages.filter((_, number) => number % 2 === half));
  await each(halves, 2, async (half) => {
    // axe is no script of the page: its policy stays out of the way.
    const { context, page } = await open(world.browser, { locale: language, colorScheme, bypassCSP: true });
    for (const shown of half) {
      await page.goto(world.at(shown));
      await page.evaluate(() => document.querySelectorAll('details').forEach((each) => (each.open = true)));
      await page.evaluate(AXE);
      const broken = await page.evaluate((rules) => globalThis.axe.run(document, rules).then(({ violations, passes }) => [...(passes.length < 15 ? [{ id: 'axe', help: `only ${passes.length} rules had anything to look at`, nodes: [] }] : []), ...violations].map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(({ target, any }) => `${target} ${any.map(({ message }) => message)}`).slice(0, 3)}`)), RULES);
      for (const each of broken) found.push(`${shown.name}: ${each}`);
    }
    await context.close();
  });
  return found;
}

for (const language of ['en', 'ar']) {
  for (const scheme of ['light', 'dark']) {
    test(`axe finds nothing, ${language}, ${scheme}`, async () => assert.deepEqual(await violations(language, scheme), []));
  }
}

/** Whether what has the focus is in sight within two seconds. */
function comesIntoSight(page) {
  const isInSight = () => {
    const { top, bottom } = document.activeElement.getBoundingClientRect();
    return bottom > 0 && top < innerHeight;
  };
  return page.waitForFunction(isInSight, null, { timeout: 2000 }).then(() => true, () => false);
}

/** Walks through the page with Tab, unfolding with Enter what can be unfolded; gives what is wrong. */
async function walk(page) {
  const wrong = [];
  const focused = () => page.evaluate((reachable) => {
    const here = document.activeElement;
    if (!here || here === document.body) return null;
    const { outlineStyle, outlineWidth, outlineColor } = getComputedStyle(here);
    const shown = [...document.querySelectorAll(reachable)].filter((each) => each.checkVisibility({ visibilityProperty: true }));
    const { top, bottom } = here.getBoundingClientRect();
    return {
      number: shown.indexOf(here), of: shown.length, name: `${here.localName} ${here.textContent.trim().slice(0, 20)}`, folded: here.localName === 'summary' && !here.parentElement.open,
      outline: outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2 && outlineColor !== 'rgba(0, 0, 0, 0)', seen: bottom > 0 && top < innerHeight,
    };
  }, REACHABLE);
  let last = null;
  for (let expected = 0; ; expected++) {
    await page.keyboard.press('Tab');
    const here = await focused();
    // Past the end the focus leaves the page, or begins anew.
    if (!here || (last && here.number === 0)) {
      if (last && last.number + 1 !== last.of) wrong.push(`ends at ${last.name}, ${last.number + 1} of ${last.of}`);
      if (!last) wrong.push('nothing is reached');
      return wrong;
    }
    if (here.number !== expected) return [...wrong, `${here.name} is number ${here.number}, expected ${expected}`];
    if (!here.outline) wrong.push(`no outline: ${here.name}`);
    // The browser scrolls to what has the focus in a frame of its own.
    if (!here.seen && !(await comesIntoSight(page))) wrong.push(`out of sight: ${here.name}`);
    if (here.folded) {
      await page.keyboard.press('Enter');
      if (!(await page.evaluate(() => document.activeElement.parentElement.open))) wrong.push(`Enter does not unfold: ${here.name}`);
    }
    last = await focused();
  }
}

for (const language of ['en', 'ur']) {
  test(`the keyboard reaches everything in order, ${language}`, async () => {
    const found = [];
    const pages = world.pages.filter(({ hostile }) => !hostile);
    const halves = [0, 1].map((half) => pages.filter((_, number) => number % 2 === half));
    await each(halves, 2, async (half) => {
      const { context, page } = await open(world.browser, { locale: language, viewport: PHONE });
      for (const shown of half) {
        await page.goto(world.at(shown));
        // What a script unfolds or adds is there before the walk begins.
        await page.waitForFunction(() => document.querySelector('#device details[hidden]') === null);
        for (const wrong of await walk(page)) found.push(`${shown.name}: ${wrong}`);
      }
      await context.close();
    });
    assert.deepEqual(found, []);
  });
}
