// Statements, status lists and the DID document of a real registry, read by libraries that know nothing of it: npm `jose` and
// `@digitalbazaar/vc-bitstring-status-list`, PyPI `joserfc`, and UNTP's own schema in `ajv`.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { decodeList } from '@digitalbazaar/vc-bitstring-status-list';
import Ajv2020 from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { compactVerify, decodeProtectedHeader, importJWK } from 'jose';
import { open } from './world.mjs';

const ROOT = new URL('../../', import.meta.url);
const UNTP = new URL('../shared/data/untp/', ROOT);

let world, statements;

before(async () => {
  world = await open();
  statements = [];
  for (let index = 0; ; index++) {
    const answer = await fetch(`${world.url}/v1/statements/${index}`);
    if (!answer.ok) break;
    const { statement } = await answer.json();
    const payload = JSON.parse(Buffer.from(statement.split('.')[1], 'base64url'));
    statements.push({ index, jws: statement, header: decodeProtectedHeader(statement), payload });
  }
  assert.ok(statements.length > 30, `${statements.length} statements`);
});
after(() => world?.close());

const isKind = (kind) => ({ payload }) => payload.type.includes(kind);
const thumbprint = ({ header }) => header.kid.split('#')[1];

/** The keys that accreditations name, by thumbprint, and the accreditor's. */
async function keys() {
  const { calculateJwkThumbprint } = await import('jose');
  const found = new Map();
  for (const { payload } of statements.filter(isKind('DigitalIdentityAnchor'))) {
    for (const jwk of payload.credentialSubject.accreditedAs.keys) found.set(await calculateJwkThumbprint(jwk), jwk);
  }
  for (const { keys: own } of (await (await fetch(`${world.url}/v1/trust`)).json()).accreditors) {
    for (const { x } of own) {
      const jwk = { kty: 'OKP', crv: 'Ed25519', x };
      found.set(await calculateJwkThumbprint(jwk), jwk);
    }
  }
  return found;
}

test('jose verifies every statement under the key that its kid names', async () => {
  const known = await keys();
  for (const statement of statements) {
    const jwk = known.get(thumbprint(statement));
    assert.ok(jwk, `a key for entry ${statement.index}`);
    await compactVerify(statement.jws, await importJWK({ ...jwk, alg: 'EdDSA' }, 'EdDSA'));
    const flipped = statement.jws.slice(0, -4) + (statement.jws.endsWith('AAAA') ? 'BBBB' : 'AAAA');
    await assert.rejects(compactVerify(flipped, await importJWK({ ...jwk, alg: 'EdDSA' }, 'EdDSA')));
  }
});

test('joserfc verifies them too', async () => {
  const known = await keys();
  const cases = statements.map((statement) => ({ jws: statement.jws, jwk: known.get(thumbprint(statement)) }));
  const program = `
import json, sys
from joserfc import jws
from joserfc.jwk import OKPKey
cases = json.load(sys.stdin)
registry = jws.JWSRegistry(algorithms=["EdDSA", "Ed25519"])
for case in cases:
    jws.deserialize_compact(case["jws"], OKPKey.import_key(case["jwk"]), registry=registry)
print(len(cases))
`;
  const printed = execFileSync(process.env.PYTHON ?? 'python3', ['-c', program], { input: JSON.stringify(cases), encoding: 'utf8' });
  assert.equal(Number(printed), statements.length);
});

test('a status list says which attestations are suspended or withdrawn', async () => {
  const did = await (await fetch(`${world.url}/.well-known/did.json`)).json();
  const key = await importJWK({ ...did.verificationMethod[0].publicKeyJwk, alg: 'EdDSA' }, 'EdDSA');
  const withdrawn = new Set(statements.filter(isKind('LabelStatusChange'))
    .filter(({ payload }) => payload.credentialSubject.statusChange.action === 'withdraw')
    .flatMap(({ payload }) => payload.credentialSubject.statusChange.attestations ?? []));
  assert.ok(withdrawn.size > 0, 'the world has something that was withdrawn');
  let seen = 0;
  for (const { index, payload } of statements.filter(isKind('DigitalConformityCredential'))) {
    const { statusListCredential, statusListIndex, statusPurpose, type } = payload.credentialStatus;
    assert.deepEqual([type, statusPurpose], ['BitstringStatusListEntry', 'suspension']);
    const path = new URL(statusListCredential).pathname;
    const { payload: bytes } = await compactVerify(await (await fetch(world.url + path)).text(), key);
    const list = JSON.parse(Buffer.from(bytes));
    assert.deepEqual([list.id, list.issuer, list.type[1]], [statusListCredential, did.id, 'BitstringStatusListCredential']);
    const decoded = await decodeList({ encodedList: list.credentialSubject.encodedList });
    assert.equal(decoded.length, 131_072);
    const isSet = decoded.getStatus(Number(statusListIndex));
    if (withdrawn.has(index)) assert.ok(isSet, `entry ${index} was withdrawn`);
    seen += Number(isSet);
  }
  assert.ok(seen >= withdrawn.size && seen < statements.length);
});

test('attestations are what UNTP asks for', { skip: existsSync(UNTP) ? false : 'no shared data here' }, () => {
  const ajv = addFormats(new Ajv2020({ strict: false, allErrors: true }));
  const validate = ajv.compile(JSON.parse(readFileSync(new URL('schema/dcc.json', UNTP), 'utf8')));
  for (const { index, payload } of statements.filter(isKind('DigitalConformityCredential'))) {
    assert.ok(validate(payload), `entry ${index}: ${ajv.errorsText(validate.errors)}`);
  }
});
