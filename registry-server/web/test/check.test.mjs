// What the browser's check makes of labels and evidence: real ones, ones made here with one defect each, and garbage.

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { check, parseLabel, rootOf, strictJson, unbase64, unbase64url, verifyStrict } from '../src/check.js';
import {
  ACCREDITOR, CERTIFIER, NOW, accreditation, accreditorKey, certifierKey, checkpoint, evidence, jws, label, logKey, otherKey, publicOf, statusChange, trust,
  vkey, witnessVkey,
} from './registry.mjs';
import { run } from './vectors.mjs';

const file = (path) => new URL(path, import.meta.url);
const GOLDEN = file('../../../crates/statement/golden/v1/');
const golden = (name) => readFileSync(new URL(name, GOLDEN), 'utf8').trim();
const T = Date.parse('2026-02-01T00:00:00Z');

const ACCREDITED = [T + 1, jws(accreditation(), accreditorKey)];
const ATTESTED = [T + 3, golden('attestation.jws')];
const filler = (at) => [T + at, 'not a statement'];
/** Seven entries: the accreditation is 1, the attestation 3; only those two and what is asked for are in the bundle. */
const log = (...more) => [filler(0), ACCREDITED, filler(2), ATTESTED, ...more, ...[5, 6, 7].slice(more.length).map(filler)];
const bundleOf = (statements, shown, note) =>
  evidence(statements, 3, { left: statements.map((_, at) => at).filter((at) => !shown.includes(at)), note });
const GOOD = bundleOf(log(), [1, 3]);

const judge = (text = label(), bundle = GOOD, keys = trust(), now = NOW) => check(text, bundle, keys, now);
const step = (result, name) => result.steps.find((each) => each.step === name);

/** Asserts outcome and reason: the first step that is not good says why. */
async function expect(outcome, reason, text, bundle, keys, now) {
  const result = await judge(text, bundle, keys, now);
  const first = result.steps.find(({ ok, reason: why }) => ok !== true && why !== null);
  assert.deepEqual([result.outcome, first?.reason ?? null], [outcome, reason], JSON.stringify(result, null, 1));
  return result;
}

const reasonOf = (text) => {
  try { parseLabel(text); return null; } catch (error) { return error.reason; }
};

test('the vector of the label format is read, and its signed bytes rebuilt', async () => {
  const readme = readFileSync(file('../../../crates/label/README.md'), 'utf8');
  const [, text] = /^label +(HTTPS.*)$/m.exec(readme), [, signed] = /^signed bytes +(\w+)$/m.exec(readme);
  const read = parseLabel(text);
  assert.equal(Buffer.from(read.signed).toString('hex'), signed);
  assert.deepEqual([read.index, read.lot, read.serial, read.keyId], [94567n, 'KTM-2026', '17', '34750f98']);
  assert.ok(await verifyStrict(certifierKey.bytes, read.signature, read.signed));
});

test('what the label format folds is folded, and nothing else', () => {
  const text = label({ lot: 'A%2FB' });
  const same = [text.replace('HTTPS', 'https'), text.replace('REGISTRY', 'registry'), `${text}?x=/é`, `${text}#`, text.replace('%2F', '%2f'), text.replace('A%2FB', '%41%2FB')];
  for (const other of same) assert.deepEqual(parseLabel(other), parseLabel(text), other);
  assert.equal(parseLabel(text).lot, 'A/B');
  assert.notDeepEqual(parseLabel(text.replace('A%2FB', 'a%2FB')), parseLabel(text));
  for (const origin of ['127.0.0.1:3000', 'localhost:8080']) {
    assert.equal(parseLabel(label({ origin }).replace('HTTPS', 'HTTP')).url, `http://${origin}`);
  }
});

