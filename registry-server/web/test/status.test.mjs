// Status roots in the browser's check: what is left out under one shows, and so does that there is none.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { check } from '../src/check.js';
import {
  ACCREDITOR, CERTIFIER, NOW, accreditation, accreditorKey, certifierKey, evidence, jws, label, otherKey, statusChange, statusLeaf, statusPath, statusRoot, trust,
} from './registry.mjs';
import { readFileSync } from 'node:fs';

const ATTESTATION = readFileSync(new URL('../../../crates/statement/golden/v1/attestation.jws', import.meta.url), 'utf8').trim();
const MINUTE = 60_000, T = NOW - 4 * MINUTE, EMPTY = Buffer.alloc(0);
const BOUND = trust({ rules: [[0, 2]] });

const hold = (received, key, target, after, issuer) => [received, jws(statusChange('suspend', target, after, { issuer, validFrom: '2026-03-03T00:00:00Z' }), key)];

/** 0 accreditation, 1 and 2 nothing, 3 attestation, 4 its suspension, 5 the status root, then what is asked for. */
function log({ at = T, leaves, more = [] } = {}) {
  leaves ??= [statusLeaf(2, 0), EMPTY, EMPTY, statusLeaf(1, 4), EMPTY];
  const statements = [[at, jws(accreditation(), accreditorKey)], [at, 'x'], [at, 'x'], [at, ATTESTATION], hold(at, certifierKey, { attestations: [3] }, null, CERTIFIER), statusRoot(at, leaves), ...more];
  return { statements, leaves };
}

/** Evidence about entry 3 without some entries, and the proof that nothing was left out, changed. */
function bundle({ statements, leaves }, { without = [], change = (status) => status } = {}) {
  const all = evidence(statements, 3);
  const status = { root: all.entries[5], attestation: statusPath(3, leaves), certifier: statusPath(0, leaves) };
  const left = [1, 2, 5, ...without];
  return { ...all, entries: all.entries.filter(({ index }) => !left.includes(index)), status: change(status) };
}

async function expect(outcome, reason, given, now = NOW, keys = BOUND) {
  const result = await check(label(), given, keys, now);
  const first = result.steps.find(({ ok, reason: why }) => ok !== true && why !== null);
  assert.deepEqual([result.outcome, first?.reason ?? null], [outcome, reason], JSON.stringify(result, null, 1));
  return result.steps.find(({ step }) => step === 'complete');
}

test('a hold that is left out shows', async () => {
  assert.equal((await expect('refused', 'suspended', bundle(log()))).ok, true);
  const hidden = (change) => bundle(log(), { without: [4], change });
  assert.equal((await expect('undecided', 'log_inconsistent', hidden())).ok, false);
  await expect('undecided', 'log_inconsistent', hidden((status) => ({ ...status, attestation: status.certifier })));
  await expect('undecided', 'log_inconsistent', hidden((status) => ({ ...status, attestation: [] })));
  await expect('undecided', 'network', hidden((status) => ({ ...status, attestation: 'x' })));
  await expect('undecided', 'log_inconsistent', hidden((status) => ({ ...status, root: { ...status.root, index: 4 } })));
  const other = evidence(log().statements, 3).entries[3];
  await expect('undecided', 'log_inconsistent', hidden(() => ({ root: other, attestation: [], certifier: [] })));
  // The same of the party: suspended by its accreditor, at 4.
  const held = log({ leaves: [statusLeaf(2, 0, 4), EMPTY, EMPTY, statusLeaf(1), EMPTY] });
  held.statements[4] = hold(T, accreditorKey, { party: CERTIFIER }, null, ACCREDITOR);
  await expect('refused', 'certifier_suspended', bundle(held));
  await expect('undecided', 'log_inconsistent', bundle(held, { without: [4] }));
});

test('a root is of use for ten minutes', async () => {
  const free = { leaves: [statusLeaf(2, 0), EMPTY, EMPTY, statusLeaf(1), EMPTY] };
  const quiet = log(free), busy = log({ ...free, more: [[T, 'x']] });
  for (const each of [quiet, busy]) each.statements[4] = [T, 'x'];
  const shown = (each, options) => bundle(each, { without: [4, 6], ...options });
  for (const each of [quiet, busy]) {
    assert.match((await expect('verified', null, shown(each), T + 10 * MINUTE)).detail, /up to 2026-06-01/);
    await expect('undecided', 'no_status', shown(each), T + 10 * MINUTE + 1);
  }
  // Without a root, the log's first entry says whether it owes one.
  const none = { change: () => undefined };
  await expect('verified', null, shown(busy, none), T + 10 * MINUTE);
  await expect('undecided', 'no_status', shown(quiet, none), T + 10 * MINUTE + 1);
  await expect('verified', null, shown(quiet, none), T + 86_400_000, trust());
  await expect('undecided', 'network', { ...shown(quiet), status: 7 });
});

