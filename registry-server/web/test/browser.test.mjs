// Both pages in a real browser under the registry's policy: a camera that shows a label, photographs, and the form.
// Without Chromium (CHROMIUM, or in PATH) these tests are skipped, and say so.

import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Decrypter, armor, generateX25519Identity, identityToRecipient } from 'age-encryption';
import encodeQR from 'qr';
import { chromium, launch } from './chromium.mjs';
import { code } from './picture.mjs';

const LABEL = 'HTTPS://REGISTRY.EXAMPLE/AEATI5IPTDT6EBKSX6A7TWR5BVW34WJSUYZG26QDG2T2RIDKBVBUDFO4V7MFG66WUUS27XVSZUBRPVR57M6LJBNYLOT3WYRECH42JOTEHC2ZQYRW6JBUOKIM/01/09521234543213/10/KTM-2026/21/17';
const POLICY = "default-src 'none'; script-src 'self'; connect-src 'self'; img-src 'self' blob:; media-src 'self' blob:; form-action 'self'; base-uri 'none'; require-trusted-types-for 'script'; trusted-types 'none'; report-uri /violation";
const FILES = { '/assets/scan.js': 'src/scan.js', '/assets/concern.js': 'src/concern.js', '/assets/age.js': 'dist/age.js', '/assets/qr.js': 'dist/qr.js' };

const program = chromium();
const skip = program ? false : 'no Chromium: set CHROMIUM to its path';
const folder = mkdtempSync(join(tmpdir(), 'pages-'));
const seen = { gets: [], posts: [], violations: [] };
let identity, recipient, server, site, browser;

const page = (body) => `<!doctype html><html lang="de"><meta charset="utf-8"><title>t</title><body>${body}`;
const scanPage = () => page(`<section id="scan" data-decoder="/assets/qr.js" data-start="start" data-stop="stop" data-torch="torch" data-photo="photo"
  data-looking="looking" data-denied="denied" data-no-camera="no camera" data-not-a-label="not a label" data-unreadable="unreadable"></section>
  <script type="module" src="/assets/scan.js"></script>`);
const concernPage = (list) => page(`<form id="concern" method="post" action="/report" data-recipients="${list}" data-age="/assets/age.js" data-sealed="sealed"
  data-failed="failed" data-plain="send unsealed"><select name="kind"><option value="other">o<option value="child-labour">c</select><textarea name="text" maxlength="4000"></textarea>
  <input name="label" value="${LABEL}"><input name="contact"><input type="hidden" name="token" value="t-1"><button>send</button></form>
  <script type="module" src="/assets/concern.js"></script>`);

async function answer(request, response) {
  const { pathname } = new URL(request.url, 'http://localhost');
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const body = Buffer.concat(chunks).toString();
  const send = (type, text) => response.writeHead(200, { 'content-type': type, 'content-security-policy': POLICY }).end(text);
  if (pathname === '/violation') {
    seen.violations.push(body);
    return send('text/plain', '');
  }
  if (FILES[pathname]) return send('text/javascript', readFileSync(new URL(`../${FILES[pathname]}`, import.meta.url)));
  if (request.method === 'POST') seen.posts.push(Object.fromEntries(new URLSearchParams(body)));
  else seen.gets.push(request.url);
  if (pathname === '/scan') return send('text/html', scanPage());
  if (pathname === '/sealed') return send('text/html', concernPage(recipient));
  if (pathname === '/broken') return send('text/html', concernPage(`${recipient} age1nobody`));
  return send('text/html', page(pathname.slice(1)));
}

/** A camera's only frame: one second of 4:2:0 grey, the code in its middle. */
function film(picture, width, height) {
  const [left, top] = [(width - picture.width) >> 1, (height - picture.height) >> 1];
  const luma = Buffer.alloc(width * height, 200);
  for (let y = 0; y < picture.height; y++) {
    for (let x = 0; x < picture.width; x++) luma[(y + top) * width + x + left] = 16 + picture.data[(y * picture.width + x) * 4] * 0.8;
  }
  const frame = Buffer.concat([Buffer.from('FRAME\n'), luma, Buffer.alloc((width * height) / 2, 128)]);
  return Buffer.concat([Buffer.from(`YUV4MPEG2 W${width} H${height} F10:1 Ip A1:1 C420jpeg\n`), ...Array(10).fill(frame)]);
}

