#!/usr/bin/env python3
"""Runs the conformance kit with verifier.py: labels, evidence, proofs, checkpoints, consistency.

    verifier_kit.py tests/vectors
"""
import json, pathlib, subprocess, sys, tempfile, tomllib
from verifier import Refused, check_consistency, check_proof, hash_of, judge, open_checkpoint, vkey_of

def answer(part, given, folder, trust):
    keys = [vkey_of(key) for key in given.get("log_keys", []) + given.get("witnesses", [])]
    try:
        if part == "proofs": check_proof(given["statement"], given["index"], given["proof"], keys, trust["registries"][0]["origin"])
        elif part == "checkpoints": open_checkpoint(given["checkpoint"], keys, given["origin"], given["quorum"])
        elif part == "consistency":
            older, newer = (open_checkpoint(given[name], keys) for name in ("older", "newer"))
            check_consistency(older, newer, [hash_of(text, "form") for text in given["proof"]])
        else:
            if "trust" in given: trust = tomllib.loads((folder / given["trust"]).read_text())
            bundle = given.get("bundle") or json.loads((folder / given["evidence"]).read_bytes())
            return judge(given["label"], bundle, trust, given["at"])
    except Refused as refused: return "refused", None, str(refused)
    return "accepted", None, None
def kit(folder):
    trust, good, bad = tomllib.loads((folder / "world/trust.toml").read_text()), 0, 0
    for path in sorted(folder.glob("*/*.json")):
        if path.parent.name not in ("labels", "evidence", "proofs", "checkpoints", "consistency"): continue
        vector = json.loads(path.read_bytes())
        expected, (outcome, reasons, code) = vector["expected"], answer(path.parent.name, vector["given"], folder, trust)
        same = (outcome, code, sorted(reasons or [])) == (expected["outcome"], expected.get("code"), sorted(expected.get("reasons", [])))
        good, bad = good + same, bad + (not same)
        if not same: print(f"{path}: {outcome} {reasons} {code}, expected {expected}")
    print(f"{good} passed, {bad} failed")
    return int(bad > 0 or good == 0 or not command_line(folder / "world/trust.toml"))
def command_line(trust):
    """That files which are missing or not what they should be are input errors, status 2, each named in one line."""
    program, well = pathlib.Path(__file__).with_name("verifier.py"), True
    with tempfile.TemporaryDirectory() as folder:
        contents = {"nothing": b"", "text": b"none", "deep": b"[" * 100_000, "binary": b"\xff\xfe"}
        for name, content in contents.items(): pathlib.Path(folder, name).write_bytes(content)
        names = [pathlib.Path(folder, name) for name in ("missing", *contents)] + [pathlib.Path(folder)]
        for given in [(trust, path) for path in names] + [(path, trust) for path in names if path.name != "nothing"]:
            ran = subprocess.run([sys.executable, program, "check", *given, "x"], capture_output=True, text=True)
            same = ran.returncode == 2 and ran.stderr.startswith("verifier.py: error: ") and ran.stderr.count("\n") == 1
            if not same: print(f"{given}: status {ran.returncode}, {ran.stderr}")
            well = well and same
    return well

if __name__ == "__main__": sys.exit(kit(pathlib.Path(sys.argv[1])) if len(sys.argv) == 2 else __doc__)