test('every other spelling of a label is refused, as crates/label refuses it', () => {
  const text = label(), swap = (from, to) => text.replace(from, to);
  const malformed = [
    '', 'x', undefined, 7, {}, `${text}/`, `${text}${'A'.repeat(2048)}`, ` ${text}`, `${text} `, `${text}\n`,
    swap('HTTPS', 'Https'), swap('HTTPS', 'HTTP'), swap('HTTPS', 'FTP'), swap('//', '/'), swap('REGISTRY.', 'U@REGISTRY.'), swap('EXAMPLE/', 'EXAMPLE./'),
    swap('EXAMPLE/', 'EXAMPLE:443/'), swap('EXAMPLE/', 'EXAMPLE:080/'), swap('EXAMPLE/', 'EXAMPLE:65536/'), swap('EXAMPLE/', 'EXAMPLE:/'), swap('REGISTRY.EXAMPLE', 'REGISTRY.1'),
    swap('REGISTRY.EXAMPLE', '127.0.0.01'), swap('REGISTRY.EXAMPLE', 'AB--C.EXAMPLE'), swap('REGISTRY.EXAMPLE', '-A.EXAMPLE'), swap('REGISTRY.EXAMPLE', `${'A'.repeat(64)}.EXAMPLE`),
    swap('REGISTRY.EXAMPLE', ''), swap('REGISTRY', '%52EGISTRY'), swap('/01/', '//01/'), swap('/01/', '/./01/'), swap('/01/', '/%2E%2e/01/'), swap('/01/', '/X/01/'),
    swap('/10/', '/%31%30/'), swap('/10/', '/21/'), swap('KTM-2026', 'KTM%2'), swap('KTM-2026', 'KTM%GG'), swap('KTM-2026', 'KTM%20'), swap('KTM-2026', 'KTM%C3%A9'),
    swap('KTM-2026', 'KTM~'), swap('KTM-2026', 'KTMé'), swap('KTM-2026', 'K'.repeat(21)), swap('KTM-2026', '..'), swap('09521234543213', '09521234543214'), swap('09521234543213', '9521234543213'),
    swap('09521234543213', '0952123454321%2F'), swap('/3-17', '/4-17'), swap('/3-17', '/03-17'), swap('/3-17', '/3-0'), swap('/3-17', '/017'), swap('/3-17', '/4294967296'), swap('/3-17', '/3-17-1'),
    swap('/3-17', '/18446744073709551619-17'), swap('/3-17', '/+17'), `${text}/8008/1`, label({ claims: 0 }), label({ indexBytes: [0x83, 0] }), label({ indexBytes: Array(10).fill(0xff) }),
    label({ indexBytes: Array(40).fill(0x80) }), label({ blob: (bytes) => bytes.subarray(1) }), label({ blob: (bytes) => Buffer.concat([bytes, Buffer.alloc(1)]) }),
    label({ blob: (bytes) => Buffer.concat([bytes, Buffer.alloc(200)]) }), text.replace(/EXAMPLE\/\w+/, 'EXAMPLE/' + '2'.repeat(119)), text.replace(/EXAMPLE\/(\w+)/, (_, blob) => `EXAMPLE/${blob.toLowerCase()}`),
    text.replace(/EXAMPLE\/(\w+)/, 'EXAMPLE/$1A'), text.replace(/EXAMPLE\/(\w+)/, 'EXAMPLE/$1===='),
  ];
  for (const other of malformed) assert.equal(reasonOf(other), 'malformed', String(other));
  for (const other of [label({ version: 2 }), label({ claims: 5 }), label({ version: 0, blob: (bytes) => Buffer.concat([bytes, Buffer.alloc(100)]) })]) assert.equal(reasonOf(other), 'unsupported');
  assert.equal(reasonOf(swap('REGISTRY', 'RЕGISTRY')), 'foreign_origin', 'a Cyrillic letter');
  const seventyFour = label({ index: 300 }), last = seventyFour.match(/EXAMPLE\/(\w+)/)[1].at(-1);
  assert.equal(reasonOf(seventyFour), null);
  const next = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'['ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(last) + 1];
  assert.equal(reasonOf(seventyFour.replace(`${last}/01/`, `${next}/01/`)), 'malformed', 'trailing bits that are not zero');
});

test('what the real registry served gives the verdicts that the real verifier gave', async () => {
  const { cases, trust: keys, now } = JSON.parse(readFileSync(file('fixtures/registry.json'), 'utf8'));
  assert.equal(cases.length, 4);
  for (const { label: text, evidence: bundle, outcome, reason } of cases) {
    await expect(outcome, reason, text, JSON.stringify(bundle), JSON.stringify(keys), Date.parse(now));
  }
});

test('a genuine label is verified, step by step', async () => {
  const result = await expect('verified', null);
  assert.deepEqual(result.steps.map(({ ok }) => ok), [true, true, null, true, true, true, true, true, true, true], 'no witness was asked for, and none signed');
  assert.equal(result.checkpoint.size, 7);
  for (const index of [3, 200]) {
    const far = [...log(), ...Array.from({ length: 250 }, (_, at) => filler(10 + at))];
    if (index === 200) [far[3], far[200]] = [filler(4), [T + 203, ATTESTED[1]]];
    const bundle = evidence(far, index, { left: far.map((_, at) => at).filter((at) => at !== 1 && at !== index) });
    await expect('verified', null, label({ index }), bundle);
  }
  await expect('verified', null, label({ serial: '17' }));
});

test('no bit of a label can be flipped', async () => {
  const text = label(), good = parseLabel(text);
  let read = 0;
  for (let bit = 0; bit < text.length * 8; bit++) {
    const bytes = Buffer.from(text);
    bytes[bit >> 3] ^= 1 << (bit & 7);
    const flipped = bytes.toString('latin1');
    if (reasonOf(flipped) !== null) {
      assert.notEqual((await judge(flipped)).outcome, 'verified', flipped);
      continue;
    }
    // The case of the host is folded: the same label.
    const sameLabel = flipped.toUpperCase() === text && flipped.slice(24) === text.slice(24);
    if (sameLabel) assert.deepEqual(parseLabel(flipped), good);
    else assert.notEqual((await judge(flipped)).outcome, 'verified', flipped);
    read += 1;
  }
  assert.ok(read > 300, `flips that are well formed do occur: ${read}`);
  for (let bit = 0; bit < 73 * 8; bit++) {
    const flipped = label({ serial: '17', blob: (bytes) => { bytes[bit >> 3] ^= 1 << (bit & 7); return bytes; } });
    assert.notEqual((await judge(flipped)).outcome, 'verified', `bit ${bit} of the blob`);
  }
});

