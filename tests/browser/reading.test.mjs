// Without style and script: what a text browser or a screen reader meets first. And readers who ask for no language, or oddly.

import assert from 'node:assert/strict';
import { get } from 'node:http';
import { after, before, test } from 'node:test';
import { open } from './browser.mjs';
import { LANGUAGES, start, texts } from './world.mjs';

let world;
before(async () => {
  world = await start();
});
after(() => world?.stop());

test('without style and script the page begins with the word and the line of the verdict', async () => {
  for (const language of LANGUAGES) {
    const t = texts(language);
    const { context, page, seen } = await open(world.browser, { locale: language, javaScriptEnabled: false });
    await page.route('**/*', async (route) => {
      const answer = await route.fetch();
      const body = (await answer.text()).replace(/<style>.*?<\/style>/gs, '');
      await route.fulfill({ response: answer, body });
    });
    for (const outcome of ['verified', 'caution', 'refused', 'undecided']) {
      await page.goto(world.at(world.named(outcome)));
      assert.equal(await page.evaluate(() => document.styleSheets.length), 0);
      const lines = (await page.evaluate(() => document.body.innerText)).split('\n').map((line) => line.trim()).filter(Boolean);
      assert.deepEqual(lines.slice(0, 2), [t[`word-${outcome}`], t[`headline-${outcome}`]], `${outcome} in ${language}`);
      const order = await page.evaluate(() => [...document.querySelectorAll('h1, h2, h3')].map(({ localName }) => localName));
      assert.equal(order.filter((name) => name === 'h1').length, 1, 'one headline');
      assert.equal(order[0], 'h1', 'it is the first');
    }
    assert.deepEqual(seen.faults, []);
    await context.close();
  }
});

/** Status, language and the policy's presence, of an answer to exactly these header fields. */
function ask(path, headers) {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(world.url);
    get({ hostname, port, path, headers: { host: world.origin, ...headers } }, (answer) => {
      let body = '';
      answer.setEncoding('utf8').on('data', (chunk) => (body += chunk)).on('end', () => resolve([answer.statusCode, /<html lang="([^"]*)"/.exec(body)?.[1]]));
    }).on('error', reject);
  });
}

test('whoever asks for no language, or in an odd way, gets a page', async () => {
  const { path } = world.named('verified');
  const html = { accept: 'text/html' };
  assert.deepEqual(await ask(path, html), [200, 'en'], 'none');
  for (const [accept, language] of [
    ['', 'en'], ['*', 'en'], ['xx-XX', 'en'], ['de, *;q=0.1', 'en'], [';;q=,,', 'en'], ['fr;q=0', 'en'], ['ar;q=banana', null], ['zh-TW', 'zh'], ['NE-np', 'ne'],
    ['i-klingon, ur-PK;q=0.9', 'ur'], ['a'.repeat(5000), 'en'], [Array(900).fill('xx').join(','), 'en'], ['\u00ff\u00fe', 'en'], ['../../etc/passwd', 'en'], ['<script>', 'en'],
  ]) {
    const [status, found] = await ask(path, { ...html, 'accept-language': accept });
    assert.equal(status, 200, accept.slice(0, 40));
    if (language) assert.equal(found, language, accept.slice(0, 40));
    else assert.ok(LANGUAGES.includes(found), `${accept}: ${found}`);
  }
});

test('a chosen language leads on through every link and form', async () => {
  const { context, page, seen } = await open(world.browser, { locale: 'en' });
  await page.goto(`${world.at(world.named('verified'))}?lang=ur`);
  await page.locator('footer nav a').last().click();
  assert.equal(await page.evaluate(() => document.documentElement.lang), 'ur');
  await page.goto(`${world.url}/?lang=ne`);
  await page.locator('#code').fill(world.short.code);
  await page.locator('form button').click();
  assert.equal(await page.evaluate(() => document.documentElement.lang), 'ne');
  await page.locator('footer summary').click();
  await page.locator('footer a[lang=bn]').click();
  assert.equal(await page.evaluate(() => document.documentElement.lang), 'bn');
  assert.ok((await page.locator('main').textContent()).includes(world.short.product), 'the page is about the same code');
  assert.deepEqual(seen.faults, []);
  await context.close();
});
