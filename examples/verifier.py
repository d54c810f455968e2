#!/usr/bin/env python3
"""A second verifier of labels and proofs, written from the specifications alone. Needs Python 3.11 and `cryptography`.

    verifier.py check TRUST.toml EVIDENCE.json LABEL     the verdict, by the evidence that a registry gives for the label's index

Of a statement it checks issuer, key and signature, and reads what a verdict needs, not the form of the rest. It takes evidence to be of
the time asked about, and keeps no state: an older log than before is not noticed. verifier_kit.py runs the conformance kit with it.
"""
import base64, binascii, datetime as dt, hashlib, json, pathlib, re, sys, tomllib, urllib.parse
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

class Refused(Exception): """What is wrong, by its stable code."""
def need(holds, code):
    if not holds: raise Refused(code)
def sha256(*parts): return hashlib.sha256(b"".join(parts)).digest()

# Encodings and signatures: one spelling each, and no signature that holds for what nobody signed.
def b64(text, code="form", url=False):
    alphabet, padding = (b"-_", "=" * (-len(text) % 4)) if url else (None, "")
    try: raw = base64.b64decode(text + padding, alphabet, validate=True)
    except (binascii.Error, ValueError): raise Refused(code) from None
    need(base64.b64encode(raw, alphabet).decode() == text + padding, code)
    return raw
def hash_of(text, code): return need(len(raw := b64(text, code)) == 32, code) or raw
P, L = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493
EIGHTH = 0x05FC536D880238B13933C6D305ACDFD5F098EFF289F4C345B027B2C28F95E826
SMALL = {0, 1, P - 1, EIGHTH, P - EIGHTH}  # the y of every point of small order
def signed_by(key, message, signature):
    """RFC 8032 with S reduced, and neither key nor R of small order or in a second spelling; `cryptography` alone is laxer."""
    ys = [int.from_bytes(point, "little") % 2**255 for point in (key, signature[:32])]
    if len(signature) != 64 or any(y >= P or y in SMALL for y in ys) or int.from_bytes(signature[32:], "little") >= L: return False
    try: return Ed25519PublicKey.from_public_bytes(key).verify(signature, message) is None
    except (InvalidSignature, ValueError): return False

# Labels: crates/label/README.md.
def decimal(text, limit): return int(text) if re.fullmatch("0|[1-9][0-9]{0,19}", text) and int(text) < limit else None
def origin_of(text):
    (host, colon, port), is_label = text.partition(":"), re.compile("(?!(?!xn)..--|.{64})[a-z0-9]([a-z0-9-]*[a-z0-9])?")
    need(not colon or (decimal(port, 65536) or 0) not in (0, 80, 443), "bad_host")
    need(len(host) < 254 and all(is_label.fullmatch(label) for label in host.split(".")), "bad_host")
    if re.fullmatch(r"(.*\.)?([0-9]+|0x[0-9a-f]*)", host):
        need(host.count(".") == 3 and all(decimal(part, 256) is not None for part in host.split(".")), "bad_host")
    return text
def unescaped(ai, text):
    need(not re.search("%(?![0-9A-Fa-f]{2})", text), "bad_percent_encoding")
    raw = re.sub(rb"%(..)", lambda found: bytes.fromhex(found[1].decode()), text.encode())
    need(re.fullmatch(rb"[!\"%-?A-Z_a-z]+", raw), "not_cset_82"), need(ai == "10" or b"/" not in raw, "encoded_slash")
    return raw.decode()
def blob_of(text):
    try: raw = base64.b32decode(text + "=" * (-len(text) % 8))
    except (binascii.Error, ValueError): raise Refused("blob_not_base32") from None
    need(base64.b32encode(raw).decode().rstrip("=") == text, "blob_not_base32"), need(73 <= len(raw) <= 256, "blob_length")
    need(raw[0] == 1, "unsupported_version"), need(end := next((at for at in range(6, 16) if raw[at] < 128), None), "index_too_large")
    index = sum((byte & 127) << 7 * place for place, byte in enumerate(raw[6 : end + 1]))
    need(index < 2**64, "index_too_large"), need(end == 6 or raw[end], "index_not_shortest")
    need(len(raw) == end + 67, "blob_length"), need(raw[1] < 4, "unsupported_claim"), need(raw[1], "no_claims")
    return {"claims": raw[1], "key_id": raw[2:6], "index": index, "header": raw[:-64], "signature": raw[-64:],
            "last_day": dt.date(1970, 1, 1) + dt.timedelta(int.from_bytes(raw[end + 1 : end + 3], "big"))}