test('no hash of a proof, no byte of an entry and no length of a proof can be changed', async () => {
  let tried = 0;
  for (let at = 0; at < GOOD.entries.length; at++) {
    const { entry, proof } = GOOD.entries[at];
    const changed = (change) => ({ ...GOOD, entries: GOOD.entries.map((each, place) => (place === at ? { ...each, ...change } : each)) });
    for (let place = 0; place < proof.length; place++) {
      for (let byte = 0; byte < 32; byte++) {
        const hash = Buffer.from(proof[place], 'base64');
        hash[byte] ^= 1 << (byte & 7);
        await expect('undecided', 'log_inconsistent', label(), changed({ proof: proof.map((old, other) => (other === place ? hash.toString('base64') : old)) }));
        tried += 1;
      }
    }
    for (const other of [proof.slice(1), proof.slice(0, -1), [...proof, proof[0]], [proof[0], ...proof], [...proof].reverse(), []]) {
      await expect('undecided', 'log_inconsistent', label(), changed({ proof: other }));
    }
    const bytes = Buffer.from(entry, 'base64');
    for (let byte = 0; byte < bytes.length; byte += 37) {
      const other = Buffer.from(bytes);
      other[byte] ^= 1;
      await expect('undecided', 'log_inconsistent', label(), changed({ entry: other.toString('base64') }));
    }
  }
  const [accredited, attested] = GOOD.entries;
  await expect('undecided', 'log_inconsistent', label(), { ...GOOD, entries: [{ ...accredited, index: 0 }, attested] });
  await expect('undecided', 'log_inconsistent', label(), { ...GOOD, entries: [{ ...accredited, proof: attested.proof }, attested] });
  assert.ok(tried >= 160, `${tried}`);
});

test('inclusion proofs hold for each leaf of each small tree, and for no other leaf', async () => {
  for (let size = 1; size <= 17; size++) {
    const { checkpoint: note, entries } = evidence(Array.from({ length: size }, (_, at) => filler(at)), 0);
    const root = note.split('\n')[2];
    for (const { index, entry, proof } of entries) {
      const leaf = new Uint8Array(await crypto.subtle.digest('SHA-256', Buffer.concat([Buffer.from([0]), Buffer.from(entry, 'base64')])));
      for (let other = 0; other < size; other++) {
        const found = await rootOf(leaf, BigInt(other), BigInt(size), proof.map(unbase64));
        assert.equal(found !== null && Buffer.from(found).toString('base64') === root, other === index, `${other} for ${index} of ${size}`);
      }
    }
  }
});

test('a checkpoint counts only as the log of the trust signed it', async () => {
  const text = GOOD.checkpoint.slice(0, GOOD.checkpoint.indexOf('\n\n') + 1), [, size, root] = text.split('\n');
  const other = (note) => ({ ...GOOD, checkpoint: note });
  await expect('undecided', 'log_inconsistent', label(), bundleOf(log(), [1, 3], { key: otherKey }));
  await expect('undecided', 'log_inconsistent', label(), evidence(log(), 3, { origin: 'other.example' }));
  await expect('undecided', 'log_inconsistent', label(), other(GOOD.checkpoint.replace('\n7\n', '\n8\n')));
  await expect('undecided', 'log_inconsistent', label(), other(checkpoint(`other.example\n${size}\n${root}\n`)));
  await expect('undecided', 'log_inconsistent', label(), other(checkpoint(`registry.example\n9\n${root}\n`)));
  await expect('verified', null, label(), other(checkpoint(`${text}an extension\n`)));
  // A key that the trust has for another log signs nothing for this one.
  const foreign = trust({ logKeys: [...trust().logKeys, vkey('other.example', 1, otherKey)] });
  await expect('undecided', 'log_inconsistent', label(), other(checkpoint(text, { key: otherKey, origin: 'other.example' })), foreign);
  for (const bad of ['', 'x', text, GOOD.checkpoint.slice(0, -1), `${GOOD.checkpoint}\n`, GOOD.checkpoint.replace('— ', '- '), checkpoint(`registry.example\n07\n${root}\n`),
    checkpoint(`registry.example\n7\n${root.replace('=', '')}\n`), checkpoint(`registry.example\n7\n`), checkpoint(`registry.example\n7\n${root}\n\nx\n`), checkpoint(`registry.example\n18446744073709551623\n${root}\n`),
    `${GOOD.checkpoint}${'— a.example AAAAAAA=\n'.repeat(64)}`, GOOD.checkpoint.padEnd(300_000, 'x'), null, 7, {}]) {
    await expect('undecided', 'network', label(), other(bad));
  }
});

test('evidence is as old as its witnesses, or as whoever fetched it says', async () => {
  const DAY = 86_400_000, seconds = 1_770_000_000, seen = bundleOf(log(), [1, 3], { witnesses: [{ seconds }] });
  const at = async (bundle, keys, now, fetched) => (await check(label(), bundle, keys, now, fetched)).outcome;
  assert.equal(await at(GOOD, trust(), NOW, NOW), 'verified');
  assert.equal(await at(GOOD, trust(), NOW, NOW - 8 * DAY), 'undecided', 'fetched eight days ago');
  assert.equal(await at(GOOD, trust({ snapshotMaxAgeDays: 30 }), NOW, NOW - 8 * DAY), 'verified');
  assert.equal(await at(GOOD, trust(), NOW, null), 'undecided', 'nobody knows when');
  const asking = trust({ witnesses: [witnessVkey], quorum: 1 });
  assert.equal(await at(seen, asking, seconds * 1000 + 6 * DAY, null), 'verified');
  assert.equal(await at(seen, asking, seconds * 1000 + 8 * DAY, seconds * 1000 + 8 * DAY), 'undecided', 'an old tree, shown anew');
});