test('what came after the root adds to it, and an accreditation counts with all its approvals', async () => {
  const renewed = (key) => [T, jws(accreditation({ validFrom: '2026-01-02T00:00:00Z' }), key)];
  const [own] = trust().accreditors, two = { ...own, threshold: 2, keys: [...own.keys, { ...own.keys[0], x: otherKey.x }] };
  const keys = { ...BOUND, accreditors: [two] };
  const approved = [[T, jws(accreditation(), accreditorKey)], [T, jws(accreditation(), otherKey)], [T, 'x'], [T, ATTESTATION], renewed(accreditorKey)];
  const leaves = [EMPTY, statusLeaf(2, 0, 1), EMPTY, statusLeaf(1), EMPTY];
  const statements = [...approved, statusRoot(T, leaves), renewed(otherKey), hold(T, certifierKey, { attestations: [3] }, null, CERTIFIER)];
  const all = evidence(statements, 3);
  const status = { root: all.entries[5], attestation: statusPath(3, leaves), certifier: statusPath(1, leaves) };
  const shown = (...indexes) => ({ ...all, entries: all.entries.filter(({ index }) => indexes.includes(index)), status });
  await expect('refused', 'suspended', shown(0, 1, 3, 4, 6, 7), NOW, keys);
  await expect('verified', null, shown(0, 1, 3, 4, 6), NOW, keys);
});

test('evidence of no known time says up to when it is complete', async () => {
  const result = await check(label(), bundle(log()), BOUND, NOW + 86_400_000, null), step = (name) => result.steps.find((each) => each.step === name);
  assert.deepEqual([result.outcome, step('witnesses').reason, step('complete').ok], ['refused', 'stale_snapshot', true]);
  assert.match(step('complete').detail, /no change up to 2026-06-01T11:56/);
});

test('nothing but the two proofs is taken from what was sent', async () => {
  const forged = { leaves: [], size: 0, time: T, root: undefined };
  for (const name of ['leaves', 'size', 'time']) {
    await expect('undecided', 'log_inconsistent', bundle(log(), { without: [4], change: (status) => ({ ...status, [name]: forged[name] }) }));
  }
});

/** A root without the suspension, of some time, at index 6 of a log that is otherwise honest. */
async function lie(time, { rules = [[0, 2]], now = NOW } = {}) {
  const leaves = [statusLeaf(2, 0), EMPTY, EMPTY, statusLeaf(1), EMPTY, EMPTY], { statements } = log({ more: [statusRoot(time, leaves)] });
  const all = evidence(statements, 3), status = { root: all.entries[6], attestation: statusPath(3, leaves), certifier: statusPath(0, leaves) };
  const result = await check(label(), { ...all, entries: all.entries.filter(({ index }) => index === 0 || index === 3), status }, trust({ rules }), now);
  return [result.outcome, result.steps.find(({ ok, reason }) => ok !== true && reason)?.reason];
}

test('a root of a time that the law refuses is none', async () => {
  assert.deepEqual(await lie(2 ** 56 - 1), ['undecided', 'log_inconsistent']);
  assert.deepEqual(await lie(2 ** 32 * 1000), ['undecided', 'log_inconsistent']);
  assert.deepEqual(await lie(T - 1), ['undecided', 'log_inconsistent'], 'before what it covers');
  assert.deepEqual(await lie(NOW + 3_600_000), ['undecided', 'no_status'], 'ahead of every clock');
  assert.deepEqual(await lie(T, { rules: [[0, 1], [7, 2]] }), ['undecided', 'log_inconsistent'], 'before the rules with roots');
  // The first entry, too, shows how young the log is by a time that an entry may have.
  const { statements } = log();
  const far = Buffer.alloc(40, 255);
  far[0] = 1;
  const all = evidence([far, ...statements.slice(0, 4)], 4);
  const result = await check(label({ index: 4 }), { ...all, entries: [all.entries[0], all.entries[1], all.entries[4]] }, BOUND, NOW);
  assert.equal(result.steps.find(({ step }) => step === 'complete').reason, 'no_status');
});

test('of an attestation that is newer than the root, the certifier is held against it all the same', async () => {
  const accredited = [T, jws(accreditation(), accreditorKey)], withdrawn = [T, jws(statusChange('withdraw', { party: CERTIFIER }, null, { issuer: ACCREDITOR }), accreditorKey)];
  const leaves = [statusLeaf(2, 0, 1), EMPTY], all = evidence([accredited, withdrawn, statusRoot(T, leaves), [T, ATTESTATION]], 3);
  const status = { root: all.entries[2], attestation: [], certifier: statusPath(0, leaves) };
  await expect('undecided', 'log_inconsistent', { ...all, entries: [all.entries[0], all.entries[3]], status });
});