def label_of(text):
    need(len(text.encode()) <= 2048, "too_long"), need(scheme := re.match("https?://", text, re.IGNORECASE), "scheme")
    need(scheme[0].islower() or scheme[0].isupper(), "mixed_case_scheme")
    authority, path = re.fullmatch("([^/?#]*)(.*)", text[scheme.end() :], re.DOTALL).groups()
    (host, _, port), plain = authority.partition(":"), scheme[0].lower() == "http://"
    need("@" not in authority, "userinfo"), need(authority.isascii(), "host_not_ascii"), need(host[-1:] != ".", "trailing_dot")
    need(not port.isdecimal() or int(port) != (80 if plain else 443), "default_port")
    origin = origin_of(authority.lower())
    need(not plain or re.fullmatch(r"localhost|127\.[0-9.]+", host.lower()), "plain_http")
    path, bad = re.fullmatch("([!$-;=@-Z_a-z~]*)(.?).*", path, re.DOTALL).groups()
    need(bad in "?#", "forbidden_character"), need(path[1:], "no_path"), need(path[-1] != "/", "trailing_slash")
    segments = path[1:].split("/")
    dots = {re.sub("%2[Ee]", ".", segment) for segment in segments} & {".", ".."}
    need(all(segments), "empty_segment"), need(not dots, "dot_segment"), need(not segments[0].isdigit(), "no_blob")
    label, ais, values = blob_of(segments[0]), segments[1::2], segments[2::2]
    need(ais in (["01", "10", "21"], ["10", "21"]) and len(values) == len(ais), "unexpected_path")
    gtin = unescaped("01", values[0]) if ais[0] == "01" else None
    digits = [int(digit) * (3, 1)[place % 2] for place, digit in enumerate(gtin or "") if digit.isdigit()]
    need(gtin is None or (len(digits) == len(gtin) == 14 and sum(digits) % 10 == 0), "bad_gtin")
    lot, serial = unescaped("10", values[-2]), unescaped("21", values[-1])
    need(len(lot) <= 20 and lot not in (".", ".."), "bad_lot")
    index, hyphen, number = serial.rpartition("-")
    number, index = decimal(number, 2**32), decimal(index, 2**64) if hyphen else label["index"]
    need(len(serial) <= 20 and number and index is not None, "bad_serial"), need(index == label["index"], "serial_index_mismatch")
    signed = f"{f'01/{gtin}/' if gtin else ''}10/{urllib.parse.quote(lot, safe='')}/21/{serial}"
    signed = b"ethical-label/v1\0" + label["header"] + origin.encode() + b"\0" + signed.encode()
    return label | {"origin": origin, "product": (gtin, lot), "number": number, "signed": signed}

# The log: crates/tlog/README.md.
def vkey_of(text):
    (name, key_id, key), raw = text.split("+", 2), base64.b64decode(text.split("+", 2)[2], validate=True)
    assert sha256(name.encode(), b"\n", raw)[:4].hex() == key_id and raw[0] in (1, 4), text
    return name, raw[0], raw[1:], bytes.fromhex(key_id)