before(async () => {
  if (skip) return;
  identity = await generateX25519Identity();
  recipient = await identityToRecipient(identity);
  const file = (name, bytes) => writeFileSync(join(folder, name), bytes);
  file('camera.y4m', film(code(LABEL, { scale: 6, ecc: 'low' }), 640, 480));
  file('label.gif', encodeQR(LABEL, 'gif', { scale: 4 }));
  file('wifi.gif', encodeQR('WIFI:S:loom;T:WPA;P:secret;;', 'gif', { scale: 4 }));
  file('none.gif', Buffer.from('R0lGODlhAQABAIAAAP///wAAACwAAAAAAQABAAACAkQBADs=', 'base64'));
  file('torn.gif', Buffer.from('GIF89a and then nothing'));
  server = createServer((request, response) => answer(request, response).catch((error) => response.destroy(error)));
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  site = `http://localhost:${server.address().port}`;
  const camera = ['--use-fake-ui-for-media-stream', '--use-fake-device-for-media-stream', `--use-file-for-fake-video-capture=${join(folder, 'camera.y4m')}`];
  browser = await launch(program, camera);
});

after(async () => {
  await browser?.close();
  server?.closeAllConnections();
  server?.close();
  rmSync(folder, { recursive: true });
});

/** The label of the newest verdict asked for. */
const asked = () => new URL(seen.gets.findLast((address) => address.startsWith('/v1/verify?')), site).searchParams.get('label');
const button = (text) => `[...document.querySelectorAll('button')].find((each) => each.textContent === '${text}')`;
const says = (text) => `document.querySelector('[role=status]').textContent === '${text}'`;

async function photograph(tab, name) {
  const { root } = await tab.call('DOM.getDocument');
  const { nodeId } = await tab.call('DOM.querySelector', { nodeId: root.nodeId, selector: 'input[type=file]' });
  await tab.call('DOM.setFileInputFiles', { nodeId, files: [join(folder, name)] });
}

test('the camera starts after a tap, reads the label, and the verdict page is asked for', { skip }, async () => {
  const tab = await browser.open(`${site}/scan`);
  assert.equal(await tab.value(`document.querySelector('video').srcObject`), null);
  assert.deepEqual(await tab.value(`[${button('stop')}.hidden, ${button('torch')}.hidden]`), [true, true]);
  await tab.value(`${button('start')}.click()`);
  await tab.until(`location.pathname === '/v1/verify'`);
  assert.equal(asked(), LABEL);
});

test('stop ends the camera and gives the focus back', { skip }, async () => {
  const tab = await browser.open(`${site}/scan`);
  // A camera that never shows anything: no frame is ready before stop is pressed.
  await tab.value(`void Object.defineProperty(HTMLVideoElement.prototype, 'videoWidth', { get: () => 0 })`);
  await tab.value(`${button('start')}.click()`);
  await tab.until(`!${button('stop')}.hidden && document.activeElement === ${button('stop')} && ${says('looking')}`);
  const state = await tab.value(`(() => {
    const [track] = document.querySelector('video').srcObject.getTracks();
    const before = track.readyState;
    ${button('stop')}.click();
    return [before, track.readyState, document.querySelector('video').hidden, document.activeElement === ${button('start')}];
  })()`);
  assert.deepEqual(state, ['live', 'ended', true, true]);
});

test('a hidden page has no camera', { skip }, async () => {
  const tab = await browser.open(`${site}/scan`);
  await tab.value(`void Object.defineProperty(HTMLVideoElement.prototype, 'videoWidth', { get: () => 0 })`);
  await tab.value(`${button('start')}.click()`);
  await tab.until(`!${button('stop')}.hidden`);
  const state = await tab.value(`(() => {
    const [track] = document.querySelector('video').srcObject.getTracks();
    Object.defineProperty(document, 'hidden', { get: () => true });
    document.dispatchEvent(new Event('visibilitychange'));
    return [track.readyState, document.querySelector('video').srcObject];
  })()`);
  assert.deepEqual(state, ['ended', null]);
});