test('entries under other rules are not judged', async () => {
  assert.equal((await judge(label(), GOOD, trust({ rules: [[0, 1], [2, 3]] }))).outcome, 'undecided');
  assert.equal((await judge(label(), GOOD, trust({ rules: [[0, 1], [1_000_000, 3]] }))).outcome, 'verified');
  for (const rules of ['x', [[0, -1]], [[0.5, 1]]]) await expect('undecided', 'no_trust', label(), GOOD, trust({ rules }));
});

test('witnesses are named, counted and held to their signatures', async () => {
  const seconds = 1_770_000_000, asking = (quorum) => trust({ witnesses: [witnessVkey], quorum, snapshotMaxAgeDays: 10_000 });
  const seen = (...witnesses) => bundleOf(log(), [1, 3], { witnesses });
  const result = await expect('verified', null, label(), seen({ seconds }, { seconds: seconds - 5 }, { name: 'stranger.example', seconds, key: otherKey }), asking(1));
  assert.deepEqual(result.witnesses, [{ name: 'witness.example', time: '2026-02-02T02:40:00.000Z', verified: true }, { name: 'stranger.example', time: null, verified: false }]);
  assert.deepEqual([step(result, 'witnesses').ok, result.checkpoint.time], [true, '2026-02-02T02:40:00.000Z']);
  await expect('undecided', 'no_quorum', label(), GOOD, asking(1));
  await expect('undecided', 'no_quorum', label(), seen({ seconds }, { seconds: seconds + 1 }), asking(2));
  await expect('undecided', 'log_inconsistent', label(), seen({ seconds, bad: true }), asking(0));
  await expect('undecided', 'log_inconsistent', label(), seen({ seconds: 2n ** 63n }), asking(0));
  await expect('undecided', 'no_trust', label(), GOOD, trust({ witnesses: trust().logKeys }));
});

test('only the keys of the trust accredit, and only where they may', async () => {
  const [own] = trust().accreditors, keysOf = (...keys) => trust({ accreditors: [{ ...own, keys }] }), mine = own.keys[0];
  await expect('undecided', 'no_trust', label(), GOOD, keysOf({ ...mine, x: otherKey.x }));
  await expect('undecided', 'no_trust', label(), GOOD, keysOf({ ...mine, firstIndex: 2 }));
  await expect('undecided', 'no_trust', label(), GOOD, keysOf({ ...mine, lastIndex: 0 }));
  await expect('undecided', 'no_trust', label(), GOOD, keysOf({ ...mine, firstIndex: 2 }, { ...mine, x: otherKey.x }));
  await expect('verified', null, label(), GOOD, keysOf({ ...mine, firstIndex: 1, lastIndex: 1 }));
  await expect('undecided', 'no_trust', label(), GOOD, trust({ accreditors: [{ ...own, did: 'did:web:other.example' }] }));
  await expect('undecided', 'no_trust', label(), bundleOf(log(), [3]));
  // m of n: the same payload bytes by two keys; the second approval makes it count from there on.
  const two = trust({ accreditors: [{ ...own, threshold: 2, keys: [mine, { ...mine, x: otherKey.x }] }] });
  const [zero, , , ...rest] = log(), approved = [zero, ACCREDITED, [T + 2, jws(accreditation(), otherKey)], ...rest];
  await expect('undecided', 'no_trust', label(), GOOD, two);
  await expect('verified', null, label(), bundleOf(approved, [1, 2, 3]), two);
  await expect('undecided', 'no_trust', label(), bundleOf([zero, ACCREDITED, [T + 2, jws(accreditation({ name: 'Another' }), otherKey)], ...rest], [1, 2, 3]), two);
  await expect('undecided', 'no_trust', label(), bundleOf([zero, ACCREDITED, [T + 2, ACCREDITED[1]], ...rest], [1, 2, 3]), two);
});