def open_note(text, keys):
    """The text of a note, and the known keys that signed it: name, type, key."""
    need(not re.search("[\0-\x09\x0b-\x1f]", text), "note_control_character")
    (body, empty, lines), found, signers = text.rpartition("\n\n"), [], set()
    need(empty, "note_no_empty_line"), need(lines, "note_no_signature"), need(lines[-1] == "\n", "note_unterminated")
    for line in lines[:-1].split("\n"):
        name, space, signature = line[2:].partition(" ")
        need(len(found) < 64, "too_many_signatures"), need(line[:2] == "\u2014 " and space, "signature_line")
        need(re.fullmatch(r"[^\s+]+", name), "key_name"), need(len(raw := b64(signature, "signature_base64")) > 4, "signature_base64")
        found.append((name, raw[:4], raw[4:]))
    for name, key_id, signature in found:
        for known, kind, key, its_id in keys:
            if (known, its_id) != (name, key_id): continue
            time, body_signed = int.from_bytes(signature[:8], "big"), body + "\n"
            if kind == 4: body_signed, signature = f"cosignature/v1\ntime {time}\n{body_signed}", signature[8:]
            need((kind == 1 or time < 2**63) and signed_by(key, body_signed.encode(), signature), "bad_signature")
            signers.add((known, kind, key))
    need(signers, "no_known_signature")
    return body + "\n", signers
def open_checkpoint(text, keys, origin=None, quorum=0):
    body, signers = open_note(text, keys)
    lines = body[:-1].split("\n")
    need(len(lines) > 2, "checkpoint_too_few_lines"), need((size := decimal(lines[1], 2**64)) is not None, "checkpoint_size")
    root = hash_of(lines[2], "checkpoint_root")
    need(size or root == sha256(), "checkpoint_empty_tree_root"), need(all(lines), "checkpoint_empty_line")
    need(any(kind == 1 and name == lines[0] for name, kind, _ in signers), "no_log_signature")
    need(origin in (None, lines[0]), "other_log"), need(len({key for _, kind, key in signers if kind == 4}) >= quorum, "no_quorum")
    return {"origin": lines[0], "size": size, "root": root}
def climb(seed, index, size, proof, shared=0, left_only=False):
    """From a subtree of 2^shared leaves that ends with the leaf `index` up to the root (RFC 9162 sections 2.1.3.2 and 2.1.4.2)."""
    inner = max((index ^ (size - 1)).bit_length() - shared, 0)
    need(len(proof) == inner + (index >> inner + shared).bit_count(), "proof_length")
    for level, sibling in enumerate(proof):
        if level >= inner or index >> shared + level & 1: seed = sha256(b"\1", sibling, seed)
        elif not left_only: seed = sha256(b"\1", seed, sibling)
    return seed
def check_inclusion(entry, index, proof, checkpoint):
    need(index < checkpoint["size"], "index_beyond_size")
    need(climb(sha256(b"\0", entry), index, checkpoint["size"], proof) == checkpoint["root"], "root_mismatch")
def proved(one, checkpoint):
    entry, proof = b64(one["entry"], "not_base64"), [hash_of(text, "not_base64") for text in one["proof"]]
    return check_inclusion(entry, one["index"], proof, checkpoint) or entry
def check_consistency(old, new, proof):
    size, shared = old["size"], (old["size"] & -old["size"]).bit_length() - 1
    need(old["origin"] == new["origin"], "other_log"), need(size <= new["size"], "old_beyond_new")
    if size in (0, new["size"]):
        need(not proof, "proof_length"), need(size == 0 or old["root"] == new["root"], "new_root_mismatch")
        return
    whole = size == 1 << shared  # then the old root itself is where the proof begins
    need(whole or proof, "proof_length")
    path = (old["root"] if whole else proof[0], size - 1, new["size"], proof if whole else proof[1:], shared)
    need(climb(*path, left_only=True) == old["root"], "old_root_mismatch"), need(climb(*path) == new["root"], "new_root_mismatch")
def check_proof(statement, index, text, keys, origin):
    need(text[:23] == "c2sp.org/tlog-proof@v1\n", "proof_header")
    (first, _, rest), received = text[23:].partition("\n"), b""
    if first[:6] == "extra ":
        need(received := b64(first[6:], "proof_extra"), "proof_extra")
        first, _, rest = rest.partition("\n")
    need(first[:6] == "index " and (found := decimal(first[6:], 2**64)) is not None, "proof_index")
    proof, lines = [], rest.split("\n")
    while lines and lines[0]:
        need(len(lines) > 1, "proof_no_empty_line"), need(len(proof) < 64, "proof_too_many_hashes")
        proof.append(hash_of(lines.pop(0), "proof_hash"))
    need(len(lines) > 1, "proof_no_empty_line")
    try: checkpoint, refused = open_checkpoint("\n".join(lines[1:]), keys, origin), None
    except Refused as error: checkpoint, refused = None, error
    need(refused is None or not str(refused).startswith(("note", "signature", "key_name", "checkpoint")), str(refused))
    need(found == index, "other_entry"), need(len(received) == 8, "no_received_at"), need(checkpoint, str(refused))
    check_inclusion(received + statement.encode(), index, proof, checkpoint)