test('a refused and a missing camera are told apart', { skip }, async () => {
  const tab = await browser.open(`${site}/scan`);
  for (const [name, text] of [['NotAllowedError', 'denied'], ['NotFoundError', 'no camera'], ['AbortError', 'no camera']]) {
    await tab.value(`void (navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('', '${name}')))`);
    await tab.value(`${button('start')}.click()`);
    await tab.until(`${says(text)} && !${button('start')}.disabled`);
  }
});

test('photographs: no code, torn, another code, a label', { skip }, async () => {
  seen.gets.length = 0;
  const tab = await browser.open(`${site}/scan`);
  for (const [name, text] of [['none.gif', 'unreadable'], ['wifi.gif', 'not a label'], ['torn.gif', 'unreadable']]) {
    await photograph(tab, name);
    await tab.until(says(text));
  }
  assert.equal(seen.gets.filter((address) => address.includes('verify')).length, 0);
  await photograph(tab, 'label.gif');
  await tab.until(`location.pathname === '/v1/verify'`);
  assert.equal(asked(), LABEL);
});

const fill = `document.querySelector('select').value = 'child-labour'; document.querySelector('textarea').focus();
  document.querySelector('textarea').value = 'Zeile 1\\nZeile 2'; document.querySelector('[name=contact]').value = 'me';`;

test('a concern leaves the device sealed, and nothing stays in the form', { skip }, async () => {
  const tab = await browser.open(`${site}/sealed`);
  await tab.value(fill);
  await tab.until(says('sealed'));
  const left = await tab.value(`${button('send')}.click(); new Promise((resolve) => addEventListener('pagehide', () => {
    resolve([...new FormData(document.getElementById('concern'))]);
  }))`).catch(() => null);
  if (left) assert.deepEqual(left, [['kind', 'other'], ['text', ''], ['label', ''], ['contact', ''], ['token', 't-1']]);
  await tab.until(`location.pathname === '/report'`);
  const post = seen.posts.at(-1);
  assert.deepEqual(Object.keys(post).sort(), ['sealed', 'token']);
  assert.equal(post.token, 't-1');
  const decrypter = new Decrypter();
  decrypter.addIdentity(identity);
  const opened = JSON.parse(await decrypter.decrypt(armor.decode(post.sealed), 'text'));
  assert.deepEqual(opened, { version: 1, kind: 'child-labour', text: 'Zeile 1\nZeile 2', label: LABEL, contact: 'me', language: 'de' });
  await tab.value('history.back()');
  await tab.until(`document.querySelector('textarea')?.value === '' && document.querySelector('[name=contact]').value === '' && !${button('send')}.disabled`);
});

test('what cannot be sealed is sent as it is only after a second press', { skip }, async () => {
  const tab = await browser.open(`${site}/broken`);
  const before = seen.posts.length;
  await tab.value(fill);
  assert.equal(await tab.value(says('sealed')), false);
  // A double click, and Enter: one decision.
  await tab.value(`${button('send')}.click(); ${button('send')}.click(); document.getElementById('concern').requestSubmit()`);
  await tab.until(says('failed'));
  await tab.value(`document.getElementById('concern').requestSubmit()`);
  assert.equal(seen.posts.length, before);
  await tab.until(`${button('send unsealed')}?.disabled === false`);
  assert.equal(seen.posts.length, before);
  await tab.value(`${button('send unsealed')}.click()`);
  await tab.until(`location.pathname === '/report'`);
  assert.deepEqual(seen.posts.slice(before), [{ kind: 'child-labour', text: 'Zeile 1\r\nZeile 2', label: LABEL, contact: 'me', token: 't-1' }]);
});

test('nothing above broke the policy, and a breach would have been seen', { skip }, async () => {
  assert.deepEqual(seen.violations, []);
  const tab = await browser.open(`${site}/scan`);
  await tab.value(`try { document.body.innerHTML = '<b>' } catch {}`);
  for (let tries = 0; tries < 100 && seen.violations.length === 0; tries++) await new Promise((resolve) => setTimeout(resolve, 50));
  assert.match(seen.violations[0], /trusted-types|require-trusted-types-for/);
});
