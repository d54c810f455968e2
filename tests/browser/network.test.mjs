// A slow network: the verdict needs the first answer and nothing else. The times are printed, for whoever compares.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { open } from './browser.mjs';
import { start, texts } from './world.mjs';

/** Slow 3G as Chromium's own tools had it: round trip in milliseconds, bytes a second. */
const SLOW = { offline: false, latency: 400, downloadThroughput: 50_000, uploadThroughput: 50_000 };

let world;
before(async () => {
  world = await start();
});
after(() => world?.stop());

for (const outcome of ['verified', 'caution', 'refused', 'undecided']) {
  test(`${outcome}: painted from the first answer, over slow 3G, with the script held back for ever`, async (t) => {
    const { context, page } = await open(world.browser);
    const held = [];
    // Never answered, never refused: the page has to live with it.
    await page.route('**/assets/**', (route) => void held.push(route.request().url()));
    const session = await context.newCDPSession(page);
    await session.send('Network.enable');
    await session.send('Network.emulateNetworkConditions', SLOW);
    const begin = performance.now();
    const answer = await page.goto(world.at(world.named(outcome)), { waitUntil: 'commit' });
    await page.locator('.verdict').waitFor();
    const word = await page.locator('.verdict p').textContent();
    assert.equal(word, texts('en')[`word-${outcome}`]);
    await page.waitForFunction(() => performance.getEntriesByName('first-contentful-paint').length === 1, null, { timeout: 10_000 });
    const paint = await page.evaluate(() => Math.round(performance.getEntriesByName('first-contentful-paint')[0].startTime));
    const size = (await answer.body()).length;
    t.diagnostic(`${outcome}: first paint ${paint} ms after navigation began, verdict seen after ${Math.round(performance.now() - begin)} ms; ${size} bytes of HTML`);
    if (outcome !== 'undecided') assert.equal(held.length, 1, 'the script was asked for, and held back');
    await context.close();
  });
}
