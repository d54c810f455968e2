// The log of a real registry, verified by people who know nothing of it: PyPI `aics-tlog` reads it and proves what it holds, PyPI
// `aics-witness` cosigns its checkpoints, its client has them cosigned by another registry, and npm `@sigstore/verify` walks its inclusion proofs.

import assert from 'node:assert/strict';
import { execFile, execFileSync, spawn } from 'node:child_process';
import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { verifyCheckpoint } from '@sigstore/verify/dist/tlog/checkpoint.js';
import { verifyMerkleInclusion } from '@sigstore/verify/dist/tlog/merkle.js';
import { CompactSign, calculateJwkThumbprint } from 'jose';
import { SERVER, open } from './world.mjs';

const PYTHON = process.env.PYTHON ?? 'python3';
const has = (module) => {
  try {
    execFileSync(PYTHON, ['-c', `import ${module}`], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};
const skipAics = has('aics_tlog') && has('aics_witness') ? false : 'no Python 3.12 here';

let world, folder, vkey;

before(async () => {
  world = await open();
  folder = mkdtempSync(join(tmpdir(), 'peers-'));
  // In the world this comes with the trust file, not from the registry.
  [vkey] = (await (await fetch(`${world.url}/v1/trust`)).json()).logKeys;
});
after(() => {
  world?.close();
  if (folder) rmSync(folder, { recursive: true });
});

/** Runs one of the programs of the Python that has them; gives its JSON, whatever its exit status. */
async function aics(program, ...args) {
  const path = join(dirname(PYTHON), program);
  try {
    return JSON.parse((await promisify(execFile)(path, args)).stdout || 'null');
  } catch (error) {
    return { ...JSON.parse(error.stdout || '{}'), status: error.code, stderr: error.stderr };
  }
}

const SUBMIT = `
import sys
from aics_tlog import HttpTileReader, consistency_proof_from_tiles
from aics_witness.feeder import WitnessClient, merge_cosignatures
witness, url, witness_url, state = sys.argv[1:]
reader = HttpTileReader(url, proxies={})
note = reader.read_checkpoint()
client = WitnessClient(witness_url, witness, state_path=state)
lines = client.submit(note, lambda old, new: consistency_proof_from_tiles(reader, old, new))
print(merge_cosignatures(note, lines).decode(), end="")
`;

/** The client of aics-witness hands our newest checkpoint to a witness; gives it with the cosignature, which the client has checked. */
const submit = (witness, url, state) =>
  execFileSync(PYTHON, ['-c', SUBMIT, witness, world.url, url, state], { encoding: 'utf8' });

/** A port that is free now. */
const freePort = () => new Promise((resolve) => {
  const server = createServer().listen(0, '127.0.0.1', () => {
    const { port } = server.address();
    server.close(() => resolve(port));
  });
});

/** Waits until somebody answers. */
async function answers(url) {
  for (let tries = 0; ; tries++) {
    try {
      return await fetch(url);
    } catch (error) {
      if (tries > 100) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

const checkpoint = async () => (await fetch(`${world.url}/checkpoint`)).text();
const flipped = (base64) => {
  const bytes = Buffer.from(base64, 'base64');
  bytes[bytes.length - 1] ^= 1;
  return bytes.toString('base64');
};

/** The log grows by a statement of its accreditor, whose key is 32 times 01 in this world. */
async function grow() {
  const der = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), Buffer.alloc(32, 1)]);
  const secret = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  const thumbprint = await calculateJwkThumbprint(createPublicKey(secret).export({ format: 'jwk' }));
  const { statement } = await (await fetch(`${world.url}/v1/statements/0`)).json();
  const payload = JSON.parse(Buffer.from(statement.split('.')[1], 'base64url'));
  const { kty, crv, x } = generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' });
  const name = `did:web:late-${x.toLowerCase().replaceAll(/[^a-z0-9]/g, '')}.example`;
  payload.id = `https://accreditor.example/late/${x}`;
  Object.assign(payload.credentialSubject, { id: name, registeredId: name });
  payload.credentialSubject.accreditedAs.keys = [{ kty, crv, x }];
  const header = { alg: 'EdDSA', typ: 'vc+jwt', cty: 'vc', kid: `${payload.issuer.id}#${thumbprint}` };
  const jws = await new CompactSign(Buffer.from(JSON.stringify(payload))).setProtectedHeader(header).sign(secret);
  const answer = await fetch(`${world.url}/v1/statements`, {
    method: 'POST', body: jws, headers: { 'content-type': 'application/vc+jwt' },
  });
  assert.equal(answer.status, 201, await answer.clone().text());
  return (await answer.json()).index;
}

test('aics-tlog verifies checkpoint, inclusion and consistency from the tiles', { skip: skipAics }, async () => {
  const [old, now] = ['old', 'now'].map((name) => join(folder, name));
  const common = ['--log-key', vkey, '--tiles', world.url];
  const first = await aics('aics-tlog', 'verify-checkpoint', ...common, '--origin', world.origin, '--save-checkpoint', old);
  assert.ok(first.ok, JSON.stringify(first));
  const index = await grow();
  const second = await aics('aics-tlog', 'verify-consistency', ...common, '--old-checkpoint', old, '--save-checkpoint', now);
  assert.ok(second.ok, JSON.stringify(second));
  for (const each of [0, 7, index]) {
    const entry = join(folder, 'entry');
    const proved = await aics('aics-tlog', 'verify-inclusion', ...common, '--index', `${each}`, '--entry-out', entry);
    assert.ok(proved.ok, JSON.stringify(proved));
    const { statement } = await (await fetch(`${world.url}/v1/statements/${each}`)).json();
    assert.equal(readFileSync(entry).subarray(8).toString(), statement);
  }
  // It can say no: another key's checkpoint, and an older tree in the newer one's place.
  const other = vkeyOf(world.origin, generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' }).x);
  const refused = await aics('aics-tlog', 'verify-checkpoint', '--log-key', other, '--tiles', world.url);
  assert.ok(!refused.ok && refused.status, JSON.stringify(refused));
  const shrunk = await aics('aics-tlog', 'verify-consistency', ...common, '--old-checkpoint', now, '--checkpoint', old);
  assert.ok(!shrunk.ok && shrunk.status, JSON.stringify(shrunk));
});

test('aics-tlog walks our tlog-proofs hash by hash', { skip: skipAics }, async () => {
  const { proof } = await (await fetch(`${world.url}/v1/statements/7`)).json();
  const [head, note] = [proof.slice(0, proof.indexOf('\n\n')), proof.slice(proof.indexOf('\n\n') + 2)];
  const hashes = head.split('\n').filter((line) => line.length === 44 && line.endsWith('='));
  const [, size, root] = note.split('\n');
  const program = `
import base64, json, sys
from aics_tlog import verify_inclusion
case = json.load(sys.stdin)
leaf, root, *path = [base64.b64decode(text) for text in [case["leaf"], case["root"], *case["hashes"]]]
print(json.dumps(verify_inclusion(leaf, case["index"], case["size"], path, root)))
`;
  const { statement, receivedAt } = await (await fetch(`${world.url}/v1/statements/7`)).json();
  const leaf = leafOf(statement, receivedAt).toString('base64');
  const verdict = (change) => JSON.parse(execFileSync(PYTHON, ['-c', program], {
    input: JSON.stringify({ leaf, root, hashes, index: 7, size: Number(size), ...change }), encoding: 'utf8',
  }));
  assert.equal(verdict({}), true);
  assert.equal(verdict({ hashes: [flipped(hashes[0]), ...hashes.slice(1)] }), false);
  assert.equal(verdict({ index: 6 }), false);
});

test('a witness of aics-witness cosigns our checkpoints, and only those that extend', { skip: skipAics }, async () => {
  const port = await freePort();
  const config = join(folder, 'witness.json');
  const run = (...args) => execFileSync(join(dirname(PYTHON), 'aics-witness'), args, { encoding: 'utf8', cwd: folder });
  const said = run('init', '--config', config, '--name', 'witness.example', '--listen', `127.0.0.1:${port}`);
  const [witness] = said.match(/witness\.example\+[0-9a-f]{8}\+\S+/);
  run('add-log', '--config', config, '--origin', world.origin, '--vkey', vkey);
  const served = spawn(join(dirname(PYTHON), 'aics-witness'), ['serve', '--config', config], { cwd: folder, stdio: 'ignore' });
  try {
    await answers(`http://127.0.0.1:${port}/`);
    const cosign = () => submit(witness, `http://127.0.0.1:${port}`, join(folder, 'feeder'));
    const first = cosign();
    await grow();
    const second = cosign();
    assert.notEqual(first, second, 'the log has grown');
    for (const note of [first, second]) {
      assert.match(note, /^\u2014 witness\.example /m);
      const path = join(folder, 'cosigned');
      writeFileSync(path, note);
      const checked = await aics('aics-tlog', 'verify-checkpoint', '--log-key', vkey, '--witness-key', witness, '--quorum', '1', '--note', path);
      assert.ok(checked.ok, JSON.stringify(checked));
    }
    // A log that goes back is not cosigned again.
    const older = first.slice(0, first.indexOf('\u2014 witness.example'));
    const answer = await fetch(`http://127.0.0.1:${port}/add-checkpoint`, { method: 'POST', body: `old 0\n\n${older}` });
    assert.equal(answer.status, 409, await answer.text());
  } finally {
    served.kill();
  }
});

test('our witness answers the client of aics-witness', { skip: skipAics }, async () => {
  // A second registry, which watches the first one by a trust file.
  const port = await freePort();
  const data = join(folder, 'other');
  const { kty, crv, x } = generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' });
  const jwk = join(folder, 'accreditor.jwk');
  writeFileSync(jwk, JSON.stringify({ kty, crv, x }));
  const trust = join(folder, 'watched.toml');
  writeFileSync(trust, `version = 1
[[registries]]
origin = "${world.origin}"
log_keys = ["${vkey}"]
rules = [[0, 1]]
[[registries.accreditors]]
did = "did:web:accreditor.example"
name = "Accreditor"
keys = [{ x = "${x}", first_index = 0 }]
`);
  const said = execFileSync(SERVER, [
    'init', '--data', data, '--origin', `localhost:${port}`, '--accreditor-did', 'did:web:accreditor.example', '--accreditor-key', jwk,
  ], { encoding: 'utf8' });
  const [witness] = said.match(/\S+\/witness\+[0-9a-f]{8}\+\S+/);
  const served = spawn(SERVER, ['serve', '--data', data, '--listen', `127.0.0.1:${port}`, '--witness-trust', trust], { stdio: 'ignore' });
  try {
    const url = `http://localhost:${port}`;
    await answers(`${url}/healthz`);
    const state = join(folder, 'feeder-of-ours');
    const first = submit(witness, url, state);
    await grow();
    const second = submit(witness, url, state);
    assert.notEqual(first, second, 'the log has grown');
    for (const note of [first, second]) {
      const path = join(folder, 'cosigned');
      writeFileSync(path, note);
      const checked = await aics('aics-tlog', 'verify-checkpoint', '--log-key', vkey, '--witness-key', witness, '--quorum', '1', '--note', path);
      assert.ok(checked.ok, JSON.stringify(checked));
    }
    // Without its memory the client begins at 0, is told the size that we cosigned last, and comes again with a proof from there.
    await grow();
    submit(witness, url, join(folder, 'feeder-anew'));
  } finally {
    served.kill();
  }
});

test('sigstore accepts our checkpoints and inclusion proofs', async () => {
  // <name>+<id, 8 digits>+<base64 of 0x01 and the key>
  const [name] = vkey.split('+');
  const raw = Buffer.from(vkey.slice(name.length + 10), 'base64').subarray(1);
  const publicKey = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: raw.toString('base64url') }, format: 'jwk' });
  const note = await checkpoint();
  const hint = Buffer.from(note.match(/^\u2014 \S+ (\S+)$/m)[1], 'base64').subarray(0, 4);
  const tlogs = [{ logID: hint, baseURL: `https://${name}`, publicKey }];
  for (const index of [0, 1, 7, 20]) {
    const { statement, receivedAt, proof } = await (await fetch(`${world.url}/v1/statements/${index}`)).json();
    const [head, signed] = [proof.slice(0, proof.indexOf('\n\n')), proof.slice(proof.indexOf('\n\n') + 2)];
    const hashes = head.split('\n').filter((line) => line.length === 44).map((line) => Buffer.from(line, 'base64'));
    const entry = {
      canonicalizedBody: Buffer.concat([stamp(receivedAt), Buffer.from(statement)]),
      inclusionProof: { logIndex: `${index}`, hashes, checkpoint: { envelope: signed } },
    };
    const opened = verifyCheckpoint(entry, tlogs);
    assert.equal(opened.origin, world.origin);
    verifyMerkleInclusion(entry, opened);
    const moved = { ...entry, inclusionProof: { ...entry.inclusionProof, logIndex: `${index + 1}` } };
    assert.throws(() => verifyMerkleInclusion(moved, opened));
    const forged = { ...entry, canonicalizedBody: Buffer.concat([entry.canonicalizedBody, Buffer.from('.')]) };
    assert.throws(() => verifyMerkleInclusion(forged, opened));
  }
});

/** The 8 bytes of received-at: milliseconds since 1970, big-endian. */
function stamp(receivedAt) {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(Date.parse(receivedAt)));
  return bytes;
}

/** Another log's verifier key under this name (c2sp.org/signed-note). */
function vkeyOf(name, x) {
  const key = Buffer.concat([Buffer.of(1), Buffer.from(x, 'base64url')]);
  const id = createHash('sha256').update(`${name}\n`).update(key).digest('hex').slice(0, 8);
  return `${name}+${id}+${key.toString('base64')}`;
}

/** RFC 6962's hash of an entry of the log. */
function leafOf(statement, receivedAt) {
  return createHash('sha256').update(Buffer.of(0)).update(stamp(receivedAt)).update(statement).digest();
}