test('an accreditation that the law refuses changes nothing', async () => {
  const rival = 'did:web:rival.example', [own] = trust().accreditors;
  const two = trust({ accreditors: [own, { ...own, did: rival, keys: [{ ...own.keys[0], x: otherKey.x }] }] });
  const by = (key, changes) => [T + 5, jws(accreditation({ validFrom: '2026-01-02T00:00:00Z', ...changes }), key)];
  for (const refused of [by(otherKey, { issuer: { id: rival, name: 'Rival' } }), by(accreditorKey, { validFrom: '2026-01-01T00:00:00Z', name: 'Stale' }), by(accreditorKey, { keys: [otherKey] }), by(accreditorKey, { subject: rival }),
    by(accreditorKey, { validFrom: '2026-06-01T00:00:00Z' }), by(accreditorKey, { subject: 'did:web:second.example' }), by(accreditorKey, { terms: { compromised: [{ key: otherKey.thumbprint, since: '2026-01-01T00:00:00Z' }] } }),
    by(accreditorKey, { terms: { countries: null, compromised: [{ key: certifierKey.thumbprint, since: '2026-01-01T00:00:00Z' }] } })]) {
    const result = await expect('undecided', 'unsupported', label(), bundleOf(log(refused), [1, 3, 4]), two);
    assert.match(step(result, 'standing').detail, /entry 4 does not count/);
    assert.equal(step(result, 'signature').ok, true);
  }
  // A key that was left out once does not come back.
  const third = (keys, validFrom, at) => [T + at, jws(accreditation({ keys, validFrom }), accreditorKey)];
  const all = [filler(0), ACCREDITED, third([logKey], '2026-01-02T00:00:00Z', 2), ATTESTED, third([certifierKey], '2026-01-03T00:00:00Z', 4)];
  all[3] = [T + 3, jws(JSON.parse(golden('attestation.json')), logKey)];
  await expect('undecided', 'unsupported', label({ key: logKey }), bundleOf(all, [1, 2, 3, 4]));
  await expect('refused', 'unknown_certifier', label(), bundleOf(all, [1, 2, 3, 4]));
  // Another's suspension is not its own accreditor's.
  const change = (key, ...change) => [T + 5, jws(statusChange(...change), key)];
  const told = (...changes) => bundleOf(log(...changes), [1, 3, ...changes.map((_, at) => 4 + at)]);
  for (const target of [{ attestations: [3] }, { party: CERTIFIER }]) {
    await expect('undecided', 'unsupported', label(), told(change(otherKey, 'suspend', target, null, { issuer: rival })), two);
  }
  // While it is suspended a certifier lifts nothing, and may still stop what is its own.
  const suspended = [change(certifierKey, 'suspend', { attestations: [3] }, null), change(accreditorKey, 'suspend', { party: CERTIFIER }, null, { issuer: ACCREDITOR, validFrom: '2026-01-31T00:00:00Z' })];
  const lifted = await judge(label(), told(...suspended, change(certifierKey, 'reinstate', { attestations: [3] }, 4)));
  assert.equal(step(lifted, 'standing').reason, 'suspended');
  await expect('refused', 'withdrawn', label(), told(...suspended, change(certifierKey, 'withdraw', { attestations: [3] }, 4)));
});

test('scope is judged at the attestation', async () => {
  for (const changes of [{ terms: { countries: ['IN'] } }, { terms: { hsChapters: [58] } }, { terms: { topics: ['forced-labor-elimination'] } }, { validUntil: '2026-01-31T00:00:00Z' }, { validFrom: '2026-02-02T00:00:00Z' }]) {
    const narrow = log();
    narrow[1] = [T + 1, jws(accreditation(changes), accreditorKey)];
    await expect('refused', 'out_of_scope', label(), bundleOf(narrow, [1, 3]));
    const later = log([T + 5, jws(accreditation({ validFrom: '2026-02-02T00:00:00Z', ...changes, ...(changes.validUntil && { validUntil: '2026-03-01T00:00:00Z' }) }), accreditorKey)]);
    await expect('verified', null, label(), bundleOf(later, [1, 3, 4]));
  }
  const office = log();
  office[1] = [T + 1, jws(accreditation({ terms: { role: 'customs-office' } }), accreditorKey)];
  await expect('refused', 'unknown_attestation', label(), bundleOf(office, [1, 3]));
});

test('keys: retired, added later, of another, compromised, exposed', async () => {
  const again = (changes) => [T + 2, jws(accreditation({ validFrom: '2026-01-02T00:00:00Z', ...changes }), accreditorKey)];
  const before = (changes) => { const all = log(); all[2] = again(changes); return bundleOf(all, [1, 2, 3]); };
  const after = (changes) => bundleOf(log([T + 5, again(changes)[1]]), [1, 3, 4]);
  await expect('refused', 'unknown_attestation', label(), before({ keys: [otherKey] }));
  await expect('refused', 'unknown_certifier', label({ key: otherKey }), GOOD);
  await expect('verified', null, label(), after({ keys: [otherKey] }));
  await expect('verified', null, label({ key: otherKey }), after({ keys: [otherKey] }));
  // Retired at 2, and the other attests at 3: no label by the retired one.
  const all = log();
  all[2] = again({ keys: [otherKey] });
  all[3] = [T + 3, jws(JSON.parse(golden('attestation.json')), otherKey)];
  await expect('refused', 'unknown_certifier', label(), bundleOf(all, [1, 2, 3]));
  await expect('verified', null, label({ key: otherKey }), bundleOf(all, [1, 2, 3]));
  const stolen = (since) => ({ keys: [certifierKey], terms: { compromised: [{ key: certifierKey.thumbprint, since }] } });
  await expect('caution', 'key_exposed', label(), after(stolen('2026-02-02T00:00:00Z')));
  await expect('refused', 'key_compromised', label(), after(stolen('2026-02-01T00:00:00Z')));
  await expect('refused', 'unknown_attestation', label(), before(stolen('2026-02-02T00:00:00Z')));
  await expect('refused', 'forged_signature', label({ signature: otherKey.sign('x') }));
});

