// A registry of one test: statements, labels, a Merkle log and evidence, made with node:crypto and not with what is tested.

import { createHash, createPrivateKey, createPublicKey, sign } from 'node:crypto';

export const DAY = 86_400_000;
export const NOW = Date.parse('2026-06-01T12:00:00Z');
const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex');
const sha256 = (...parts) => createHash('sha256').update(Buffer.concat(parts.map((part) => Buffer.from(part)))).digest();

/** The Ed25519 key whose seed is this byte, 32 times. */
export function keyOf(byte) {
  const secret = createPrivateKey({ key: Buffer.concat([PKCS8, Buffer.alloc(32, byte)]), format: 'der', type: 'pkcs8' });
  const { x } = createPublicKey(secret).export({ format: 'jwk' });
  return { ...publicOf(x), sign: (bytes) => sign(null, Buffer.from(bytes), secret) };
}

/** The names of a public key. */
export function publicOf(x) {
  const bytes = Buffer.from(x, 'base64url');
  const thumbprint = sha256(`{"crv":"Ed25519","kty":"OKP","x":"${x}"}`).toString('base64url');
  return { x, bytes, thumbprint, labelId: sha256(bytes).subarray(0, 4), jwk: { kty: 'OKP', crv: 'Ed25519', x } };
}

export const CERTIFIER = 'did:web:certifier.example', ACCREDITOR = 'did:web:accreditor.example', ORIGIN = 'registry.example';
export const certifierKey = keyOf(1), accreditorKey = keyOf(2), logKey = keyOf(3), witnessKey = keyOf(4), otherKey = keyOf(9);

export const vkey = (name, type, key) =>
  `${name}+${sha256(name, '\n', [type], key.bytes).subarray(0, 4).toString('hex')}+${Buffer.concat([Buffer.from([type]), key.bytes]).toString('base64')}`;

export const trust = (changes = {}) => ({
  origin: ORIGIN, logKeys: [vkey(ORIGIN, 1, logKey)], witnesses: [], quorum: 0,
  accreditors: [{ did: ACCREDITOR, name: 'Accreditor', threshold: 1, keys: [{ x: accreditorKey.x, firstIndex: 0, lastIndex: null }] }],
  ...changes,
});
export const witnessVkey = vkey('witness.example', 4, witnessKey);

// Statements.

const head = (type, changes) => ({
  '@context': ['https://www.w3.org/ns/credentials/v2', 'https://vocabulary.uncefact.org/untp/0.7.0/context/', `https://${ORIGIN}/contexts/v1`],
  type: [type, 'VerifiableCredential'], id: 'urn:uuid:1b9a5b5e-0f60-4b0c-9a57-6c1f0f2b7c01', registry: ORIGIN,
  validFrom: '2026-01-01T00:00:00Z', ...changes,
});

export const accreditation = ({ keys = [certifierKey], subject = CERTIFIER, terms = {}, ...changes } = {}) =>
  head('DigitalIdentityAnchor', {
    issuer: { id: ACCREDITOR, name: 'Accreditor' }, validUntil: '2029-01-01T00:00:00Z', name: 'Accreditation',
    credentialSubject: {
      id: subject, registeredName: 'Example Certifier', registeredId: subject, registeredDate: '2026-01-01',
      idScheme: { id: `https://${ORIGIN}`, name: ORIGIN }, registerType: 'accreditation',
      accreditedAs: { role: 'certifier', keys: keys.map(({ jwk }) => jwk), countries: ['NP'], hsChapters: [57], topics: ['youth-protection'], ...terms },
    }, ...changes,
  });

export const statusChange = (action, target, after, { issuer = CERTIFIER, validFrom = '2026-03-03T00:00:00Z' } = {}) =>
  head('LabelStatusChange', { issuer, validFrom, credentialSubject: { statusChange: { action, ...target, reason: 'fraud', after } } });

export const HEADER = { alg: 'EdDSA', typ: 'vc+jwt', cty: 'vc' };

/** A compact JWS of a payload, which may be a text of any shape. */
export function jws(payload, key, { did, header = {}, kid } = {}) {
  const issuer = did ?? payload.issuer?.id ?? payload.issuer;
  const full = JSON.stringify({ ...HEADER, kid: kid ?? `${issuer}#${key.thumbprint}`, ...header });
  const text = typeof payload === 'string' ? payload : JSON.stringify(payload);
  const signed = `${Buffer.from(full).toString('base64url')}.${Buffer.from(text).toString('base64url')}`;
  return `${signed}.${key.sign(signed).toString('base64url')}`;
}

// The log.

