//! Signs one label and prints what goes into its QR code: the vector of the label's specification.
//!
//! `cargo run -p examples --example sign_label`

use anyhow::Result;
use label::Label;
use primitives::{Day, SecretKey, Signer as _};
use statement::{Claims, Gtin, Lot, Origin, Serial};

fn main() -> Result<()> {
    // A real key lives in an encrypted file or a token; anything that implements `Signer` will do.
    let key = SecretKey::from_seed(&[1; 32]);
    let label = Label::sign(
        Origin::parse("registry.example")?,
        Some(Gtin::parse("09521234543213")?),
        Lot::parse("KTM-2026")?,
        Serial::new(None, 17)?,
        Claims::NO_CHILD_LABOUR,
        94567, // the attestation's index in the log
        Day::parse("2027-12-31")?,
        &key,
    )?;
    println!("{}", label.to_uri());

    // Any change, of the serial here, and the signature no longer holds.
    let changed = Label::parse(&label.to_uri().replace("/21/17", "/21/18"))?;
    println!("as printed: {}", if label.verify(&key.public_key()).is_ok() { "genuine" } else { "forged" });
    println!("serial 18:  {}", if changed.verify(&key.public_key()).is_ok() { "genuine" } else { "forged" });
    Ok(())
}
