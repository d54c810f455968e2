// Checks a label in the browser, with nothing but WebCrypto and the registry's own evidence: the label's signature, the
// signed checkpoint, each entry's inclusion proof, who accredited the certifier, and what became of the attestation.
//
// The formats are those of crates/label, crates/tlog and crates/statement, the rules those of crates/registry, versions 1 and 2;
// crates/verify is the full judge. Of a statement only what decides is read: the rest of its profile is the registry's
// gate's and the verifier's to refuse. Nothing here throws at its caller, whatever it is given.

const MAX_LABEL = 2048, MAX_NOTE = 256 * 1024, MAX_JWS = 48 * 1024, MAX_BUNDLE = 8 << 20, MAX_ENTRIES = 10_000;
const DAY = 86_400_000, CLOCK_TOLERANCE = 5 * 60_000, STATUS_ROOT_EVERY = 5 * 60_000;
const STEPS = ['label', 'log', 'witnesses', 'complete', 'accreditation', 'statement', 'signature', 'product', 'validity', 'standing'];
// Every other reason leaves a label undecided: it says something about the evidence or this device, not about the label.
const REFUSED = new Set(['malformed', 'forged_signature', 'unknown_certifier', 'unknown_attestation', 'wrong_product',
  'wrong_claims', 'serial_out_of_range', 'not_yet_valid', 'expired', 'suspended', 'withdrawn', 'certifier_suspended',
  'key_compromised', 'out_of_scope', 'foreign_origin']);

class Unmet extends Error {
  constructor(ok, reason, detail) { super(detail); Object.assign(this, { ok, reason }); }
}
/** Looked at, and wrong. */
const wrong = (reason, detail) => { throw new Unmet(false, reason, detail); };
/** Cannot be told here and now. */
const unknown = (reason, detail) => { throw new Unmet(null, reason, detail); };
const need = (condition, detail) => { if (!condition) throw new Error(detail); };

// Bytes and texts, each with one spelling.

const utf8 = (text) => new TextEncoder().encode(text);
const fromUtf8 = (bytes) => new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
const big = (bytes) => BigInt(`0x${hex(bytes) || '0'}`);
const string = (value) => (need(typeof value === 'string', 'not a text'), value);
const array = (value, most) => (need(Array.isArray(value) && value.length <= most, 'not a list, or too long'), value);
const same = (a, b) => a.length === b.length && a.every((byte, at) => byte === b[at]);
const sha256 = async (...parts) => new Uint8Array(await crypto.subtle.digest('SHA-256', concat(...parts)));

function concat(...parts) {
  const bytes = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  parts.reduce((at, part) => (bytes.set(part, at), at + part.length), 0);
  return bytes;
}

export function unbase64(text) {
  const one = /^(?:[\w+/]{4})*(?:[\w+/]{2}[AEIMQUYcgkosw048]=|[\w+/][AQgw]==)?$/;
  need(one.test(string(text)) && !text.includes('_'), 'not canonical base64');
  return Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
}

export function unbase64url(text) {
  need(/^[\w-]*$/.test(string(text)), 'not base64url');
  return unbase64(text.replace(/-/g, '+').replace(/_/g, '/') + '='.repeat(-text.length & 3));
}