test('a key of small order signs nothing, though WebCrypto takes its signatures', async () => {
  const identity = publicOf(Buffer.concat([Buffer.from([1]), Buffer.alloc(31)]).toString('base64url'));
  // [1]B = B + k·identity for every k: the base point and the number one sign every message.
  const signature = Buffer.concat([Buffer.from(`58${'66'.repeat(31)}`, 'hex'), Buffer.from([1]), Buffer.alloc(31)]);
  const imported = await crypto.subtle.importKey('raw', identity.bytes, 'Ed25519', false, ['verify']);
  assert.ok(await crypto.subtle.verify('Ed25519', imported, signature, Buffer.from('anything')), 'the attack is real');
  assert.equal(await verifyStrict(identity.bytes, signature, Buffer.from('anything')), false);
  const all = log();
  all[1] = [T + 1, jws(accreditation({ keys: [certifierKey, identity] }), accreditorKey)];
  await expect('refused', 'forged_signature', label({ key: identity, signature }), bundleOf(all, [1, 3]));
});

test('product, lot, claims, serial and days are those attested', async () => {
  await expect('refused', 'wrong_product', label({ lot: 'KTM-2027' }));
  await expect('refused', 'wrong_product', label({ gtin: '09506000134352' }));
  await expect('refused', 'wrong_product', label({ gtin: null }));
  for (const [from, to] of [['"batchNumber":"KTM-2026"', '"batchNumber":"KTM-2027"'], ['/10/KTM-2026"', '/10/KTM-2027"']]) {
    const odd = log();
    odd[3] = [T + 3, jws(golden('attestation.json').replace(from, to), certifierKey, { did: CERTIFIER })];
    await expect('refused', 'wrong_product', label(), bundleOf(odd, [1, 3]));
  }
  await expect('refused', 'wrong_claims', label({ claims: 3 }));
  await expect('verified', null, label({ number: 100 }));
  await expect('refused', 'serial_out_of_range', label({ number: 101 }));
  await expect('undecided', 'network', label({ index: 4 }));
  await expect('undecided', 'newer_than_snapshot', label({ index: 7 }), { ...GOOD, index: 7 });
  await expect('refused', 'foreign_origin', label({ origin: 'other.example' }));
  const early = log();
  early[3] = [T + 3, jws(golden('attestation.json').replace('2026-01-15T00', '2026-06-02T00'), certifierKey, { did: CERTIFIER })];
  await expect('refused', 'not_yet_valid', label(), bundleOf(early, [1, 3]));
  await expect('verified', null, label(), bundleOf(early, [1, 3]), trust(), Date.parse('2026-06-02T00:00:00Z'));
  const day = (text) => judge(label({ lastDay: '2027-06-30' }), GOOD, trust(), Date.parse(text));
  assert.equal((await day('2027-06-30T23:59:59Z')).outcome, 'verified');
  assert.equal(step(await day('2027-07-01T00:00:00Z'), 'validity').reason, 'expired');
  await expect('refused', 'expired', label({ lastDay: '2029-01-01' }), GOOD, trust(), Date.parse('2028-01-01T00:00:00Z'));
  await expect('undecided', 'clock', label(), GOOD, trust(), T - 6 * 60_000);
  await expect('verified', null, label(), GOOD, trust(), T - 4 * 60_000);
  await expect('undecided', 'clock', label(), GOOD, trust(), NaN);
});

test('status changes: the last word of each holder, and only theirs', async () => {
  const target = { attestations: [3] }, party = { party: CERTIFIER }, by = { issuer: ACCREDITOR };
  const say = (at, key, ...change) => [T + at, jws(statusChange(...change), key)];
  const told = (...changes) => bundleOf(log(...changes), [1, 3, ...changes.map((_, at) => 4 + at)]);
  const suspend = say(5, certifierKey, 'suspend', target, null);
  await expect('refused', 'suspended', label(), told(suspend));
  await expect('verified', null, label(), told(suspend, say(6, certifierKey, 'reinstate', target, 4)));
  await expect('refused', 'withdrawn', label(), told(suspend, say(6, certifierKey, 'withdraw', target, 4)));
  await expect('refused', 'suspended', label(), told(say(5, accreditorKey, 'suspend', target, null, by)));
  await expect('refused', 'certifier_suspended', label(), told(say(5, accreditorKey, 'suspend', party, null, by)));
  await expect('refused', 'certifier_suspended', label(), told(say(5, accreditorKey, 'withdraw', party, null, by)));
  await expect('verified', null, label(), told(say(5, accreditorKey, 'suspend', party, null, by), say(6, accreditorKey, 'reinstate', party, 4, by)));
  // Announced: not yet in effect, and then it is.
  const soon = say(5, certifierKey, 'suspend', target, null, { validFrom: '2026-07-01T00:00:00Z' });
  await expect('verified', null, label(), told(soon));
  await expect('refused', 'suspended', label(), told(soon), trust(), Date.parse('2026-07-01T00:00:00Z'));
  // Neither lifts the other's hold, nor says anything after an end; what does not count is told, and never fine.
  for (const [changes, reason] of [
    [[suspend, say(6, accreditorKey, 'reinstate', target, 4, by)], 'suspended'],
    [[suspend, say(6, certifierKey, 'reinstate', target, null)], 'suspended'],
    [[say(5, certifierKey, 'withdraw', target, null), say(6, certifierKey, 'reinstate', target, 4)], 'withdrawn'],
  ]) await expect('refused', reason, label(), told(...changes));
  for (const odd of [say(5, certifierKey, 'suspend', target, 1), say(5, certifierKey, 'suspend', party, null), say(5, otherKey, 'suspend', target, null), say(5, certifierKey, 'suspend', { attestations: [2] }, null),
    say(5, certifierKey, 'reinstate', target, null), say(5, certifierKey, 'delete', target, null), say(5, certifierKey, 'suspend', { ...target, ...party }, null), say(5, certifierKey, 'suspend', target), say(2, certifierKey, 'suspend', target, null)]) {
    const result = await expect('undecided', 'unsupported', label(), told(odd));
    assert.equal(step(result, 'standing').ok, null);
  }
  // A certifier that is suspended attests nothing.
  const all = log();
  all[2] = say(2, accreditorKey, 'suspend', party, null, { ...by, validFrom: '2026-01-31T00:00:00Z' });
  await expect('refused', 'unknown_attestation', label(), bundleOf(all, [1, 2, 3]));
});