# Statements and the law, as far as one attestation goes: crates/statement/README.md, crates/registry/README.md.
TOPICS = {"youth-protection": 1, "forced-labor-elimination": 2}
def seconds(text): return dt.datetime.fromisoformat(text).timestamp()
def day(at): return dt.datetime.fromtimestamp(at, dt.UTC).date()
def thumbprint(x): return base64.urlsafe_b64encode(sha256(b'{"crv":"Ed25519","kty":"OKP","x":"%s"}' % x.encode())).decode()[:43]
def held(events, at):
    """Withdrawn, suspended or neither: of the changes in effect each holder's last counts, and withdrawal for good."""
    last = {event["by"]: event["action"] for event in events if event["from"] <= at}
    return "withdrawn" if "withdraw" in last.values() else "suspended" if "suspend" in last.values() else None
def fold(log, index, entry):
    """Takes one proved entry in. What the law does not take raises something, and changes nothing."""
    received, (header, payload, signature) = int.from_bytes(entry[:8], "big") / 1000, entry[8:].decode().split(".")
    head, claim = (json.loads(b64(part, url=True)) for part in (header, payload))
    (did, _, thumb), subject, kinds = head.pop("kid").partition("#"), claim["credentialSubject"], claim["type"]
    party, accreditor = log["parties"].get(did), log["accreditors"].get(did)
    attests = "DigitalConformityCredential" in kinds and index == log["index"]
    need(party or accreditor or not attests, "issuer_missing")
    if accreditor:
        in_use = lambda key: key.get("first_index", 0) <= index <= key.get("last_index", index)
        keys = {thumbprint(key["x"]): key for key in accreditor["keys"] if in_use(key)}
    else: keys = {name: key for name, key in party["keys"].items() if "retired" not in key and "since" not in key}
    need(head in [{"alg": alg, "typ": "vc+jwt", "cty": "vc"} for alg in ("EdDSA", "Ed25519")] and received >= log["last"], "law")
    issuer = claim["issuer"]["id"] if isinstance(claim["issuer"], dict) else claim["issuer"]
    need(did == issuer and claim["registry"] == log["origin"], "law")
    need(signed_by(b64(keys[thumb]["x"], url=True), f"{header}.{payload}".encode(), b64(signature, url=True)), "law")
    log["last"] = received
    if attests and not accreditor: attest(log, received, did, party, keys[thumb], claim, subject)
    elif "DigitalIdentityAnchor" in kinds and accreditor: accredit(log, index, accreditor, (payload, thumb), claim, subject)
    elif "LabelStatusChange" in kinds: change(log, index, received, did, claim, subject["statusChange"])
def accredit(log, index, accreditor, approval, claim, subject):
    party = log["parties"].get(subject["id"], {"by": accreditor["did"], "from": -1, "keys": {}, "events": [], "entries": [], "first": index})
    begin, what, approved = seconds(claim["validFrom"]), subject["accreditedAs"], log["approvals"].setdefault(approval[0], {})
    need(party["by"] == accreditor["did"] and begin > party["from"], "law"), approved.setdefault(approval[1], index)
    if len(approved) < accreditor.get("threshold", 1): return
    keys = {thumbprint(key["x"]): dict(key) for key in what["keys"]} | party["keys"]
    for name in keys.keys() - {thumbprint(key["x"]) for key in what["keys"]}: keys[name].setdefault("retired", index)
    for stolen in what.get("compromised", []):
        keys[stolen["key"]]["since"] = min(keys[stolen["key"]].get("since", 2**40), seconds(stolen["since"]))
    entries = party["entries"] + [(index, approval) for approval in approved.values()]  # each counts once the accreditation does
    log["parties"][subject["id"]] = party | what | {"keys": keys, "from": begin, "until": seconds(claim["validUntil"]), "entries": entries}
