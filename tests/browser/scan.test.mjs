// The ways to a verdict: the camera, a photograph, and what is typed, with and without JavaScript.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import encodeQR from 'qr';
import { open } from './browser.mjs';
import { start, texts } from './world.mjs';

let world;
before(async () => {
  world = await start();
});
after(() => world?.stop());

const scan = (language = 'en') => `${world.at(world.named('scan'))}?lang=${language}`;

test('with JavaScript there are a camera and photographs to choose', async () => {
  const t = texts('en');
  const { context, page, seen } = await open(world.browser);
  await page.goto(scan());
  const start = page.getByRole('button', { name: t['scan-start'], exact: true });
  await start.waitFor();
  assert.equal(await page.locator('input[type=file]').count(), 1);
  assert.equal(await page.locator('noscript p').count(), 0);
  // No camera in this browser: it is said, and the other ways stay.
  await start.click();
  await page.locator('#scan [role=status]').filter({ hasText: /\S/ }).waitFor();
  assert.ok([t['scan-denied'], t['scan-no-camera']].includes(await page.locator('#scan [role=status]').textContent()));
  assert.deepEqual(seen.faults, []);
  await context.close();
});

test('a photograph of a label leads to its verdict, in the language of the page', async () => {
  const { context, page, seen } = await open(world.browser, { locale: 'en' });
  await page.goto(scan('ar'));
  const buffer = Buffer.from(encodeQR(world.short.label, 'gif', { scale: 4 }));
  await page.locator('input[type=file]').setInputFiles({ name: 'label.gif', mimeType: 'image/gif', buffer });
  await page.locator('.verdict.verified').waitFor();
  assert.equal(await page.evaluate(() => document.documentElement.lang), 'ar');
  assert.deepEqual(seen.faults, []);
  await context.close();
});

for (const javaScriptEnabled of [true, false]) {
  test(`what is typed is judged ${javaScriptEnabled ? 'with' : 'without'} JavaScript`, async () => {
    const t = texts('en');
    const { context, page, seen } = await open(world.browser, { javaScriptEnabled });
    for (const from of [scan(), `${world.url}/`]) {
      const type = async (text) => {
        await page.goto(from);
        await page.locator('#code').fill(text);
        await page.getByRole('button', { name: t['home-submit'], exact: true }).click();
        await page.waitForLoadState();
      };
      await type(world.short.label);
      assert.equal(await page.locator('.verdict').getAttribute('class'), 'verdict verified');
      // The short code under the code: with spaces and in lower case, as people type.
      await type(` ${world.short.code.toLowerCase().split('').join(' ')} `);
      const main = await page.locator('main').innerText();
      assert.ok(main.includes(world.short.product) && main.includes(t['code-no-proof']), main);
      assert.equal(await page.locator('.verdict').count(), 0, 'a typed code gets no verdict');
      await type('0000');
      assert.ok((await page.locator('main').innerText()).includes(t['code-wrong']));
    }
    if (!javaScriptEnabled) {
      await page.goto(scan());
      const note = page.locator('noscript p');
      assert.ok(await note.isVisible());
      assert.equal(await note.textContent(), t['scan-no-script']);
      assert.equal(await page.locator('main button').count(), 1, 'no button that does nothing');
    }
    assert.deepEqual(seen.faults, []);
    await context.close();
  });
}