test('statements that two readers could read differently count for nothing', async () => {
  const payload = JSON.parse(golden('attestation.json')), text = golden('attestation.json').trim();
  const sent = (payload, options = {}) => jws(payload, certifierKey, { did: CERTIFIER, ...options });
  const swap = (from, to) => { assert.ok(text.includes(from), from); return sent(text.replace(from, to)); };
  const [header, body, signature] = ATTESTED[1].split('.');
  const resigned = (signed) => `${signed}.${certifierKey.sign(signed).toString('base64url')}`;
  const bad = {
    'a member twice': swap('"labels":100', '"labels":100,"labels":100'),
    'a member twice, once escaped': swap('"labels":100', '"labels":100,"l\\u0061bels":1000'),
    'a member twice at the top': swap('"registry":', '"registry":"other.example","registry":'),
    'a header member twice': resigned(`${Buffer.from(Buffer.from(header, 'base64url').toString().replace('{', '{"alg":"EdDSA",')).toString('base64url')}.${body}`),
    'another header member': sent(text, { header: { jwk: certifierKey.jwk } }),
    'another algorithm': sent(text, { header: { alg: 'none' } }),
    'another type': sent(text, { header: { typ: 'JWT' } }),
    'no content type': sent(text, { header: { cty: undefined } }),
    'the key of another issuer': sent(text, { kid: `did:web:other.example#${certifierKey.thumbprint}` }),
    'another thumbprint': sent(text, { kid: `${CERTIFIER}#${otherKey.thumbprint}` }),
    'a short fragment': sent(text, { kid: `${CERTIFIER}#key-1` }),
    'iss of another': swap('"name":"Produced', '"iss":"did:web:other.example","name":"Produced'),
    'exp': swap('"name":"Produced', '"exp":4000000000,"name":"Produced'),
    'another registry': swap('"registry":"registry.example"', '"registry":"other.example"'),
    'another context': swap('https://registry.example/contexts/v1', 'https://other.example/contexts/v1'),
    'two kinds': swap('"DigitalConformityCredential","VerifiableCredential"', '"DigitalConformityCredential","LabelStatusChange"'),
    'a kind that is a name of every object': swap('"DigitalConformityCredential"', '"constructor"'),
    'a bidi override': swap('Hand-knotted', 'Hand\u202eknotted'),
    'half a character': swap('Hand-knotted', 'Hand\\ud800knotted'),
    'a byte order mark': sent(`\ufeff${text}`),
    'trailing bytes': sent(`${text}x`),
    'nested 33 deep': swap('"labels":100', `"x":${'['.repeat(33)}${']'.repeat(33)},"labels":100`),
    'not conformant': swap('"conformance":true', '"conformance":false'),
    'no conformance': swap(',"conformance":true', ''),
    'one incident': swap('"value":0', '"value":1'),
    'a list for a text': swap('"validFrom":"2026-01-15T00:00:00Z"', '"validFrom":["2026-01-15T00:00:00Z"]'),
    'no such day': swap('2026-01-15T00:00:00Z', '2026-02-30T00:00:00Z'),
    'an empty period': swap('"validUntil":"2028-01-01T00:00:00Z"', '"validUntil":"2026-01-15T00:00:00Z"'),
    'no labels': swap('"labels":100', '"labels":0'),
    'labels as a text': swap('"labels":100', '"labels":"100"'),
    'four parts': `${ATTESTED[1]}.`,
    'two parts': `${header}.${body}`,
    'a signature of 63 bytes': `${header}.${body}.${Buffer.from(signature, 'base64url').subarray(1).toString('base64url')}`,
    'base64url with padding': `${header}.${body}.${signature}==`,
    'base64url in another spelling': `${header}.${body}.${signature.slice(0, -1)}${String.fromCharCode(signature.charCodeAt(signature.length - 1) + 1)}`,
    'too long': swap('"labels":100', `"x":"${'x'.repeat(40_000)}","labels":100`),
    'a signature of another message': `${header}.${body}.${otherKey.sign('x').toString('base64url')}`,
    'not a JWS': 'x',
    'an empty object': sent('{}'),
    'null': sent('null'),
  };
  for (const [name, token] of Object.entries(bad)) {
    const all = log();
    all[3] = [T + 3, token];
    const result = await judge(label(), bundleOf(all, [1, 3]));
    assert.deepEqual([result.outcome, step(result, 'statement').reason], ['refused', 'unknown_attestation'], `${name}: ${JSON.stringify(result.steps)}`);
  }
  const all = log();
  all[3] = [T + 3, sent(payload, { header: { alg: 'Ed25519' } })];
  await expect('verified', null, label(), bundleOf(all, [1, 3]));
  all[3] = [T + 3, swap('https://vocabulary.uncefact.org/untp/0.7.0/context/', 'https://test.uncefact.org/vocabulary/untp/dcc/0.6.1/')];
  await expect('undecided', 'unsupported', label(), bundleOf(all, [1, 3]));
  all[3] = [2n ** 56n, ATTESTED[1]];
  await expect('refused', 'unknown_attestation', label(), bundleOf(all, [1, 3]));
});

