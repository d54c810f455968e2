// COSE Receipts of a real registry (RFC 9942), verified by PyPI `scitt-cose` under the key that the registry publishes.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createPublicKey } from 'node:crypto';
import { after, before, test } from 'node:test';
import { open } from './world.mjs';

const PYTHON = process.env.PYTHON ?? 'python3';
let world, pem;

before(async () => {
  world = await open();
  const did = await (await fetch(`${world.url}/.well-known/did.json`)).json();
  pem = createPublicKey({ key: did.verificationMethod[0].publicKeyJwk, format: 'jwk' }).export({ format: 'pem', type: 'spki' });
});
after(() => world?.close());

const PROGRAM = `
import base64, dataclasses, json, sys
from scitt_cose.receipt import verify_receipt
for case in json.load(sys.stdin):
    result = verify_receipt(base64.b64decode(case["receipt"]), leaf_entry_hex=case["entry"], log_public_key_pem=case["pem"])
    print(json.dumps(dataclasses.asdict(result), default=lambda value: value.hex() if isinstance(value, bytes) else repr(value)))
`;

/** What scitt-cose says of each receipt. */
function verdicts(cases) {
  const printed = execFileSync(PYTHON, ['-c', PROGRAM], { input: JSON.stringify(cases), encoding: 'utf8' });
  return printed.trim().split('\n').map((line) => JSON.parse(line));
}

/** The entry as the log holds it, and its receipt. */
async function entry(index) {
  const { statement, receivedAt } = await (await fetch(`${world.url}/v1/statements/${index}`)).json();
  const stamp = Buffer.alloc(8);
  stamp.writeBigUInt64BE(BigInt(Date.parse(receivedAt)));
  const answer = await fetch(`${world.url}/v1/statements/${index}/receipt`);
  assert.equal(answer.headers.get('content-type'), 'application/scitt-receipt+cose');
  return {
    entry: Buffer.concat([stamp, Buffer.from(statement)]).toString('hex'),
    receipt: Buffer.from(await answer.arrayBuffer()),
    receivedAt,
  };
}

test('scitt-cose accepts the receipt of every entry, and reads in it what we say', async () => {
  const [, size, root] = (await (await fetch(`${world.url}/checkpoint`)).text()).split('\n');
  const entries = await Promise.all(Array.from({ length: Number(size) }, (_, index) => entry(index)));
  const results = verdicts(entries.map((each) => ({ ...each, receipt: each.receipt.toString('base64'), pem })));
  assert.equal(results.length, Number(size));
  results.forEach((result, index) => {
    assert.ok(result.ok, `entry ${index}: ${JSON.stringify(result)}`);
    assert.deepEqual([result.leaf_index, result.tree_size], [index, Number(size)]);
    assert.equal(result.root, Buffer.from(root, 'base64').toString('hex'));
    assert.equal(result.subject, `${result.issuer}/v1/statements/${index}`);
    assert.equal(result.iat, Math.floor(Date.parse(entries[index].receivedAt) / 1000));
  });
});

test('scitt-cose refuses another entry, another key, another time', async () => {
  const [one, other] = [await entry(3), await entry(4)];
  const stranger = 'MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=';
  const flipped = Buffer.from(one.receipt);
  flipped[flipped.indexOf(Buffer.from('received_at')) + 19] ^= 1;
  const results = verdicts([
    { ...one, entry: other.entry, receipt: one.receipt.toString('base64'), pem },
    { ...one, receipt: one.receipt.toString('base64'), pem: `-----BEGIN PUBLIC KEY-----\n${stranger}\n-----END PUBLIC KEY-----\n` },
    { ...one, receipt: flipped.toString('base64'), pem },
    { ...one, receipt: one.receipt.toString('base64'), pem },
  ]);
  assert.deepEqual(results.map(({ ok, failed_at: at }) => [ok, at]), [
    [false, 'signature'], [false, 'signature'], [false, 'signature'], [true, null],
  ]);
});
