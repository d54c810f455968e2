// Names that would break a page which lets them: none runs, none is lost, none moves the verdict.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { DESKTOP, NARROW, PHONE, each, open, sticksOut, traces } from './browser.mjs';
import { start } from './world.mjs';

let world;
before(async () => {
  world = await start();
});
after(() => world?.stop());

test('what acts or hides stands in no field of a statement', () => {
  const refused = world.corpus.filter(({ mayStand }) => !mayStand);
  assert.ok(refused.length > 70, 'every text in every field');
  const codes = refused.map(({ name, refused }) => [name, refused]);
  assert.deepEqual(codes.filter(([name, code]) => code !== (name === 'nothing' ? 'empty_text' : 'forbidden_character')), []);
});

test('what people write stands, however odd', () => {
  const standing = world.corpus.filter(({ mayStand }) => mayStand);
  assert.ok(standing.length >= 26);
  assert.deepEqual(standing.filter(({ refused }) => refused !== null), []);
});

/** The text as HTML shows it: runs of white space are one space. */
const shown = (text) => text.replace(/[ \t\n\r\f]+/g, ' ').trim();

/** What is wrong with the page that is open. */
async function faults({ page }, of) {
  const wrong = [];
  const { texts, verdict, elements } = await page.evaluate(() => {
    document.querySelectorAll('details').forEach((each) => (each.open = true));
    const box = document.querySelector('.verdict'), { top, bottom } = box?.getBoundingClientRect() ?? {};
    return {
      texts: document.body.textContent,
      verdict: box && { class: box.className, inside: top >= 0 && bottom <= innerHeight && scrollY === 0, alone: document.querySelectorAll('.verdict').length === 1 },
      elements: document.querySelectorAll('script:not([src^="/assets/"]), img, iframe, object, embed, base, link, svg[onload], b, i, [onerror], [onload], [onfocus], [onclick], [style]').length,
    };
  });
  if (elements) wrong.push(`${elements} elements that no template writes`);
  if (of.outcome && !(verdict?.class === `verdict ${of.outcome}` && verdict.inside && verdict.alone)) wrong.push(`verdict: ${JSON.stringify(verdict)}`);
  for (const text of of.shows) if (!shown(texts).includes(shown(text))) wrong.push(`not shown: ${text}`);
  for (const viewport of [DESKTOP, NARROW, PHONE]) {
    await page.setViewportSize(viewport);
    for (const out of await sticksOut(page)) wrong.push(`${viewport.width}: ${out}`);
  }
  return [...wrong, ...(await traces(page))];
}

for (const language of ['en', 'ar']) {
  test(`hostile names are text and nothing else, ${language}`, async () => {
    const found = [];
    const pages = [...world.pages.filter(({ hostile }) => hostile), world.named('log')];
    const halves = [0, 1].map((half) => pages.filter((_, number) => number % 2 === half));
    await each(halves, 2, async (half) => {
      const tab = await open(world.browser, { locale: language });
      for (const of of half) {
        await tab.page.goto(world.at(of));
        for (const wrong of await faults(tab, of)) tab.fault(`${of.name}: ${wrong}`);
      }
      for (const address of tab.seen.requests) if (!address.startsWith(`${world.url}/`)) tab.fault(`request to ${address}`);
      found.push(...tab.seen.faults);
      await tab.context.close();
    });
    assert.deepEqual(found, []);
  });
}

test('the device agrees that a label with hostile names is genuine', async () => {
  const tab = await open(world.browser);
  for (const of of world.pages.filter(({ name }) => name.startsWith('hostile-verdict-'))) {
    await tab.page.goto(world.at(of));
    const yes = await tab.page.locator('#device').getAttribute('data-yes');
    await tab.page.waitForFunction((text) => document.querySelector('#device [role=status]').textContent === text, yes, { timeout: 5000 }).catch(() => tab.fault(of.name));
  }
  assert.deepEqual(tab.seen.faults, []);
  await tab.context.close();
});

test('no mark above or below a letter paints over the verdict', async () => {
  const { context, page } = await open(world.browser);
  const box = async (name) => {
    await page.goto(world.at(world.named(name)));
    const { height } = await page.locator('.verdict').boundingBox();
    return (await page.screenshot({ clip: { x: 0, y: 0, width: PHONE.width, height: Math.ceil(height) + 16 } })).toString('base64');
  };
  const plain = await box('verified');
  for (const name of ['zalgo', 'wide', 'scripts', 'emoji']) assert.ok((await box(`hostile-verdict-${name}`)) === plain, `${name} changes the verdict's picture`);
  await context.close();
});
