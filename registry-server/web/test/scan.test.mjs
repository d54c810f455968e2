// What the scan page takes for a label, which of its two readers it asks, and what the committed decoder reads.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import decodeQR from '../dist/qr.js';
import { MAX_LABEL_BYTES, MISSES_OF_NATIVE, bestText, fit, isLabel, nativeDetector, reader, verdictAddress } from '../src/scan.js';
import { code, drawn, inverted, turned } from './picture.mjs';

const LABEL = 'HTTPS://REGISTRY.EXAMPLE/AEATI5IPTDT6EBKSX6A7TWR5BVW34WJSUYZG26QDG2T2RIDKBVBUDFO4V7MFG66WUUS27XVSZUBRPVR57M6LJBNYLOT3WYRECH42JOTEHC2ZQYRW6JBUOKIM/01/09521234543213/10/KTM-2026/21/17';

test('a label is a web address of at most 2,048 bytes', () => {
  const filled = (length) => 'https://'.padEnd(length, 'A');
  for (const text of [LABEL, LABEL.toLowerCase(), 'http://a', 'hTtPs://ü.example/', filled(MAX_LABEL_BYTES)]) {
    assert.equal(isLabel(text), true, text.slice(0, 60));
  }
  const others = [
    '', 'https://', 'WIFI:S:loom;T:WPA;P:secret;;', 'javascript:alert(1)', 'data:text/html,https://a', ' https://a', 'https://a\n', 'https://a b',
    'https:/a', 'ftp://a', 'https://a\u0000', 'https://\ud800', filled(MAX_LABEL_BYTES + 1), 'https://' + 'ü'.repeat(MAX_LABEL_BYTES / 2), null, undefined, 7,
  ];
  for (const text of others) assert.equal(isLabel(text), false, String(text).slice(0, 60));
});

test('the address carries the label whole and stays on this site', () => {
  const address = new URL(verdictAddress('https://a.example/?b=c&d=#e%2F+"<'), 'https://registry.example/scan');
  assert.equal(address.origin + address.pathname, 'https://registry.example/v1/verify');
  assert.deepEqual([...address.searchParams], [['label', 'https://a.example/?b=c&d=#e%2F+"<']]);
});

test('the verdict comes in the language that was chosen', () => {
  assert.equal(verdictAddress('https://a.example', '?lang=ar'), '/v1/verify?label=https%3A%2F%2Fa.example&lang=ar');
  assert.equal(verdictAddress('https://a.example', '?lang=%26label%3Db'), '/v1/verify?label=https%3A%2F%2Fa.example&lang=%26label%3Db');
  assert.equal(verdictAddress('https://a.example', ''), '/v1/verify?label=https%3A%2F%2Fa.example');
});

test('of several codes the one that could be a label counts', () => {
  assert.equal(bestText(['4012345678901', LABEL]), LABEL);
  assert.equal(bestText(['4012345678901', 'WIFI:']), '4012345678901');
  assert.equal(bestText([]), null);
});

test('pictures are made smaller in proportion, never larger, never nothing', () => {
  assert.deepEqual(fit(4000, 3000, 1600), { width: 1600, height: 1200 });
  assert.deepEqual(fit(640, 480, 1600), { width: 640, height: 480 });
  assert.deepEqual(fit(10000, 1, 100), { width: 100, height: 1 });
});

/** A reader over fakes, and how often each was asked. */
function counted(native, ours) {
  const asked = { native: 0, loads: 0, ours: [] };
  const count = native && (async (canvas) => ((asked.native += 1), native(canvas)));
  const load = async () => ((asked.loads += 1), (_, options) => (asked.ours.push(options), ours));
  return { read: reader(count, load), asked };
}

test('the decoder is not fetched while the browser reads codes itself', async () => {
  const { read, asked } = counted(() => [LABEL], ['ours']);
  assert.deepEqual(await read({}, false), [LABEL]);
  assert.deepEqual(await read({}, true), [LABEL]);
  assert.deepEqual(asked, { native: 2, loads: 0, ours: [] });
});

test('without a detector the decoder is fetched once', async () => {
  const { read, asked } = counted(null, ['ours']);
  for (const thorough of [false, true, false]) assert.deepEqual(await read({}, thorough), ['ours']);
  assert.equal(asked.loads, 1);
  assert.equal(asked.ours[1].effort, Infinity);
  assert.equal(asked.ours[0].effort, undefined);
});

test('a detector that fails is not asked again', async () => {
  const { read, asked } = counted(() => Promise.reject(new Error('Barcode detection service unavailable.')), ['ours']);
  assert.deepEqual(await read({}, false), ['ours']);
  assert.deepEqual(await read({}, false), ['ours']);
  assert.equal(asked.native, 1);
});

test('a detector that sees nothing is joined: at once for a photograph, after a while for a camera', async () => {
  const photograph = counted(() => [], ['ours']);
  assert.deepEqual(await photograph.read({}, true), ['ours']);
  const camera = counted(() => [], ['ours']);
  for (let frame = 1; frame < MISSES_OF_NATIVE; frame++) assert.deepEqual(await camera.read({}, false), []);
  assert.equal(camera.asked.loads, 0);
  assert.deepEqual(await camera.read({}, false), ['ours']);
});

test('a decoder that could not be fetched is asked for again', async () => {
  let loads = 0;
  const read = reader(null, async () => {
    loads += 1;
    if (loads === 1) throw new TypeError('network');
    return () => ['ours'];
  });
  await assert.rejects(read({}, false), /network/);
  assert.deepEqual(await read({}, false), ['ours']);
});

test('a detector counts only where it reads QR codes', async () => {
  const detector = (formats) => class {
    static getSupportedFormats = async () => formats;
    detect = async () => [{ rawValue: '' }, { rawValue: LABEL }];
  };
  assert.equal(await nativeDetector(undefined), null);
  assert.equal(await nativeDetector(detector(['ean_13'])), null);
  assert.deepEqual(await (await nativeDetector(detector(['ean_13', 'qr_code'])))({}), [LABEL]);
});

test('the decoder reads a label upright, inverted, turned, small, and noisy', () => {
  const upright = code(LABEL);
  let seed = 1;
  const noise = () => (seed = (seed * 48271) % 2147483647) / 2147483647 - 0.5;
  const noisy = drawn(upright.width, upright.height, (x, y) => 60 + upright.data[(y * upright.width + x) * 4] * 0.5 + noise() * 60);
  const pictures = { upright, inverted: inverted(upright), small: code(LABEL, { scale: 2 }), noisy };
  for (const degrees of [7, 45, 90, 180, 222, 270]) pictures[`turned by ${degrees}`] = turned(upright, degrees);
  pictures['inverted and turned'] = inverted(turned(upright, 30));
  for (const [what, picture] of Object.entries(pictures)) {
    assert.equal(decodeQR(picture, { effort: Infinity, timeLimit: 2000 }), LABEL, what);
  }
});

test('the decoder throws on pictures without a code, and on hostile sizes', () => {
  for (const picture of [drawn(200, 200, () => 255), drawn(1, 1, () => 0), drawn(300, 200, (x, y) => ((x * 7) ^ (y * 13)) & 255)]) {
    assert.throws(() => decodeQR(picture, { effort: Infinity, timeLimit: 500 }));
  }
  assert.throws(() => decodeQR({ width: 1e9, height: 1e9, data: new Uint8ClampedArray(4) }));
});
