// The check in a real browser: the vectors, the verdict page under the registry's policy, and the offline page from a disk.
// Without Chromium (CHROMIUM, or in PATH) these tests are skipped, and say so.

import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import encodeQR from 'qr';
import { chromium, launch } from './chromium.mjs';

const POLICY = "default-src 'none'; script-src 'self'; connect-src 'self'; require-trusted-types-for 'script'; trusted-types 'none'; report-uri /violation";
const file = (path) => new URL(path, import.meta.url);
const program = chromium(), skip = program ? false : 'no Chromium: set CHROMIUM to its path';
const { cases, trust, now } = JSON.parse(readFileSync(file('fixtures/registry.json'), 'utf8'));
const named = (name) => cases.find((each) => each.name === name);
const VECTORS = file('../../../../shared/data/ed25519/');
const folder = mkdtempSync(join(tmpdir(), 'check-'));
const seen = { requests: [], violations: [] };
let server, site, browser;

/** Evidence in which one hash of one proof is another. */
const CHANGED = structuredClone(named('lot').evidence);
CHANGED.entries[0].proof[0] = Buffer.alloc(32, 7).toString('base64');

const STEPS = ['label', 'log', 'witnesses', 'complete', 'accreditation', 'statement', 'signature', 'product', 'validity', 'standing'];
const section = (id, attributes) => `<section id="${id}" ${attributes} data-working="working" data-yes="yes" data-same="same" data-no="no" data-cannot="cannot" data-unreadable="unreadable"
  ${STEPS.map((step) => `data-step-${step}="the ${step}"`).join(' ')}><p role="status"></p><ol></ol></section>`;
const html = (body) => `<!doctype html><html lang="en"><meta charset="utf-8"><title>t</title><body>${body}`;
const verdict = (label, outcome, evidence) => html(`${section('device', `data-label="${label}" data-index="1" data-outcome="${outcome}" data-evidence="/evidence/${evidence}" data-trust="/v1/trust"`)}
  <script type="module" src="/assets/check.js"></script>`);
const PAGES = {
  '/good': verdict(named('lot').label, 'verified', 'lot'),
  '/forged': verdict(named('lot').label.replace('1-17', '1-18'), 'verified', 'lot'),
  '/agreed': verdict(named('withdrawn').label, 'refused', 'withdrawn'),
  '/hidden': verdict(named('withdrawn').label, 'verified', 'withdrawn'),
  '/changed': verdict(named('lot').label, 'verified', 'changed'),
  '/none': verdict(named('lot').label, 'verified', 'none'),
  '/huge': verdict(named('lot').label, 'verified', 'huge'),
};
const FILES = { '/assets/check.js': '../src/check.js', '/vectors.js': 'vectors.mjs' };
const DATA = ['cctv-ed25519vectors.json', 'wycheproof-ed25519.json'];

function answer(request, response) {
  const { url, headers } = request, send = (type, text, status = 200) => response.writeHead(status, { 'content-type': type, 'content-security-policy': POLICY }).end(text);
  if (url === '/violation') {
    request.on('data', (chunk) => seen.violations.push(String(chunk)));
    return send('text/plain', '');
  }
  seen.requests.push({ method: request.method, url, cookie: headers.cookie });
  const evidence = /^\/evidence\/(\w+)$/.exec(url)?.[1];
  if (PAGES[url]) return response.setHeader('set-cookie', 'a=b'), send('text/html', PAGES[url]);
  if (FILES[url]) return send('text/javascript', readFileSync(file(FILES[url])));
  if (DATA.includes(url.slice(1))) return send('application/json', readFileSync(new URL(url.slice(1), VECTORS)));
  if (url === '/v1/trust') return send('application/json', JSON.stringify(trust));
  if (evidence === 'changed') return send('application/json', JSON.stringify(CHANGED));
  if (evidence === 'huge') return send('application/json', ' '.repeat(9 << 20));
  const found = named(evidence);
  return found ? send('application/json', JSON.stringify(found.evidence)) : send('text/plain', 'no', 404);
}