def attest(log, received, did, party, key, claim, subject):
    need(party["role"] == "certifier" and not held(party["events"], received), "law")
    lot, assessed = subject["lot"], subject["conformityAssessment"]
    topics = {topic["id"].rpartition("/")[2] for one in assessed for topic in one["conformityTopic"]}
    path = urllib.parse.urlsplit(assessed[0]["assessedProduct"][0]["product"]["id"]).path.split("/")
    in_scope = lot["countryOfOrigin"] in party["countries"] and int(lot["hsCode"][:2]) in party["hsChapters"]
    in_scope = in_scope and topics <= set(party["topics"]) and day(party["from"]) <= day(received) <= day(party["until"] - 1)
    log["found"] = {"did": did, "key": key, "received": received, "labels": lot["labels"], "in_scope": in_scope, "events": [],
                    "days": (day(seconds(claim["validFrom"])), day(seconds(claim["validUntil"]) - 1)),
                    "claims": sum(TOPICS[topic] for topic in topics),
                    "product": (path[2] if path[1] == "01" else None, urllib.parse.unquote(path[-1]))}
def change(log, index, received, did, claim, what):
    of_party, found = what.get("party"), log["found"]
    need(of_party or log["index"] in what["attestations"], "law")
    target, owner = log["parties"][of_party] if of_party else found, log["parties"][of_party or found["did"]]["by"]
    events, mine = target["events"], [event for event in target["events"] if event["by"] == did]
    need(did == owner or not of_party and did == found["did"], "law"), need(what["after"] == (events[-1]["index"] if events else None), "law")
    need(what["action"] != "reinstate" or mine and mine[-1]["action"] == "suspend", "law")
    events.append({"index": index, "by": did, "action": what["action"], "from": max(received, seconds(claim["validFrom"]))})

# Verdicts: crates/verify/README.md.
KEPT_BACK = ("entry_missing", "issuer_missing", "order", "not_base64")
def open_evidence(bundle, registry):
    keys = [vkey_of(key) for key in registry["log_keys"] + registry.get("witnesses", [])]
    checkpoint = open_checkpoint(bundle["checkpoint"], keys, registry["origin"], registry.get("quorum", 0))
    indexes = [entry["index"] for entry in bundle["entries"]]
    need(indexes == sorted(set(indexes)) and len(indexes) <= 10_000, "order")
    need(bundle["index"] >= checkpoint["size"] or bundle["index"] in indexes, "entry_missing")
    log = {"origin": registry["origin"], "index": bundle["index"], "last": 0, "parties": {}, "approvals": {}, "found": None,
           "accreditors": {accreditor["did"]: accreditor for accreditor in registry["accreditors"]}}
    entries, status = {one["index"]: proved(one, checkpoint) for one in bundle["entries"]}, bundle.get("status")
    first = next((at for at, version in registry["rules"] if version > 1), 2**64)  # from there on status roots are owed
    size, root = (status["root"]["index"], proved(status["root"], checkpoint)) if status else (0, entries.get(first, b""))
    time = int.from_bytes(root[1:8], "big") / 1000 if len(root) > 8 and root[0] < 2 and root[1:8] < (2**32 * 1000).to_bytes(7, "big") else -1
    covered = [int.from_bytes(entry[:8], "big") / 1000 for index, entry in entries.items() if index < size and entry[:1] == b"\0"]
    need(not status or len(root) == 40 and root[0] == 1 and size >= first and time >= max(covered, default=0), "no_status_root")
    log["bound"] = None if first >= checkpoint["size"] else time
    for index, entry in entries.items():
        try: fold(log, index, entry)
        except (KeyError, TypeError, ValueError, IndexError, AttributeError): pass  # nothing that counts
        except Refused as refused: need(str(refused) not in KEPT_BACK, str(refused))
    if status: check_status(log, size, root[8:], status)
    return log
