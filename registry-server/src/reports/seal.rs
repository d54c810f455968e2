//! Sealing a concern here, where the sender's device could not: age (c2sp.org/age) to the accreditors' X25519 keys.

use std::io::Write;

use concern::{Concern, Sealed};
use verify::ReportRecipient;

/// The key of a trust file, with its checksum checked.
///
/// # Errors
/// What is wrong with it, in words.
pub(crate) fn to_age(recipient: &ReportRecipient) -> Result<age::x25519::Recipient, String> {
    recipient.as_str().parse().map_err(|why| format!("{recipient} is no age recipient: {why}"))
}

/// Encrypts a concern, so that these recipients can read it and nobody else, this server included.
///
/// The concern and its JSON are wiped; what the cipher's own buffer held is not.
pub(crate) fn seal<'r>(
    concern: &Concern,
    recipients: impl Iterator<Item = &'r age::x25519::Recipient>,
) -> Result<Sealed, String> {
    let recipients: Vec<&dyn age::Recipient> = recipients.map(|recipient| recipient as _).collect();
    let json = concern.to_padded_json();
    let encryptor = age::Encryptor::with_recipients(recipients.iter().copied()).map_err(|error| error.to_string())?;
    let mut bytes = Vec::with_capacity(json.len() + 1024);
    let mut writer = encryptor.wrap_output(&mut bytes).map_err(|error| error.to_string())?;
    writer.write_all(&json).and_then(|()| writer.finish().map(drop)).map_err(|error| error.to_string())?;
    Sealed::from_bytes(bytes, recipients.len()).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use concern::ConcernKind;

    use super::*;

    #[test]
    fn each_recipient_reads_it_and_nobody_else() {
        let keys = [(); 3].map(|()| age::x25519::Identity::generate());
        let recipients = [keys[0].to_public(), keys[1].to_public()];
        let concern = Concern::typed(ConcernKind::Child, "at loom 3", "", "", "ne").unwrap();
        // Grease of every length.
        for _ in 0..200 {
            let sealed = seal(&concern, recipients.iter()).unwrap();
            let open = |key: &age::x25519::Identity| {
                let decryptor = age::Decryptor::new_buffered(sealed.as_bytes()).unwrap();
                let mut plain = Vec::new();
                decryptor.decrypt(std::iter::once(key as _)).ok()?.read_to_end(&mut plain).unwrap();
                Some(Concern::read(&plain).unwrap())
            };
            assert_eq!(keys.each_ref().map(open), [Some(concern.clone()), Some(concern.clone()), None]);
        }
    }

    #[test]
    fn a_mistyped_key_is_found() {
        let key = age::x25519::Identity::generate().to_public().to_string();
        assert!(to_age(&ReportRecipient::parse(&key).unwrap()).is_ok());
        let (other, last) = (if key.ends_with('q') { 'p' } else { 'q' }, key.len() - 1);
        let mistyped = ReportRecipient::parse(&format!("{}{other}", &key[..last])).unwrap();
        assert!(to_age(&mistyped).unwrap_err().contains("is no age recipient"));
    }
}