const leafHash = (entry) => sha256([0], entry);
const root = (leaves) => {
  if (leaves.length === 1) return leaves[0];
  const half = 2 ** Math.ceil(Math.log2(leaves.length) - 1);
  return sha256([1], root(leaves.slice(0, half)), root(leaves.slice(half)));
};
const path = (index, leaves) => {
  if (leaves.length === 1) return [];
  const half = 2 ** Math.ceil(Math.log2(leaves.length) - 1);
  return index < half
    ? [...path(index, leaves.slice(0, half)), root(leaves.slice(half))]
    : [...path(index - half, leaves.slice(half)), root(leaves.slice(0, half))];
};

const signatureLine = (name, type, key, bytes) =>
  `— ${name} ${Buffer.concat([sha256(name, '\n', [type], key.bytes).subarray(0, 4), bytes]).toString('base64')}\n`;

export const checkpoint = (text, { key = logKey, origin = ORIGIN, witnesses = [] } = {}) => {
  const lines = witnesses.map(({ name = 'witness.example', seconds, key: own = witnessKey, bad = false }) => {
    const time = Buffer.alloc(8);
    time.writeBigUInt64BE(BigInt(seconds));
    const signature = own.sign(`cosignature/v1\ntime ${seconds}\n${bad ? 'x' : ''}${text}`);
    return signatureLine(name, 4, own, Buffer.concat([time, signature]));
  });
  return `${text}\n${signatureLine(origin, 1, key, key.sign(text))}${lines.join('')}`;
};

/** A log of these statements, [received-at, JWS] each, or the bytes of an entry of the registry's own, and evidence about one entry. */
export function evidence(statements, index, { left = [], note = {}, origin = ORIGIN } = {}) {
  const entries = statements.map((statement) => {
    if (Buffer.isBuffer(statement)) return statement;
    const [received, token] = statement;
    const time = Buffer.alloc(8);
    time.writeBigUInt64BE(BigInt(received));
    return Buffer.concat([time, Buffer.from(token)]);
  });
  const leaves = entries.map(leafHash);
  const text = `${origin}\n${entries.length}\n${root(leaves).toString('base64')}\n`;
  const shown = entries.map((entry, at) => ({ index: at, entry: entry.toString('base64'), proof: path(at, leaves).map((hash) => hash.toString('base64')) }));
  return { index, checkpoint: checkpoint(text, { origin, ...note }), entries: shown.filter((entry) => !left.includes(entry.index)) };
}

// Status roots.

const u64 = (number) => { const bytes = Buffer.alloc(8); bytes.writeBigUInt64BE(BigInt(number)); return bytes; };

/** A leaf of the status tree: its kind, and the entries that changed the status. */
export const statusLeaf = (kind, ...entries) => Buffer.concat([Buffer.from([kind]), ...entries.map(u64)]);

/** The entry that binds these leaves into the log. */
export const statusRoot = (received, leaves) => Buffer.concat([Buffer.from([1]), u64(received).subarray(1), root(leaves.map(leafHash))]);

/** Where these leaves are in their tree, base64. */
export const statusPath = (index, leaves) => path(index, leaves.map(leafHash)).map((hash) => hash.toString('base64'));

// Labels.

const base32 = (bytes) => {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  return bits.match(/.{1,5}/g).map((five) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'[parseInt(five.padEnd(5, '0'), 2)]).join('');
};

const leb128 = (number) => {
  const bytes = [];
  for (let rest = BigInt(number); ; rest >>= 7n) {
    if (rest < 128n) return [...bytes, Number(rest)];
    bytes.push(Number(rest & 127n) | 128);
  }
};

/** The text of a label; `blob` changes the bytes after signing. */
export function label({ index = 3, number = 17, lot = 'KTM-2026', gtin = '09521234543213', claims = 1, lastDay = '2027-12-31', key = certifierKey, origin = ORIGIN,
  version = 1, signature, serial = `${index}-${number}`, indexBytes = leb128(index), blob = (bytes) => bytes } = {}) {
  const days = Date.parse(lastDay) / DAY;
  const bytes = Buffer.from([version, claims, ...key.labelId, ...indexBytes, days >> 8, days & 255]);
  const product = `${gtin ? `01/${gtin}/` : ''}10/${lot}/21/${serial}`;
  const signed = Buffer.concat([Buffer.from('ethical-label/v1\0'), bytes, Buffer.from(`${origin}\0${product}`)]);
  const whole = blob(Buffer.concat([bytes, signature ?? key.sign(signed)]));
  return `HTTPS://${origin.toUpperCase()}/${base32(whole)}/${product}`;
}