before(async () => {
  if (skip) return;
  server = createServer(answer).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  site = `http://127.0.0.1:${server.address().port}`;
  browser = await launch(program, []);
});
after(async () => {
  await browser?.close();
  server?.closeAllConnections();
  server?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** What the section says once it has said it: [status, alarm, marks]. */
const SAID = (id) => `(() => { const s = document.getElementById('${id}');
  return [s.querySelector('p').textContent, s.classList.contains('alarm'), [...s.querySelectorAll('li')].map((li) => li.textContent[0]).join('')]; })()`;
// The labels are of the day on which they were made.
const CLOCK = `Date.now = () => ${Date.parse(now)};`;

test('vectors have the same verdicts in the browser', { skip: skip || (existsSync(VECTORS) ? false : 'no shared/data') }, async () => {
  const page = await browser.open(`${site}/none`);
  const found = await page.value(`(async () => {
    const [{ verifyStrict }, { run }] = await Promise.all([import('/assets/check.js'), import('/vectors.js')]);
    const [cctv, wycheproof] = await Promise.all(${JSON.stringify(DATA)}.map((name) => fetch('/' + name).then((answer) => answer.json())));
    return run(verifyStrict, { cctv, wycheproof });
  })()`);
  assert.deepEqual([found.run, found.wrong], [914 + 151, []]);
});

test('the verdict page tells what this device found, and raises an alarm only where the page said better', { skip }, async () => {
  for (const [path, text, alarm, marks] of [
    ['/good', 'yes', false, '✓✓?✓✓✓✓✓✓✓'], ['/forged', 'no', true, '✓✓?✓✓✓✗✓✓✓'], ['/agreed', 'same', false, '✓✓?✓✓✓✓✓✓✗'], ['/hidden', 'no', true, '✓✓?✓✓✓✓✓✓✗'],
    ['/changed', 'no', true, '✓✗????????'], ['/none', 'cannot', false, '✓?????????'], ['/huge', 'cannot', false, '✓?????????'],
  ]) {
    seen.requests.length = 0;
    const page = await browser.open('about:blank');
    await page.call('Page.enable');
    await page.call('Page.addScriptToEvaluateOnNewDocument', { source: CLOCK });
    await page.call('Page.navigate', { url: site + path });
    await page.until("document.querySelectorAll('li').length === 10");
    assert.deepEqual(await page.value(SAID('device')), [text, alarm, marks], path);
    const sent = seen.requests.filter(({ url }) => url.startsWith('/evidence') || url.startsWith('/v1'));
    assert.deepEqual([sent.length, sent.filter(({ method, cookie }) => method !== 'GET' || cookie)], [2, []], 'two requests, no cookie');
    assert.equal(await page.value('localStorage.length + sessionStorage.length'), 0);
  }
  assert.deepEqual(seen.violations, []);
});

test('the offline page checks a photograph from a disk', { skip: skip || (existsSync(file('../dist/offline.js')) ? false : 'dist/offline.js is not built') }, async () => {
  const { label, evidence } = named('lot'), page = join(folder, 'verify.html'), photo = join(folder, 'photo.gif'), blank = join(folder, 'blank.gif');
  writeFileSync(page, html(`<form id="offline"><textarea id="label"></textarea><input id="photo" type="file"><textarea id="evidence"></textarea><input id="evidence-file" type="file">
    <textarea id="trust">${JSON.stringify(trust)}</textarea><input id="trust-file" type="file"><button>check</button></form><dl id="facts"></dl>${section('result', '')}
    <script>${CLOCK}${readFileSync(file('../dist/offline.js'), 'utf8')}</script>`));
  writeFileSync(join(folder, 'evidence.json'), JSON.stringify(evidence));
  writeFileSync(photo, encodeQR(label, 'gif', { scale: 6, ecc: 'medium' }));
  writeFileSync(blank, encodeQR('x', 'gif', { scale: 1 }).subarray(0, 60));
  const tab = await browser.open(`file://${page}`);
  const { root } = await tab.call('DOM.getDocument', {});
  const give = async (id, path) => {
    const { nodeId } = await tab.call('DOM.querySelector', { nodeId: root.nodeId, selector: `#${id}` });
    await tab.call('DOM.setFileInputFiles', { nodeId, files: [path] });
  };
  await give('photo', photo);
  await tab.until(`document.getElementById('label').value === ${JSON.stringify(label)}`);
  assert.match(await tab.value("document.getElementById('facts').textContent"), /lotKTM-2026serial1-17registryregistry.example/);
  await give('evidence-file', join(folder, 'evidence.json'));
  await tab.until("document.querySelectorAll('li').length === 10");
  assert.deepEqual(await tab.value(SAID('result')), ['cannot', false, '✓✓?✓✓✓✓✓✓✓']);
  assert.equal(await tab.value("document.getElementById('result').dataset.outcome"), 'undecided', 'nobody knows of when the evidence is');
  await tab.value(`(() => { const label = document.getElementById('label'); label.value = label.value.replace('1-17', '1-18'); label.dispatchEvent(new Event('input', { bubbles: true })); })()`);
  await tab.until("document.getElementById('result').dataset.outcome === 'refused'");
  await give('photo', blank);
  await tab.until("document.querySelector('[role=status]').textContent === 'unreadable'");
  assert.equal(await tab.value("document.querySelectorAll('li').length"), 0, 'nothing is left of the last answer');
});