const base64url = (bytes) =>
  btoa(String.fromCharCode(...bytes)).replace(/\+/g, '-').replace(/\//g, '_').replace(/=/g, '');

function unbase32(text) {
  let bits = 0n;
  for (const char of text) {
    const value = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(char);
    need(value >= 0, 'not base32');
    bits = bits << 5n | BigInt(value);
  }
  const length = text.length * 5 >> 3, spare = BigInt(text.length * 5 & 7);
  need(spare < 5n && (bits & (1n << spare) - 1n) === 0n, 'not canonical base32');
  return Uint8Array.from((bits >> spare).toString(16).padStart(length * 2, '0').match(/../g) ?? [], (two) => parseInt(two, 16));
}

/** Control, bidi and invisible characters, which make two people read two things (crates/statement/src/text.rs). */
const FORBIDDEN = new RegExp('[\\0-\\x1f\\x7f-\\x9f\\xad\\u061c\\u200b\\u200e\\u200f\\u2028-\\u202e\\u2060-\\u206f\\ufeff' +
  '\\ufff9-\\ufffb\\u{e0000}-\\u{e007f}\\p{Cs}\\p{Noncharacter_Code_Point}]', 'u');

/** JSON in which no member comes twice: JSON.parse keeps the last of them, other readers the first. */
export function strictJson(text, forbidden = FORBIDDEN) {
  const root = JSON.parse(text);
  let members = 0;
  const walk = (value, depth) => {
    need(typeof value !== 'string' || !forbidden?.test(value), 'forbidden character');
    if (value === null || typeof value !== 'object') return;
    need(depth < 32, 'nested too deep');
    for (const [name, inner] of Object.entries(value)) {
      if (!Array.isArray(value)) { members += 1; walk(name, 0); }
      walk(inner, depth + 1);
    }
  };
  walk(root, 0);
  const written = (text.match(/"(?:[^"\\]|\\.)*"(?:\s*:)?/g) ?? []).filter((token) => token.endsWith(':'));
  need(written.length === members, 'a member comes twice');
  return root;
}

/** RFC 3339 to milliseconds since 1970. */
function instant(text) {
  const form = /^(\d{4}-\d\d-\d\d)T([01]\d|2[0-3]):([0-5]\d):([0-5]\d)(?:\.(\d{1,9}))?(?:Z|([+-])([01]\d|2[0-3]):([0-5]\d))$/;
  const [, date, hour, minute, second, fraction = '', sign, offsetHour = 0, offsetMinute = 0] = form.exec(string(text)) ?? [];
  const day = Date.parse(`${date}T00:00:00Z`);
  need(date && new Date(day).toISOString().startsWith(date), 'no such day');
  const offset = (Number(offsetHour) * 60 + Number(offsetMinute)) * (sign === '-' ? -1 : 1);
  const millis = day + ((hour * 60 + Number(minute) - offset) * 60 + Number(second)) * 1000 + Number(fraction.slice(0, 3).padEnd(3, '0'));
  need(millis >= 0 && millis < 65536 * DAY, 'time out of range');
  return millis;
}

const day = (millis) => Math.floor(millis / DAY);
const dayText = (days) => new Date(days * DAY).toISOString().slice(0, 10);

// Ed25519, strictly: what ed25519-dalek's verify_strict accepts, and nothing else.

const P = (1n << 255n) - 19n, L = (1n << 252n) + 27742317777372353535851937790883648493n;
const Y8 = 0x05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826n; // of the points of order 8, beside its negative
const SMALL_ORDER = new Set([0n, 1n, P - 1n, Y8, P - Y8]);

/** WebCrypto alone lets keys and R of small order pass, under which a signature fits messages that nobody signed. */
export async function verifyStrict(key, signature, message) {
  if (key.length !== 32 || signature.length !== 64) return false;
  const number = (bytes) => big(Uint8Array.from(bytes).reverse());
  const y = (bytes) => number(bytes) & (1n << 255n) - 1n;
  const r = signature.slice(0, 32);
  if (y(key) >= P || SMALL_ORDER.has(y(key)) || SMALL_ORDER.has(y(r) % P) || number(signature.slice(32)) >= L) return false;
  try {
    const imported = await crypto.subtle.importKey('raw', key, { name: 'Ed25519' }, false, ['verify']);
    return await crypto.subtle.verify({ name: 'Ed25519' }, imported, signature, message);
  } catch {
    return false; // not a point of the curve
  }
}

/** Whether this device can check a signature: RFC 8032 §7.1, test 1. */
async function canVerify() {
  const bytes = (text) => Uint8Array.from(text.match(/../g), (two) => parseInt(two, 16));
  return Boolean(globalThis.crypto?.subtle) && verifyStrict(
    bytes('d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a'),
    bytes('e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b'),
    new Uint8Array());
}

/** A public key with its names: RFC 7638 thumbprint, and the label's four bytes. */
async function publicKey(x) {
  const bytes = unbase64url(x);
  need(bytes.length === 32, 'not a key of 32 bytes');
  const thumbprint = base64url(await sha256(utf8(`{"crv":"Ed25519","kty":"OKP","x":"${x}"}`)));
  return { bytes, thumbprint, labelId: hex((await sha256(bytes)).slice(0, 4)) };
}

// The label (crates/label/README.md). No URL library: they repair what they read.

function checkOrigin(origin) {
  const [, host, port] = /^([^:]{1,253})(?::([1-9]\d{0,4}))?$/.exec(origin) ?? wrong('malformed', 'not a host');
  const numeric = /(?:^|\.)(?:\d+|0x[\da-f]*)$/.test(host), octet = '(?:0|[1-9]\\d?|1\\d\\d|2[0-4]\\d|25[0-5])';
  const ldh = host.split('.').every((label) => /^(?!..--)[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?$|^xn--[a-z\d-]{0,58}[a-z\d]$/.test(label));
  if (!ldh || (numeric && !new RegExp(`^(?:${octet}\\.){3}${octet}$`).test(host))) wrong('malformed', 'not a host in its one spelling');
  if (port && (port > 65535 || port === '80' || port === '443')) wrong('malformed', 'not a port in its one spelling');
  return host === 'localhost' || (host.startsWith('127.') && numeric);
}

const encode = (text) => text.replace(/[^A-Za-z\d._~-]/g, (char) => `%${hex(utf8(char)).toUpperCase()}`);

function pathValue(text, slash) {
  if (/%(?![\da-fA-F]{2})/.test(text)) wrong('malformed', '% without two hexadecimal digits');
  const value = text.replace(/%(..)/g, (_, two) => String.fromCharCode(parseInt(two, 16)));
  if (!/^[\w!"%&'()*+,\-./:;<=>?]*$/.test(value) || (value.includes('/') && !slash)) wrong('malformed', 'not of character set 82');
  return value;
}

function parseBlob(text) {
  let bytes;
  if (/^\d+$/.test(text)) wrong('malformed', 'a Digital Link without a blob');
  try { bytes = text.length <= 410 && unbase32(text); } catch { wrong('malformed', 'the blob is not base32'); }
  if (!bytes || bytes.length < 73 || bytes.length > 256) wrong('malformed', 'the blob is too short or too long');
  if (bytes[0] !== 1) unknown('unsupported', `a label of version ${bytes[0]}`);
  let at = 6, index = 0n;
  for (let shift = 0n; ; shift += 7n) {
    if (shift > 63n) wrong('malformed', 'the log index is too large');
    const byte = bytes[at++];
    index |= BigInt(byte & 127) << shift;
    if (index >> 64n || (byte === 0 && shift)) wrong('malformed', 'the log index is not in its shortest form');
    if (byte < 128) break;
  }
  if (bytes.length !== at + 66) wrong('malformed', 'the blob is too short or too long');
  const claims = bytes[1];
  if (claims > 3) unknown('unsupported', 'a claim of a later version');
  if (claims === 0) wrong('malformed', 'the label claims nothing');
  return { claims, keyId: hex(bytes.slice(2, 6)), index, lastDay: bytes[at] << 8 | bytes[at + 1], header: bytes.slice(0, at + 2), signature: bytes.slice(at + 2) };
}

/** Reads the text of a label. Throws with a reason; gives what is signed as `signed`. */
export function parseLabel(text) {
  if (typeof text !== 'string' || utf8(text).length > MAX_LABEL) wrong('malformed', 'not a text of at most 2,048 bytes');
  const [, scheme, authority, rest] = /^(https?:\/\/|HTTPS?:\/\/)([^/?#]*)([^]*)$/.exec(text) ?? wrong('malformed', 'not a URL');
  if (authority.includes('@')) wrong('malformed', 'user information in the URL');
  if (/[^\0-\x7f]/.test(authority)) wrong('foreign_origin', 'a host that is not ASCII');
  const origin = authority.toLowerCase(), isLocal = checkOrigin(origin);
  if (!isLocal && scheme.length === 7) wrong('malformed', 'http, and not this machine');
  const [, path] = /^\/([!$-;=@-Z_a-z~]+)(?:[?#]|$)/.exec(rest) ?? wrong('malformed', 'no path, or a forbidden character');
  const segments = path.split('/');
  if (segments.some((segment) => /^(?:(?:\.|%2[eE]){1,2})?$/.test(segment))) wrong('malformed', 'an empty or dot segment');
  const blob = parseBlob(segments.shift());
  const gtin = segments[0] === '01' ? pathValue(segments.splice(0, 2)[1] ?? '') : null;
  if (segments.length !== 4 || segments[0] !== '10' || segments[2] !== '21') wrong('malformed', 'not the path of a label');
  const sum = [...(gtin ?? '')].reduce((total, digit, at) => total + digit * (at % 2 ? 1 : 3), 0);
  if (gtin !== null && (!/^\d{14}$/.test(gtin) || sum % 10)) wrong('malformed', 'not a GTIN');
  const lot = pathValue(segments[1], true), serial = pathValue(segments[3]);
  if (lot.length > 20) wrong('malformed', 'the lot is too long');
  const [, own, number] = /^(?=.{1,20}$)(?:(0|[1-9]\d*)-)?([1-9]\d*)$/.exec(serial) ?? wrong('malformed', 'not a serial');
  if (BigInt(number) >> 32n || (own && BigInt(own) !== blob.index)) wrong('malformed', 'the serial is of another entry');
  const product = `${gtin === null ? '' : `01/${gtin}/`}10/${encode(lot)}`;
  const signed = concat(utf8('ethical-label/v1\0'), blob.header, utf8(`${origin}\0${product}/21/${encode(serial)}`));
  return { ...blob, origin, url: `${isLocal ? 'http' : 'https'}://${origin}`, gtin, lot, serial, number: Number(number), product, signed };
}

// The log (c2sp.org/signed-note, tlog-checkpoint, tlog-cosignature; RFC 9162 §2.1.3.2).

const isKeyName = (name) => /^[^\s+\0-\x1f\x85]+$/.test(name);

async function parseVkey(text) {
  const [, name, id, encoded] = /^([^+]+)\+([\da-f]{8})\+(.+)$/.exec(string(text)) ?? [];
  const material = unbase64(encoded), expected = await sha256(utf8(`${name}\n`), material);
  need(isKeyName(name) && hex(expected.slice(0, 4)) === id && (material.length === 33 || material[0] === 6), 'not a verifier key');
  return { line: `${name} ${id}`, name, type: material[0], key: material.slice(1) };
}

/** Opens a checkpoint: gives origin, size, root, and who else signed. A bad signature of a known key voids all of it. */
export async function openCheckpoint(note, { origin, logKeys, witnesses }) {
  need(string(note).length <= MAX_NOTE && !/[\0-\x09\x0b-\x1f]/.test(note), 'not a note');
  const end = note.lastIndexOf('\n\n') + 1, text = note.slice(0, end), lines = note.slice(end + 1).split('\n');
  need(end > 0 && lines.pop() === '' && lines.length >= 1 && lines.length <= 64, 'not a signed note');
  const others = [];
  let signedByLog = false;
  for (const line of lines) {
    const [, name, encoded] = /^— (\S+) (\S+)$/.exec(line) ?? [];
    const bytes = unbase64(encoded);
    need(isKeyName(name) && bytes.length > 4, 'not a signature line');
    const known = [...logKeys, ...witnesses].find((key) => key.line === `${name} ${hex(bytes.slice(0, 4))}`);
    const signature = bytes.slice(4);
    if (known?.type === 1) {
      if (!(await verifyStrict(known.key, signature, utf8(text)))) wrong('log_inconsistent', `bad signature of ${name}`);
      signedByLog ||= name === origin;
    } else if (known?.type === 4) {
      const seconds = big(signature.slice(0, 8)), message = utf8(`cosignature/v1\ntime ${seconds}\n${text}`);
      if (seconds >> 63n || !(await verifyStrict(known.key, signature.slice(8), message))) wrong('log_inconsistent', `bad cosignature of ${name}`);
      const earlier = others.find((other) => other.key === known.key);
      if (earlier) earlier.time = Math.max(earlier.time, Number(seconds) * 1000);
      else others.push({ name, key: known.key, time: Number(seconds) * 1000, verified: true });
    } else if (name !== origin) others.push({ name, time: null, verified: false });
  }
  if (!signedByLog) wrong('log_inconsistent', 'the checkpoint is not signed by the log');
  const [named, size, root, ...more] = text.slice(0, -1).split('\n');
  need(/^(?:0|[1-9]\d{0,19})$/.test(size) && !(BigInt(size) >> 64n) && more.every(Boolean) && unbase64(root).length === 32, 'not a checkpoint');
  if (named !== origin) wrong('log_inconsistent', `a checkpoint of ${named}`);
  return { size: BigInt(size), root: unbase64(root), others };
}

/** The root that a leaf and its proof give; null where the proof is too long or too short. */
export async function rootOf(leaf, index, size, proof) {
  let [hash, node, last] = [leaf, index, size - 1n];
  for (const sibling of proof) {
    if (last === 0n) return null;
    const isRight = node & 1n || node === last;
    hash = await sha256([1], ...(isRight ? [sibling, hash] : [hash, sibling]));
    if (isRight) while (node !== 0n && !(node & 1n)) { node >>= 1n; last >>= 1n; }
    node >>= 1n; last >>= 1n;
  }
  return last === 0n ? hash : null;
}

async function readTrust(trust) {
  const { origin, logKeys, witnesses, quorum, accreditors, snapshotMaxAgeDays: maxAgeDays = 7, rules = [[0, 1]] } = typeof trust === 'string' ? strictJson(trust) : trust;
  const vkeys = async (list, types) => {
    const keys = await Promise.all(array(list, 64).map(parseVkey));
    need(keys.every((key) => types.includes(key.type)), 'a key of another type');
    return keys;
  };
  const read = async ({ did, name, threshold, keys }) => {
    need(Number.isSafeInteger(threshold) && threshold >= 1, 'threshold');
    const own = array(keys, 64).map(async ({ x, firstIndex, lastIndex }) =>
      ({ ...await publicKey(x), first: firstIndex, last: lastIndex ?? Infinity }));
    return { did: string(did), name, threshold, keys: await Promise.all(own) };
  };
  need([quorum, maxAgeDays, ...array(rules, 64).flat()].every((number) => Number.isSafeInteger(number) && number >= 0), 'numbers');
  return { origin: string(origin), quorum, maxAgeDays, rules: rules.map(([from, version]) => ({ from, version })), logKeys: await vkeys(logKeys, [1]), witnesses: await vkeys(witnesses, [4, 6]),
    accreditors: await Promise.all(array(accreditors, 256).map(read)) };
}

// Statements (crates/statement/README.md): an entry is 8 bytes received-at and a compact JWS.

const KINDS = new Map([['DigitalIdentityAnchor', 'accreditation'], ['DigitalConformityCredential', 'attestation'], ['LabelStatusChange', 'status change']]);
const UNTP = 'https://vocabulary.uncefact.org/untp/0.7.0/context/';
const UNTP_0_6 = /^https:\/\/test\.uncefact\.org\/vocabulary\/untp\/dcc\/0\.6\.[01]\/$/; // the registry takes it, this page does not read it

function readToken(bytes, { origin, url }) {
  need(bytes.length <= MAX_JWS, 'too long');
  const parts = fromUtf8(bytes).split('.'), [header, payload, signature] = parts.map(unbase64url);
  need(parts.length === 3, 'not three parts');
  const { alg, typ, cty, kid, ...others } = strictJson(fromUtf8(header));
  need((alg === 'EdDSA' || alg === 'Ed25519') && typ === 'vc+jwt' && cty === 'vc' && !Object.keys(others).length, 'header');
  const [, did, thumbprint] = /^(did:(?:web|key):[a-zA-Z\d.%:~_-]{1,247})#([\w-]{43})$/.exec(string(kid)) ?? [];
  const root = strictJson(fromUtf8(payload)), issuer = root.issuer?.id ?? root.issuer;
  need(did && issuer === did && (root.iss === undefined || root.iss === did), 'issuer');
  need(!['exp', 'nbf', 'vc', 'vp'].some((claim) => claim in root), 'a claim of JWT');
  need(root.registry === origin, 'for another registry');
  const [first, untp, ours] = array(root['@context'], 3), types = array(root.type, 2);
  const kind = KINDS.get(types.find((type) => type !== 'VerifiableCredential'));
  need(kind && types.includes('VerifiableCredential'), 'not a kind that counts here');
  need(first === 'https://www.w3.org/ns/credentials/v2' && ours === `${url}/contexts/v1`, '@context');
  if (UNTP_0_6.test(untp)) unknown('unsupported', 'written in the words of UNTP 0.6');
  need(untp === UNTP, '@context');
  return { kind, did, thumbprint, root, text: parts[1], signature, signed: utf8(`${parts[0]}.${parts[1]}`) };
}

function period({ validFrom, validUntil }) {
  const from = instant(validFrom), until = Math.floor(instant(validUntil) / 1000) * 1000 - 1000;
  need(from <= until, 'empty period');
  return { from, firstDay: day(from), lastDay: day(until) };
}

// The law (crates/registry/README.md), as far as it decides about one attestation. Log time decides, entry by entry.

const withdrawn = (events, at) => events.find((event) => event.action === 'withdraw' && event.effective <= at);
const suspended = (events, by, at) =>
  events.filter((event) => event.by === by && event.effective <= at && event.action !== 'withdraw').at(-1)?.action === 'suspend';
const held = (party, at) => withdrawn(party.events, at) || suspended(party.events, 'accreditor', at);

/** The party and the key that signed, if they may. */
function accredited(state, { did, thumbprint }) {
  const party = state.parties.get(did), key = state.keys.get(thumbprint);
  need(party && key?.did === did, 'nobody accredited its issuer with this key');
  need(key.retired === null && key.since === null, 'its key was retired or compromised before');
  return { party, key };
}

async function accredit(state, { index, received }, token, accreditor) {
  const { id: did, registeredName, registerType, accreditedAs: terms } = token.root.credentialSubject, dates = period(token.root);
  const known = state.parties.get(did);
  need(registerType === 'accreditation', 'not an accreditation');
  need(!state.accreditors.some((other) => other.did === string(did)), 'an accreditor is not accredited');
  need(dates.from <= received + 92 * DAY, 'too early');
  need(!known || (known.accreditor === accreditor.did && dates.from > known.from), 'stale, or of another accreditor');
  const listed = new Map();
  for (const { kty, crv, x } of array(terms.keys, 32)) {
    need(kty === 'OKP' && crv === 'Ed25519', 'JWK');
    const key = await publicKey(x), held = state.keys.get(key.thumbprint);
    need(!held || (held.did === did && held.retired === null), 'a key of another, or retired');
    need(!state.accreditors.some((other) => other.keys.some((own) => own.thumbprint === key.thumbprint)), 'a key of an accreditor');
    listed.set(key.thumbprint, held ?? { ...key, did, retired: null, since: null });
  }
  const stolen = array(terms.compromised ?? [], 64).map(({ key, since }) => ({ key: listed.get(key) ?? state.keys.get(key), since: instant(since) }));
  need(stolen.every(({ key }) => key?.did === did), 'compromised: a key of another');
  // Read whole before anything is changed: a statement counts entirely or not at all.
  const scope = { countries: array(terms.countries, 300), chapters: array(terms.hsChapters, 99), topics: array(terms.topics, 2) };
  const party = { did, accreditor: accreditor.did, role: terms.role, name: string(registeredName), events: known?.events ?? [], ...scope, ...dates };
  const approvals = state.pending.get(token.text) ?? new Map();
  need(!approvals.has(token.thumbprint), 'approved twice');
  state.pending.set(token.text, approvals.set(token.thumbprint, index));
  if (approvals.size < accreditor.threshold) return;
  for (const [thumbprint, key] of state.keys) if (key.did === did && !listed.has(thumbprint)) key.retired ??= index;
  for (const [thumbprint, key] of listed) state.keys.set(thumbprint, key);
  for (const { key, since } of stolen) key.since = Math.min(key.since ?? since, since);
  state.parties.set(did, { ...party, first: known?.first ?? index, accreditations: [...known?.accreditations ?? [], { effective: index, approvals: [...approvals.values()] }] });
}

/** Claims by bit: UNTP's topic, and its metric that counts incidents. */
const CLAIMS = [['youth-protection', 'child-labor-incidents'], ['forced-labor-elimination', 'forced-labor-incidents']];
const claimBits = (ids, place, group) => ids.reduce((bits, id) => {
  const bit = CLAIMS.findIndex((claim) => new RegExp(`^https://vocabulary.uncefact.org/${group}s?/${claim[place]}$`).test(string(id)));
  need(bit >= 0, 'a topic or metric that is no claim');
  return bits | 1 << bit;
}, 0);

function attest(state, { index, received }, token) {
  const { party, key } = accredited(state, token), subject = token.root.credentialSubject, { lot } = subject;
  need(index === state.about && party.role === 'certifier' && !held(party, received), 'its issuer may not attest');
  const products = [];
  let claims = 0;
  for (const found of array(subject.conformityAssessment, 4)) {
    const topics = claimBits(array(found.conformityTopic, 32).map(({ id }) => id), 0, 'conformity-topic');
    const metrics = claimBits(array(found.assessedPerformance, 32).map(({ metric }) => metric.id), 1, 'performance-metric');
    const none = found.assessedPerformance.every(({ measure }) => measure.value === 0 && measure.unit === 'C62');
    need(found.conformance === true && topics && topics === metrics && none, 'it does not say that there was none');
    need(array(found.assessedProduct, 1).length === 1, 'not one product');
    products.push(found.assessedProduct[0].product);
    claims |= topics;
  }
  need(claims && Number.isSafeInteger(lot.labels) && lot.labels >= 1 && lot.labels < 2 ** 32, 'no claim, or no labels');
  const outside = [[party.countries.includes(lot.countryOfOrigin), 'country'],
    [party.chapters.includes(Number(string(lot.hsCode).slice(0, 2))), 'chapter'],
    [CLAIMS.every(([topic], bit) => !(claims >> bit & 1) || party.topics.includes(topic)), 'topic'],
    [party.firstDay <= day(received) && day(received) <= party.lastDay, 'day']].filter(([within]) => !within).map(([, what]) => what);
  state.attestation = { did: token.did, key, received, products, claims, labels: lot.labels, outside, ...period(token.root), events: [] };
}

function changeStatus(state, { index, received }, token, accreditor) {
  const { action, party: did, attestations, after } = token.root.credentialSubject.statusChange, by = accreditor ? 'accreditor' : 'certifier';
  need(['suspend', 'reinstate', 'withdraw'].includes(action) && (did === undefined) !== (attestations === undefined), 'not a change of status');
  const own = accreditor ? null : accredited(state, token).party;
  const target = did === undefined ? state.attestation : state.parties.get(did), party = state.parties.get(did ?? target?.did);
  need(target && (did !== undefined || array(attestations, 1000).includes(state.about)), 'it is not about this attestation');
  need(accreditor ? party.accreditor === accreditor.did : did === undefined && party === own, 'its issuer has no say in this');
  need(!(own && action === 'reinstate' && held(own, received)), 'its issuer is suspended');
  const { events } = target, mine = events.filter((event) => event.by === by);
  need(!events.some((event) => event.action === 'withdraw' && (event.by === by || event.effective <= received)), 'already withdrawn');
  need(after === (events.at(-1)?.entry ?? null), 'stale');
  need(action !== 'reinstate' || mine.at(-1)?.action === 'suspend', 'nothing to lift');
  need(action === 'withdraw' || mine.length < 64, 'too many changes');
  events.push({ entry: index, by, action, effective: Math.max(received, instant(token.root.validFrom)) });
}

// Status roots (crates/registry/src/status_root.rs, status_tree.rs): an entry of the registry's own is 01, 7 bytes received-at, 32 bytes
// root of a tree over the entries before it, whose leaves say which entries changed a status.

const u64 = (number) => Uint8Array.from({ length: 8 }, (_, at) => Number(BigInt(number) >> BigInt(56 - 8 * at) & 255n));
/** Null where the entry is of no known format, or of a time past 2106, which no entry may have. */
const receivedAt = (entry) => (entry.length > 8 && entry[0] < 2 && big(entry.slice(1, 8)) < 2n ** 32n * 1000n ? Number(big(entry.slice(1, 8))) : null);

/** Whether a leaf is in a tree; throws where the proof is none. */
async function isIn({ index, size, root }, leaf, proof) {
  const hashes = array(proof, 64).map(unbase64);
  need(hashes.every((hash) => hash.length === 32), 'a proof is not of hashes');
  const found = BigInt(index) < size && await rootOf(await sha256([0], leaf), BigInt(index), size, hashes);
  return Boolean(found) && same(found, root);
}

/** A status root, which covers the entries before it and is dated after them. */
function statusRoot({ index, bytes }, first, covered) {
  const time = receivedAt(bytes);
  const isRoot = bytes.length === 40 && bytes[0] === 1 && time !== null && index >= first && covered.every((entry) => (receivedAt(entry.bytes) ?? 0) <= time);
  if (!isRoot) wrong('log_inconsistent', `entry ${index} is no status root`);
  return { size: index, root: bytes.slice(8), time };
}

/** The leaves below a root of what the evidence is about and of who issued it, as the entries taken in make them. */
function statusLeaves({ about, attestation, parties }, size) {
  const indexes = (kind, all) => concat([kind], ...all.filter((index) => index < size).sort((a, b) => a - b).map(u64));
  const changes = ({ events }) => events.map(({ entry }) => entry);
  const ofParty = (party) => indexes(2, [...party.accreditations.filter(({ effective }) => effective < size).flatMap(({ approvals }) => approvals), ...changes(party)]);
  const issuer = attestation && parties.get(attestation.did), accredited = [...parties.values()].find(({ first }) => first === about);
  const leaves = [{ index: about, leaf: attestation ? indexes(1, changes(attestation)) : accredited ? ofParty(accredited) : [], proof: 'attestation' }];
  if (issuer) leaves.push({ index: issuer.first, leaf: ofParty(issuer), proof: 'certifier' });
  return leaves.filter(({ index }) => index < size);
}

/** Takes one entry of the log in. Throws where it does not count. */
async function fold(state, index, bytes) {
  need(bytes.length > 8 && bytes[0] === 0, 'of a format that is not known here');
  const received = Number(big(bytes.slice(0, 8)));
  need(received < 2 ** 32 * 1000 && received >= state.clock, 'received before an earlier entry');
  state.clock = received;
  const token = readToken(bytes.slice(8), state);
  const accreditor = state.accreditors.find(({ did, keys }) => did === token.did && keys.some(({ first }) => first <= index));
  const own = accreditor?.keys.find((key) => key.thumbprint === token.thumbprint && key.first <= index && index <= key.last);
  need(!accreditor || own, 'not a key of the accreditor');
  const key = own ?? accredited(state, token).key;
  need(await verifyStrict(key.bytes, token.signature, token.signed), 'its signature does not verify');
  const at = { index, received };
  if (token.kind === 'status change') changeStatus(state, at, token, accreditor);
  else if (token.kind === 'attestation') attest(state, at, token);
  else await accredit(state, at, token, accreditor ?? need(false, 'not an accreditor'));
}

// The verdict.

/**
 * Checks a label against an evidence bundle (`GET /v1/attestations/{index}/evidence`) and a trust (`GET /v1/trust`), each as
 * text or as parsed JSON; `now` is in milliseconds since 1970. Never throws.
 *
 * Of each step `ok` is true, false (looked at, and wrong) or null (could not be looked at). `verified` means that all of them
 * are true, but for `witnesses` where the trust asks for none and none is there.
 */
export async function check(labelText, bundle, trust, now = Date.now(), fetched = now) {
  const steps = STEPS.map((step) => ({ step, ok: null, reason: null, detail: 'not reached' }));
  const result = { outcome: 'undecided', steps, witnesses: [], checkpoint: null };
  let label, trusted, entries, state, party, attestation, status, asOf;
  const attempt = async (name, needs, work) => {
    const step = steps[STEPS.indexOf(name)];
    if (!needs) return;
    try {
      Object.assign(step, { ok: true, detail: 'ok' }, await work());
    } catch (error) {
      // What is not of the form expected says nothing about the label.
      const { ok, reason } = error instanceof Unmet ? error : { ok: null, reason: 'network' };
      Object.assign(step, { ok, reason, detail: String(error?.message).slice(0, 200) });
    }
  };

  await attempt('label', true, async () => {
    const parsed = parseLabel(labelText);
    if (!(await canVerify())) unknown('unsupported', 'this browser cannot check Ed25519 signatures here');
    try { trusted = await readTrust(trust); } catch { unknown('no_trust', 'no list of trusted keys that can be read'); }
    if (parsed.origin !== trusted.origin) wrong('foreign_origin', `${parsed.origin} is not the registry trusted here`);
    label = parsed;
    return { detail: `entry ${label.index} of ${label.origin}` };
  });

  await attempt('log', label, async () => {
    need(typeof bundle !== 'string' || bundle.length <= MAX_BUNDLE, 'the evidence is too large');
    const given = typeof bundle === 'string' ? strictJson(bundle, null) : bundle;
    need(Number.isSafeInteger(given.index) && BigInt(given.index) === label.index, 'the evidence is about another entry');
    const { size, root, others } = await openCheckpoint(given.checkpoint, trusted);
    result.checkpoint = { size: Number(size), root: btoa(String.fromCharCode(...root)) };
    result.witnesses = others.map(({ name, time, verified }) => ({ name, time: time !== null && time < 8.64e15 ? new Date(time).toISOString() : null, verified }));
    if (trusted.rules.some(({ from, version }) => (version < 1 || version > 2) && from < size)) unknown('unsupported', 'later entries follow rules newer than this page');
    if (label.index >= size) unknown('newer_than_snapshot', `the evidence ends before entry ${size}`);
    let last = -1;
    const read = [];
    const included = async ({ index, entry, proof }) => {
      need(Number.isSafeInteger(index) && string(entry).length <= 2 * MAX_JWS, 'an entry without an index, or too long');
      const bytes = unbase64(entry);
      if (!(await isIn({ index, size, root }, bytes, proof))) wrong('log_inconsistent', `entry ${index} is not in the log`);
      return { index, bytes };
    };
    for (const entry of array(given.entries, MAX_ENTRIES)) {
      read.push(await included(entry));
      need(entry.index > last, 'entries are not in order');
      last = entry.index;
    }
    const first = trusted.rules.find(({ version }) => version > 1)?.from ?? Infinity;
    if (given.status) {
      // Nothing but its two proofs is taken from what was sent.
      const { root: entry, attestation: own, certifier } = given.status, covered = read.filter(({ index }) => index < entry.index);
      status = { ...statusRoot(await included(entry), first, covered), attestation: own, certifier };
    }
    need(read.some(({ index }) => index === given.index), 'the entry that it is about is left out');
    entries = read;
    return { detail: `${entries.length} entries proved in a log of ${size}` };
  });

  await attempt('witnesses', result.checkpoint, () => {
    const times = result.witnesses.filter(({ verified }) => verified).map(({ time }) => time).sort().reverse();
    if (times.length < trusted.quorum) unknown('no_quorum', `${times.length} of the ${trusted.quorum} witnesses asked for`);
    const time = times[Math.max(trusted.quorum, 1) - 1];
    if (time) result.checkpoint.time = time;
    // Old evidence says nothing of what came later: a withdrawal, say. Only witnesses date it, or whoever fetched it just now.
    asOf = time ? Date.parse(time) : fetched;
    if (asOf === null) unknown('stale_snapshot', 'nothing says of when this evidence is');
    if (now > asOf + trusted.maxAgeDays * DAY) unknown('stale_snapshot', `of ${new Date(asOf).toISOString()}, older than ${trusted.maxAgeDays} days`);
    return times.length ? { detail: `seen by ${times.length} witnesses` } : { ok: null, detail: 'none is asked for, none has signed' };
  });

  const ignored = [];
  if (entries) {
    state = { ...trusted, url: label.url, about: Number(label.index), clock: 0, parties: new Map(), keys: new Map(), pending: new Map(), attestation: null };
    for (const { index, bytes } of entries) {
      await fold(state, index, bytes).catch((error) => ignored.push({ index, reason: error.reason, why: String(error?.message).slice(0, 100) }));
    }
    attestation = state.attestation;
    party = attestation && state.parties.get(attestation.did);
  }
  const without = ignored.map(({ index, why }) => `entry ${index} does not count: ${why}`).join('; ').slice(0, 200);

  await attempt('complete', entries, async () => {
    const first = trusted.rules.find(({ version }) => version > 1)?.from, { size } = result.checkpoint;
    if (first === undefined || first >= size) return { detail: 'nothing to prove' };
    for (const { index, leaf, proof } of status ? statusLeaves(state, status.size) : []) {
      if (!(await isIn({ index, size: BigInt(status.size), root: status.root }, leaf, status[proof]))) {
        wrong('log_inconsistent', `a change of the status of entry ${index} is left out, status root ${status.size} says`);
      }
    }
    // A log that has just begun has no root yet: its first entry is young enough to show that.
    const young = entries.find(({ index }) => index === first), until = status?.time ?? (young && receivedAt(young.bytes)) ?? null;
    // Where nothing says of when the evidence is, this says up to when it is complete.
    const reaches = until !== null && (asOf === null || (asOf <= until + STATUS_ROOT_EVERY + CLOCK_TOLERANCE && until <= asOf + CLOCK_TOLERANCE));
    if (!reaches) unknown('no_status', 'the registry does not prove that no change was left out');
    return { detail: `no change up to ${new Date(until).toISOString()} was left out` };
  });
  await attempt('accreditation', entries, () => {
    if (!state.parties.size) wrong('no_trust', `no trusted accreditor stands behind it; ${without}`);
    if (attestation?.outside.length) wrong('out_of_scope', `beyond its accreditation in: ${attestation.outside.join(', ')}`);
    return { detail: `accredited: ${[...state.parties.values()].map(({ name }) => name).join(', ')}` };
  });
  await attempt('statement', entries && state.parties.size, () => {
    if (ignored.some(({ index, reason }) => reason && index === state.about)) unknown('unsupported', without);
    if (!attestation) wrong('unknown_attestation', without);
    return { detail: `attested on ${dayText(day(attestation.received))} by ${party.name}` };
  });
  await attempt('signature', party, async () => {
    const mayHaveSigned = [...state.keys.values()].filter(({ did, labelId, retired }) =>
      did === party.did && labelId === label.keyId && (retired === null || retired > state.about));
    if (!mayHaveSigned.length) wrong('unknown_certifier', `no key ${label.keyId} of the certifier may sign for it`);
    let signer;
    for (const key of mayHaveSigned) if (!signer && await verifyStrict(key.bytes, label.signature, label.signed)) signer = key;
    if (!signer) wrong('forged_signature', 'the signature is not that of the key which the label names');
    for (const { since } of [signer, attestation.key]) {
      if (since !== null && attestation.received >= since) wrong('key_compromised', 'attested after the key was stolen');
    }
    if (signer.since !== null) wrong('key_exposed', 'the key was stolen later; a label carries no time');
    return { detail: `signed by key ${label.keyId} of the certifier` };
  });
  await attempt('product', party, () => {
    const ids = [`${label.url}/${label.product}`, label.gtin && `https://id.gs1.org/${label.product}`];
    if (!attestation.products.every(({ id, batchNumber }) => ids.includes(id) && batchNumber === label.lot)) wrong('wrong_product', 'attested of another product or lot');
    if (label.claims & ~attestation.claims) wrong('wrong_claims', 'the label claims what was not attested');
    if (label.number > attestation.labels) wrong('serial_out_of_range', `number ${label.number} of ${attestation.labels} issued`);
    return { detail: `lot ${label.lot}, number ${label.number} of ${attestation.labels}` };
  });
  // Two honest clocks may lie five minutes apart; what the log holds has happened.
  const at = Math.max(now, state?.clock ?? 0), isBehind = !(now + CLOCK_TOLERANCE >= (state?.clock ?? 0));
  const needClock = () => { if (isBehind) unknown('clock', 'this device\'s clock is behind the log'); };
  await attempt('validity', party, () => {
    needClock();
    const lastDay = Math.min(attestation.lastDay, label.lastDay);
    if (day(at) < attestation.firstDay) wrong('not_yet_valid', `valid from ${dayText(attestation.firstDay)}`);
    if (day(at) > lastDay) wrong('expired', `valid until ${dayText(lastDay)}`);
    return { detail: `${dayText(attestation.firstDay)} to ${dayText(lastDay)}` };
  });
  await attempt('standing', party, () => {
    if (withdrawn(attestation.events, at)) wrong('withdrawn', 'the attestation was withdrawn');
    if (withdrawn(party.events, at)) wrong('certifier_suspended', 'the certifier\'s accreditation was withdrawn');
    needClock();
    if (['accreditor', 'certifier'].some((by) => suspended(attestation.events, by, at))) wrong('suspended', 'the attestation is suspended');
    if (held(party, at)) wrong('certifier_suspended', 'the certifier is suspended');
    // An honest bundle holds what counts. What does not count here may have been meant to stop it.
    if (ignored.length) unknown('unsupported', without);
    return { detail: 'neither suspended nor withdrawn, as far as the registry shows' };
  });

  const found = steps.filter(({ step, ok, reason }) => ok !== true && !(step === 'witnesses' && party && reason === null));
  if (found.some(({ reason }) => REFUSED.has(reason))) result.outcome = 'refused';
  else if (!found.length) result.outcome = 'verified';
  else if (found.every(({ reason }) => reason === 'key_exposed')) result.outcome = 'caution';
  return result;
}

// The verdict page: two requests to where it came from, and text into the element that asks for it.

async function fetchText(url, most) {
  const response = await fetch(url, { credentials: 'omit', cache: 'no-store', redirect: 'error', signal: AbortSignal.timeout(20_000) });
  need(response.ok && new URL(response.url).origin === location.origin, 'not served');
  const chunks = [], reader = response.body.getReader();
  for (let length = 0; ;) {
    const { done, value } = await reader.read();
    if (done) return fromUtf8(concat(...chunks));
    length += value.length;
    need(length <= most, 'too large');
    chunks.push(value);
  }
}

/** Writes a result beside what the page says. `alarm`: this device finds a fault where the page shows none, or a lesser one. */
export function show(device, result) {
  const page = ['verified', 'caution'].indexOf(device.dataset.outcome), own = ['verified', 'caution'].indexOf(result.outcome);
  const isFault = result.steps.some(({ ok, reason }) => ok === false && reason !== 'key_exposed'), agrees = page < 0 || (own >= 0 && own <= page);
  // A fault that the page tells of as well is no contradiction.
  const same = !['verified', 'undecided'].includes(result.outcome) && result.outcome === device.dataset.outcome ? device.dataset.same : undefined;
  device.querySelector('[role=status]').textContent =
    same ?? (isFault || (result.outcome === 'verified' && device.dataset.outcome === 'refused') ? device.dataset.no
      : result.outcome === 'verified' ? device.dataset.yes : device.dataset.cannot);
  device.classList.toggle('alarm', isFault && !agrees);
  device.querySelector('details')?.removeAttribute('hidden');
  device.querySelector('ol').replaceChildren(...result.steps.map(({ step, ok }) => {
    const item = document.createElement('li');
    const told = device.dataset[`step${step[0].toUpperCase()}${step.slice(1)}`] ?? step;
    item.textContent = `${ok === null ? '?' : ok ? '✓' : '✗'} ${told}`;
    return item;
  }));
}

const device = globalThis.document?.getElementById('device');
if (device) {
  const { label, evidence, trust, working } = device.dataset;
  device.querySelector('[role=status]').textContent = working;
  const get = (url) => fetchText(url, MAX_BUNDLE).catch(() => '');
  Promise.all([get(evidence), get(trust)]).then((texts) => check(label, ...texts)).then((result) => show(device, result));
}
