"""Writes vector.txt: a checkpoint signed and cosigned with ML-DSA-44 by another implementation (`cryptography` 48).

Made from c2sp.org/tlog-cosignature alone. The signatures are randomised: another run gives others that are as good.
"""

import base64
import hashlib
import struct

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey

ORIGIN, SIZE, ROOT = "registry.example", 20_852_163, hashlib.sha256(b"root").digest()
TEXT = f"{ORIGIN}\n{SIZE}\n{base64.b64encode(ROOT).decode()}\n"


def named(name: str, kind: int, public: bytes) -> tuple[bytes, str]:
    key_id = hashlib.sha256(name.encode() + b"\n" + bytes([kind]) + public).digest()[:4]
    return key_id, f"{name}+{key_id.hex()}+{base64.b64encode(bytes([kind]) + public).decode()}"


def cosigned(seed: int, name: str, time: int) -> tuple[str, str]:
    key = MLDSA44PrivateKey.from_seed_bytes(bytes([seed] * 32))
    text = lambda value: bytes([len(value)]) + value.encode()
    message = b"subtree/v1\n\0" + text(name) + struct.pack(">Q", time) + text(ORIGIN)
    message += struct.pack(">QQ", 0, SIZE) + ROOT
    key_id, vkey = named(name, 6, key.public_key().public_bytes_raw())
    line = base64.b64encode(key_id + struct.pack(">Q", time) + key.sign(message)).decode()
    return vkey, f"— {name} {line}\n"


ed25519 = Ed25519PrivateKey.from_private_bytes(bytes([1] * 32))
key_id, vkey = named(ORIGIN, 1, ed25519.public_key().public_bytes_raw())
first = f"— {ORIGIN} {base64.b64encode(key_id + ed25519.sign(TEXT.encode())).decode()}\n"
log_vkey, log = cosigned(2, ORIGIN, 0)
witness_vkey, witness = cosigned(3, "w.example", 1_679_315_147)
with open("vector.txt", "w") as out:
    out.write(f"{vkey} {log_vkey} {witness_vkey}\n{TEXT}\n{first}{log}{witness}")
