// Wycheproof's and CCTV's Ed25519 vectors, with the verdicts that crates/primitives has on them. Imports nothing, so that a
// browser's page runs it as node does: `run(verifyStrict, { cctv, wycheproof })` with the two files as parsed JSON.

const hex = (text) => Uint8Array.from(text.match(/../g) ?? [], (two) => parseInt(two, 16));

/** What is expected of each vector, in the words of crates/primitives/src/key/tests.rs. */
function* each({ cctv, wycheproof }) {
  for (const group of wycheproof.testGroups) {
    for (const { tcId, msg, sig, result } of group.tests) {
      yield { name: `wycheproof ${tcId}`, key: hex(group.publicKey.pk), signature: hex(sig), message: hex(msg), valid: result === 'valid' };
    }
  }
  for (const { number, key, sig, msg, flags } of cctv) {
    // A small-order part alone is not refused by the cofactorless equation; every other flag is.
    const valid = (flags ?? []).every((flag) => flag === 'low_order_component_A' || flag === 'low_order_component_R');
    yield { name: `cctv ${number} ${flags ?? ''}`, key: hex(key), signature: hex(sig), message: new TextEncoder().encode(msg), valid };
  }
}

/** Runs all of them: how many there are, how many are valid, and the names of those on which the verdict is another. */
export async function run(verifyStrict, files) {
  const summary = { run: 0, valid: 0, wrong: [] };
  for (const { name, key, signature, message, valid } of each(files)) {
    summary.run += 1;
    summary.valid += Number(valid);
    if (await verifyStrict(key, signature, message) !== valid) summary.wrong.push(`${name}: expected ${valid}`);
  }
  return summary;
}
