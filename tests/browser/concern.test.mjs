// A concern, from the form to the receipt and back, sealed on the device or on arrival.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { open, sticksOut, traces } from './browser.mjs';
import { start, texts } from './world.mjs';

const TEXT = 'A girl of nine at loom 3 <script>window.hacked=1</script>';
let world;
before(async () => {
  world = await start();
});
after(() => world?.stop());

for (const javaScriptEnabled of [true, false]) {
  for (const language of ['en', 'ur']) {
    test(`a concern is taken ${javaScriptEnabled ? 'sealed by the device' : 'without JavaScript'}, ${language}`, async () => {
      const t = texts(language);
      const { context, page, seen } = await open(world.browser, { javaScriptEnabled });
      let sent = '';
      page.on('request', (request) => request.method() === 'POST' && (sent ||= request.postData() ?? ''));
      await page.goto(`${world.at(world.named('report'))}?lang=${language}`);
      await page.locator('#text').fill(TEXT);
      // A form that comes back within seconds is a script's, and refused.
      await page.waitForTimeout(3500);
      await page.getByRole('button', { name: t['report-submit'], exact: true }).click();
      const receipt = await page.locator('#receipt').textContent();
      assert.ok((await page.locator('main').innerText()).includes(t[javaScriptEnabled ? 'report-by-device' : 'report-by-server']));
      assert.equal(sent.includes('girl'), !javaScriptEnabled, 'what leaves the device is sealed where it can be');
      assert.deepEqual([await sticksOut(page), await traces(page)], [[], []]);
      await page.locator('main a').click();
      await page.locator('#code').fill(receipt.toLowerCase());
      await page.getByRole('button', { name: t['report-status-submit'], exact: true }).click();
      await page.locator('#progress').waitFor();
      assert.equal((await page.locator('#progress').textContent()).trim(), t['report-status-received']);
      assert.equal(await page.evaluate(() => document.documentElement.lang), language);
      assert.deepEqual(seen.faults, []);
      await context.close();
    });
  }
}