test('JSON is read once, base64 in one spelling', () => {
  for (const text of ['{"a":1,"a":2}', '{"a":{"b":1,"b":1}}', '[{"a":1,"\\u0061":1}]', '{"":0,"":0}', '{"__proto__":1,"__proto__":2}']) assert.throws(() => strictJson(text), text);
  for (const text of ['{"a":[":","a"],"b":"\\"a\\":","c":{"a":1}}', '[{"a":1},{"a":1}]', '{"a" : 1 , "b":"a"}', '{"__proto__":1}', '"\\\\"']) assert.deepEqual(strictJson(text), JSON.parse(text));
  assert.deepEqual([...unbase64('AA==')], [0]);
  for (const text of ['AB==', 'AA', 'AA=', 'AA==\n', ' AA==', 'A', 'A_==', 'AAA=A', '====', null]) assert.throws(() => unbase64(text), String(text));
  assert.deepEqual([...unbase64url('_-8')], [0xff, 0xef]);
  for (const text of ['_-9', '/+8', '_-8=', '_-8\n', '_', 7]) assert.throws(() => unbase64url(text), String(text));
});

test('garbage is neither believed nor thrown', async () => {
  const nothing = [undefined, null, 0, NaN, '', 'x', '{', '[]', '{}', [], {}, 'null', () => {}, Symbol.iterator, new Proxy({}, { get() { throw new Error('trap'); } })];
  for (const each of nothing) {
    for (const result of [await check(each, GOOD, trust(), NOW), await check(label(), each ?? null, trust(), NOW), await check(label(), GOOD, each ?? null, NOW)]) {
      assert.ok(['refused', 'undecided'].includes(result.outcome));
      assert.equal(result.steps.length, 10);
    }
  }
  for (const change of [{ index: '3' }, { index: 3.5 }, { index: 2 ** 60 }, { index: 2 }, { entries: {} }, { entries: [] }, { entries: Array(2000).fill(GOOD.entries[0]) }, { entries: [...GOOD.entries].reverse() }, { entries: [GOOD.entries[0], ...GOOD.entries] },
    { entries: [GOOD.entries[0]] }, { entries: [null] }, { entries: GOOD.entries.map((entry) => ({ ...entry, entry: 'A'.repeat(200_000) })) }, { entries: GOOD.entries.map((entry) => ({ ...entry, proof: Array(65).fill(entry.proof[0]) })) },
    { entries: GOOD.entries.map((entry) => ({ ...entry, proof: [7] })) }, { entries: GOOD.entries.map((entry) => ({ ...entry, proof: ['AA=='] })) }]) {
    await expect('undecided', 'network', label(), { ...GOOD, ...change });
  }
  const text = JSON.stringify(GOOD);
  await expect('verified', null, label(), text, JSON.stringify(trust()));
  for (const other of [text.padEnd(9 << 20), text.replace('"index":3', '"index":3,"index":3'), `${text}x`, text.slice(0, -1), `${'['.repeat(100_000)}`]) await expect('undecided', 'network', label(), other);
  for (const change of [{ logKeys: ['x'] }, { logKeys: null }, { quorum: -1 }, { accreditors: {} }, { accreditors: [{}] }, { logKeys: [trust().logKeys[0].replace(/\+\w/, '+0')] }]) await expect('undecided', 'no_trust', label(), GOOD, trust(change));
});

test('without WebCrypto, as on a page without TLS, nothing is said but that it cannot be', async () => {
  const real = Object.getOwnPropertyDescriptor(globalThis, 'crypto');
  for (const value of [undefined, {}, { subtle: { importKey: () => Promise.reject(new Error('NotSupportedError')) } }]) {
    Object.defineProperty(globalThis, 'crypto', { value, configurable: true });
    try {
      await expect('undecided', 'unsupported');
      await expect('refused', 'malformed', 'x');
    } finally {
      Object.defineProperty(globalThis, 'crypto', real);
    }
  }
});

test('CCTV and Wycheproof have the verdicts of crates/primitives', async (t) => {
  const folder = file('../../../../shared/data/ed25519/');
  if (!existsSync(folder)) {
    if (process.env.CI) assert.fail(`${folder.pathname} is not there`);
    console.log('left out: Ed25519 vectors: no shared/data');
    return t.skip('no shared/data');
  }
  const read = (name) => JSON.parse(readFileSync(new URL(name, folder), 'utf8'));
  const { wrong, run: count, valid } = await run(verifyStrict, { cctv: read('cctv-ed25519vectors.json'), wycheproof: read('wycheproof-ed25519.json') });
  assert.deepEqual(wrong, []);
  assert.equal(count, 914 + 151);
  assert.ok(valid > 80 && valid < count, `both verdicts occur: ${valid}`);
});