def check_status(log, size, root, status):
    """That the entries before the root are all that changed the status of the attestation and of who issued it."""
    found, parties = log["found"], log["parties"]
    issuer = parties[found["did"]] if found else next((one for one in parties.values() if one["first"] == log["index"]), None)
    leaves = [(1, log["index"], found, "attestation")] if found else [] if issuer else [(None, log["index"], {}, "attestation")]
    if issuer: leaves.append((2, issuer["first"], issuer, "certifier" if found else "attestation"))
    for kind, index, what, name in leaves:
        changes = what.get("entries", []) + [(event["index"], event["index"]) for event in what.get("events", [])]
        changes = sorted(change for effective, change in changes if effective < size)
        leaf = sha256(b"\0", bytes([kind] if kind else []), *(change.to_bytes(8, "big") for change in changes))
        proof = [hash_of(text, "not_base64") for text in status[name]]
        try: need(index >= size or climb(leaf, index, size, proof) == root, "")
        except Refused: raise Refused("status_not_bound") from None
def judge(text, bundle, trust, at):
    """Outcome, reasons, and the exact rule that label or evidence breaks."""
    try: label = label_of(text)
    except Refused as refused:
        if str(refused).startswith("unsupported"): return "undecided", ["unsupported"], str(refused)
        return "refused", ["foreign_origin" if str(refused) == "host_not_ascii" else "malformed"], str(refused)
    if not trust.get("registries"): return "undecided", ["no_trust"], None
    registry = next((one for one in trust["registries"] if one["origin"] == label["origin"]), None)
    if not registry: return "refused", ["foreign_origin"], None
    try: log = open_evidence(bundle, registry)
    except (KeyError, TypeError, AttributeError): return "undecided", ["network"], None
    except Refused as refused:
        if str(refused) == "no_quorum": return "undecided", ["no_quorum"], None
        return "undecided", ["network" if str(refused) in KEPT_BACK else "log_inconsistent"], str(refused)
    at, asked, found, index = max(seconds(at), log["last"]), seconds(at), log["found"], label["index"]
    if not found or log["index"] != index: return "refused", ["unknown_attestation"], None
    party, last = log["parties"][found["did"]], min(found["days"][1], label["last_day"])
    keys = [key for key in party["keys"].values() if key.get("retired", index + 1) > index]
    keys = [key for key in keys if sha256(b64(key["x"], url=True))[:4] == label["key_id"]]
    signers = [key for key in keys if signed_by(b64(key["x"], url=True), label["signed"], label["signature"])]
    thefts, status = [key["since"] for key in signers + [found["key"]] if "since" in key], held(found["events"], at)
    reasons = [reason for broken, reason in (
        (not keys, "unknown_certifier"), (keys and not signers, "forged_signature"), (status, status),
        (any(since <= found["received"] for since in thefts), "key_compromised"),
        (label["product"] != found["product"], "wrong_product"), (label["claims"] & ~found["claims"], "wrong_claims"),
        (label["number"] > found["labels"], "serial_out_of_range"), (not found["in_scope"], "out_of_scope"),
        (day(at) < found["days"][0], "not_yet_valid"), (day(at) > last, "expired"),
        (held(party["events"], at), "certifier_suspended")) if broken]
    if reasons: return "refused", reasons, None
    if log["bound"] is not None and not -300 <= asked - log["bound"] <= 600: return "undecided", ["no_status"], None
    return ("caution", ["key_exposed"], None) if "since" in signers[0] else ("verified", [], None)
def read(path, form):
    try: return form(pathlib.Path(path).read_text())
    except (OSError, ValueError, RecursionError) as error: sys.exit(print(f"verifier.py: error: {path}: {error}", file=sys.stderr) or 2)

if __name__ == "__main__":
    if len(sys.argv) != 5 or sys.argv[1] != "check": sys.exit(print(__doc__, file=sys.stderr) or 2)
    trust, bundle = read(sys.argv[2], tomllib.loads), read(sys.argv[3], json.loads)
    outcome, reasons, code = judge(sys.argv[4], bundle, trust, dt.datetime.now(dt.UTC).isoformat())
    print(outcome, *reasons, *([f"({code})"] if code else []))
    sys.exit({"verified": 0, "undecided": 3}.get(outcome, 1))
