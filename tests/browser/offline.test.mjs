// The page to keep: saved, opened from a disk, without any network.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { after, before, test } from 'node:test';
import { DESKTOP, NARROW, PHONE, open, sticksOut } from './browser.mjs';
import { LANGUAGES, direction, start, texts } from './world.mjs';

let world, folder;
before(async () => {
  world = await start();
  folder = mkdtempSync(join(tmpdir(), 'kept-'));
});
after(async () => {
  await world?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Saves the page of a language as a browser does; gives its address. */
async function kept(language) {
  const answer = await fetch(`${world.url}/verify.html?lang=${language}`);
  assert.match(answer.headers.get('content-disposition') ?? '', /^attachment/);
  const file = join(folder, `${language}.html`);
  writeFileSync(file, await answer.text());
  return pathToFileURL(file).href;
}

const evidence = async () => (await fetch(`${world.url}/v1/attestations/${Number(world.short.label.match(/\/21\/(\d+)-/)[1])}/evidence`)).text();

test('it fits in every language and asks nobody for anything', async () => {
  for (const language of LANGUAGES) {
    const { context, page, seen } = await open(world.browser);
    const address = await kept(language);
    await page.goto(address);
    const { lang, dir } = await page.evaluate(() => ({ lang: document.documentElement.lang, dir: document.documentElement.dir }));
    assert.deepEqual([lang, dir], [language, direction(language)]);
    await page.evaluate(() => document.querySelectorAll('details').forEach((each) => (each.open = true)));
    for (const viewport of [DESKTOP, PHONE, NARROW]) {
      await page.setViewportSize(viewport);
      assert.deepEqual(await sticksOut(page), [], `${language}, ${viewport.width}`);
    }
    assert.deepEqual([seen.faults, seen.requests, await page.evaluate(() => globalThis.violations)], [[], [address], []]);
    await context.close();
  }
});

test('it judges a label by evidence, and not without', async () => {
  const { context, page, seen } = await open(world.browser);
  const address = await kept('en');
  const t = texts('en');
  await page.goto(address);
  assert.equal(await page.locator('#result .verdict:visible').count(), 0, 'no verdict before a label');
  await page.locator('#label').fill(world.short.label);
  await page.locator('#evidence').fill(await evidence());
  await page.getByRole('button', { name: t['offline-check'], exact: true }).click();
  // Signatures and proofs are right; nothing says how old the evidence is, so nobody knows how the attestation stands today.
  await page.locator('#result[data-outcome=undecided] li').first().waitFor();
  assert.deepEqual(await page.locator('#result .verdict:visible p').allTextContents(), [t['word-undecided']]);
  const marks = await page.locator('#result li').allTextContents();
  assert.deepEqual(marks.map((mark) => mark[0]).join(''), '✓✓?✓✓✓✓✓✓✓');
  await page.locator('#label').fill(world.short.label.replace('-17', '-18'));
  await page.locator('#result[data-outcome=refused]').waitFor();
  assert.deepEqual(await page.locator('#result .verdict:visible p').allTextContents(), [t['word-refused']]);
  assert.equal(await page.locator('#result [role=status]').textContent(), t['headline-refused']);
  await page.locator('#evidence').fill('{}');
  await page.locator('#result[data-outcome=undecided]').waitFor();
  assert.deepEqual(await page.locator('#result .verdict:visible p').allTextContents(), [t['word-undecided']]);
  await page.locator('#evidence').fill('');
  await page.locator('#result .verdict:visible').waitFor({ state: 'detached' });
  assert.deepEqual([seen.faults, seen.requests], [[], [address]]);
  await context.close();
});
