// The form's promise: what leaves the device opens for each recipient and says nothing but its size in steps.
// The bundle that seals is the committed one; age-encryption itself, from its package, opens.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Decrypter, armor, generateHybridIdentity, generateX25519Identity, identityToRecipient } from 'age-encryption';
import { build } from 'esbuild';
import * as age from '../dist/age.js';
import { MAX_RECIPIENTS, PADDING, message, padded, recipients, seal } from '../src/concern.js';

const CONCERN = { kind: 'child-labour', text: 'Kinder im Färbehaus – seit März', label: '', contact: 'a@b.example', language: 'de' };

async function party() {
  const identity = await generateX25519Identity();
  return { identity, recipient: await identityToRecipient(identity) };
}

async function open(sealed, identity) {
  const decrypter = new Decrypter();
  decrypter.addIdentity(identity);
  return decrypter.decrypt(armor.decode(sealed));
}

test('each recipient, and nobody else, opens what was sealed', async () => {
  const [first, second, stranger] = await Promise.all([party(), party(), party()]);
  const sealed = await seal(age, ` ${first.recipient}\n${second.recipient} `, CONCERN);
  for (const { identity } of [first, second]) {
    const opened = await open(sealed, identity);
    assert.deepEqual(JSON.parse(new TextDecoder().decode(opened)), { version: 1, ...CONCERN });
    assert.equal(opened.length % PADDING, 0);
  }
  await assert.rejects(open(sealed, stranger.identity), /no identity matched/);
});

test('a form turns line ends into CRLF, and the armour is read all the same', async () => {
  const { identity, recipient } = await party();
  const sealed = await seal(age, recipient, CONCERN);
  assert.equal(armor.encode(armor.decode(sealed)), sealed);
  assert.equal(JSON.parse(new TextDecoder().decode(await open(sealed.replaceAll('\n', '\r\n'), identity))).kind, CONCERN.kind);
});

test('a changed byte is noticed', async () => {
  const { identity, recipient } = await party();
  const file = armor.decode(await seal(age, recipient, CONCERN));
  for (const at of [file.length - 1, file.length - 600, file.indexOf(10) + 5]) {
    const changed = file.slice();
    changed[at] ^= 1;
    await assert.rejects(open(armor.encode(changed), identity), `byte ${at}`);
  }
});

test('texts of different lengths under the same step give sealed texts of one length', async () => {
  const { recipient } = await party();
  const short = await seal(age, recipient, { ...CONCERN, text: 'x' });
  const long = await seal(age, recipient, { ...CONCERN, text: 'x'.repeat(700) });
  const longer = await seal(age, recipient, { ...CONCERN, text: 'x'.repeat(1100) });
  assert.equal(short.length, long.length);
  assert.ok(longer.length > long.length);
});

test('padding ends at the next multiple, and a multiple stays', () => {
  for (const [length, expected] of [[1, 1024], [1023, 1024], [1024, 1024], [1025, 2048]]) {
    const whole = padded(new Uint8Array(length).fill(0x7b));
    assert.equal(whole.length, expected);
    assert.deepEqual([...new Set(whole.slice(length))], length === expected ? [] : [0x20]);
    assert.ok(whole.slice(0, length).every((byte) => byte === 0x7b));
  }
});

test('the message has exactly its members, in order, whatever else is passed', () => {
  const text = new TextDecoder().decode(message({ token: 'secret', ...CONCERN }));
  assert.deepEqual(Object.keys(JSON.parse(text)), ['version', 'kind', 'text', 'label', 'contact', 'language']);
});

test('a list with one bad recipient seals for nobody', async () => {
  const { recipient } = await party();
  const other = recipient.endsWith('q') ? 'p' : 'q';
  const hybrid = await identityToRecipient(await generateHybridIdentity());
  const bad = {
    'none': '   ',
    'a wrong checksum': recipient.slice(0, -1) + other,
    'upper case': recipient.toUpperCase(),
    'cut short': recipient.slice(0, -1),
    'a secret key': 'AGE-SECRET-KEY-1' + 'Q'.repeat(58),
    'post-quantum, which the bundle lacks': hybrid,
    'parted by a comma': `${recipient},${recipient}`,
    'markup': '<script>',
  };
  for (const [what, list] of Object.entries(bad)) {
    await assert.rejects(seal(age, list, CONCERN), what);
    await assert.rejects(seal(age, `${recipient} ${list.trim() || 'x'}`, CONCERN), what);
  }
});

test('recipients count once, and only so many', () => {
  // Well formed, though without checksums: only age reads those.
  const many = Array.from({ length: MAX_RECIPIENTS + 1 }, (_, i) => 'age1' + 'q'.repeat(56) + 'qpzry9x8gf2tvdw0s3jn'[i % 20] + 'q');
  assert.throws(() => recipients(many.join(' ')), /17 recipients, expected 1 to 16/);
  assert.equal(recipients(many.slice(1).join('\t')).length, MAX_RECIPIENTS);
  assert.deepEqual(recipients(`${many[0]} ${many[0]}`), [many[0]]);
});

test('a recipient of low order, for whom the key would be known to all, is refused', async () => {
  const { bech32 } = await import('@scure/base');
  const zero = bech32.encode('age', bech32.toWords(new Uint8Array(32)), false);
  assert.equal(recipients(zero).length, 1);
  await assert.rejects(seal(age, zero, CONCERN));
});

test('without X25519 in WebCrypto the bundle seals by its own ladder', async () => {
  const { identity, recipient } = await party();
  const { importKey } = crypto.subtle;
  let asked = 0;
  crypto.subtle.importKey = () => {
    asked += 1;
    throw new DOMException('no X25519', 'NotSupportedError');
  };
  let sealed;
  try {
    sealed = await seal(age, recipient, CONCERN);
  } finally {
    crypto.subtle.importKey = importKey;
  }
  assert.ok(asked > 0);
  assert.equal(JSON.parse(new TextDecoder().decode(await open(sealed, identity))).text, CONCERN.text);
});

test('the ladder agrees with RFC 7748 and refuses a result of zero', async () => {
  const entry = { stdin: { contents: "export { x25519 } from './src/bundle/x25519.js'", resolveDir: new URL('..', import.meta.url).pathname } };
  const { outputFiles: [{ text }] } = await build({ ...entry, bundle: true, write: false, format: 'esm' });
  const { x25519 } = await import('data:text/javascript,' + encodeURIComponent(text));
  const hex = (bytes) => Buffer.from(bytes).toString('hex');
  const bytes = (text) => new Uint8Array(Buffer.from(text, 'hex'));
  // Section 5.2, both vectors, then the first of its iterations: base point by base point.
  for (const [scalar, u, out] of [
    ['a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4', 'e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c', 'c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552'],
    ['4b66e9d4d1b4673c5ad22691957d6af5c11b6421e0ea01d42ca4169e7918ba0d', 'e5210f12786811d3f4b7959d0538ae2c31dbe7106fc03c3efc4cd549c715a493', '95cbde9476e8907d7aade45cb4b873f88b595a68799fa152e6f8f7647aac7957'],
    ['09'.padEnd(64, '0'), '09'.padEnd(64, '0'), '422c8e7a6227d7bca1350b3e2bb7279f7897b87bb6854b783c60e80311ae3079'],
  ]) {
    assert.equal(hex(x25519.scalarMult(bytes(scalar), bytes(u))), out);
  }
  assert.throws(() => x25519.scalarMult(bytes('a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4'), new Uint8Array(32)));
});
