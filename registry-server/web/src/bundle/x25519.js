// X25519 (RFC 7748, section 5) for browsers whose WebCrypto lacks it, by noble's Montgomery ladder alone: the module of
// noble that age-encryption imports brings the Edwards curve, hashing to it and threshold signatures along.

import { pow } from '@noble/curves/abstract/modular.js';
import { montgomery } from '@noble/curves/abstract/montgomery.js';

const P = 2n ** 255n - 19n;

/** Section 5, `decodeScalar25519`: a multiple of the cofactor, of one length. */
function adjustScalarBytes(bytes) {
  bytes[0] &= 248;
  bytes[31] &= 127;
  bytes[31] |= 64;
  return bytes;
}

export const x25519 = montgomery({ P, type: 'x25519', adjustScalarBytes, powPminus2: (x) => pow(x, P - 2n, P) });
