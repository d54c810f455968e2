//! The steps, in order. Each says what it shows and fails if it shows something else.

use std::fs;

use anyhow::{Context as _, Result, bail, ensure};

use super::{Server, Shell, say};

const ACCREDITOR: &str = "did:web:accreditor.example";
const CERTIFIER: &str = "did:web:himal-audit.example";

/// Keys for the accreditor and the certifier; gives the accreditor's public key file.
pub(super) fn keys(shell: &Shell<'_>) -> Result<String> {
    // A passphrase for a sample: real ones are typed at the prompt.
    fs::write(shell.folder().join("passphrase"), "correct horse battery staple\n")?;
    say("An accreditor and a certifier make their keys. Secret halves are encrypted files (PKCS#8).")?;
    shell.run(&format!("certifier keygen --did {ACCREDITOR} --out accreditor.key --passphrase-file passphrase"), 0)?;
    shell.run(&format!("certifier keygen --did {CERTIFIER} --out certifier.key --passphrase-file passphrase"), 0)?;
    Ok("accreditor.jwk".into())
}

pub(super) fn init(shell: &Shell<'_>, port: u16, accreditor_key: &str) -> Result<()> {
    say("The operator starts a registry. The trust file that it writes goes to everybody, out of band.")?;
    let origin = format!("localhost:{port}");
    let line = format!(
        "registry-server init --data registry --origin {origin} --accreditor-did {ACCREDITOR} \
         --accreditor-name 'Accreditor' --accreditor-key {accreditor_key}"
    );
    shell.run(&line, 0)?;
    Ok(())
}

/// Everything that needs the server; gives the URL of a label that stays good.
pub(super) fn show(shell: &Shell<'_>, server: &Server) -> Result<String> {
    for name in ["accreditation.toml", "lot.toml", "small-lot.toml"] {
        shell.sample(name)?;
    }
    let signed = |key: &str| format!("--trust registry/trust.toml --key {key} --passphrase-file passphrase");
    let (by_accreditor, by_certifier) = (signed("accreditor.key"), signed("certifier.key"));

    say("The accreditor admits the certifier, with a scope: carpets from three countries.")?;
    shell.run(&format!("certifier accredit accreditation.toml {by_accreditor}"), 0)?;

    say("The certifier attests a lot of 100 hand-knotted carpets, and a small one of 5.")?;
    let lot = index(&shell.run(&format!("certifier attest lot.toml {by_certifier}"), 0)?)?;
    let small = index(&shell.run(&format!("certifier attest small-lot.toml {by_certifier}"), 0)?)?;

    say("It prints their labels. Each code is decoded again before its file is kept.")?;
    shell.run(&format!("certifier labels --attestation {lot} --out labels {by_certifier}"), 0)?;
    shell.run(&format!("certifier labels --attestation {small} --out small {by_certifier}"), 0)?;

    say("A code reader gives back what the picture holds.")?;
    let label = label_text(&shell.run("verifier inspect labels/17.png", 0)?)?;

    say("Anybody asks the registry over HTTP.")?;
    let answer = server.get(&format!("/v1/verify?label={label}"))?;
    ensure!(answer.contains(r#""outcome":"verified""#), "the registry does not verify its own label");

    say("A customs officer trusts no answer: the verifier checks signature and log proofs itself.")?;
    shell.run("verifier check labels/17.png --trust registry/trust.toml", 0)?;

    say("Forged: one character of the signature is another. Exit status 1.")?;
    refused(shell, &forge(&label)?, "forged_signature")?;

    say("Swapped: a genuine code, on goods of another lot.")?;
    // The path is signed with the rest, so a label cannot be moved.
    refused(shell, &label.replace("KTM-2026", "KTM-2025"), "forged_signature")?;

    say("A look-alike: the same label, pointing to a registry that the trust file does not name.")?;
    refused(
        shell,
        &label.replacen("LOCALHOST", "REGISTRY.EXAMPLE", 1).replacen("HTTP:", "HTTPS:", 1),
        "foreign_origin",
    )?;

    say("The certifier withdraws the small lot: a child was found at work.")?;
    shell.run("verifier check small/1.png --trust registry/trust.toml", 0)?;
    shell.run(&format!("certifier withdraw {small} --reason child_found_at_work --yes {by_certifier}"), 0)?;
    let answer = shell.run("verifier check small/1.png --trust registry/trust.toml", 1)?;
    ensure!(answer.contains("withdrawn"), "the withdrawn lot is refused for another reason");

    say(
        "An officer takes the registry's snapshot along to a border post, and judges two pallets there without any network.",
    )?;
    let entries = small + 2;
    sync(shell, entries)?;
    let offline = "--trust registry/trust.toml --snapshots snapshots";
    photos(shell, "labels", 10, "first-pallet")?;
    photos(shell, "small", 5, "second-pallet")?;
    let answer = shell.run(&format!("verifier shipment first-pallet {offline} --report report.html"), 0)?;
    ensure!(answer.contains("10 verified"), "the snapshot does not verify the labels");
    let answer = shell.run(&format!("verifier shipment second-pallet {offline}"), 1)?;
    ensure!(answer.contains("withdrawn"), "the snapshot does not know of the withdrawal");
    Ok(label)
}

/// What the officer's camera took: the pictures of the first labels.
fn photos(shell: &Shell<'_>, of: &str, count: u32, into: &str) -> Result<()> {
    let folder = shell.folder().join(into);
    fs::create_dir_all(&folder)?;
    for number in 1..=count {
        let name = format!("{number}.png");
        fs::copy(shell.folder().join(of).join(&name), folder.join(&name))?;
    }
    Ok(())
}

/// Fetches the snapshot, and again until it has these entries: it is made once a second here, once a minute by default.
fn sync(shell: &Shell<'_>, entries: u64) -> Result<()> {
    for _ in 0..20 {
        let answer = shell.run("verifier sync --trust registry/trust.toml --snapshots snapshots", 0)?;
        if answer.contains(&format!("{entries} entries")) {
            return Ok(());
        }
        std::thread::sleep(std::time::Duration::from_millis(500));
    }
    bail!("the registry's snapshot does not reach {entries} entries")
}

fn refused(shell: &Shell<'_>, label: &str, reason: &str) -> Result<()> {
    let answer = shell.run(&format!("verifier check {label} --trust registry/trust.toml"), 1)?;
    ensure!(answer.contains(reason), "expected the reason {reason}");
    Ok(())
}

/// The number after "index" in what a command printed.
fn index(output: &str) -> Result<u64> {
    let after = output.split("index ").nth(1).context("the command names no log index")?;
    let digits: String = after.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().context("the command names no log index")
}

/// The label in what `verifier inspect` printed.
fn label_text(output: &str) -> Result<String> {
    let label = output.split_whitespace().find(|word| word.starts_with("HTTP://") || word.starts_with("HTTPS://"));
    Ok(label.context("the picture holds no label")?.to_owned())
}

/// Another letter in the middle of the signature.
fn forge(label: &str) -> Result<String> {
    let blob = label.split('/').nth(3).context("a label has a blob")?;
    let middle = blob.len() - 40;
    let letter = if blob.get(middle..=middle) == Some("A") { "B" } else { "A" };
    let (before, after) = (blob.get(..middle), blob.get(middle + 1..));
    let forged = before.zip(after).map(|(before, after)| [before, letter, after].concat());
    Ok(label.replacen(blob, &forged.context("a blob is longer than that")?, 1))
}
