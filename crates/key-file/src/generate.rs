//! New keys.

use primitives::SecretKey;
use zeroize::Zeroizing;

/// Makes a key from the operating system's randomness.
///
/// # Errors
///
/// The system has no randomness to give.
pub fn generate() -> Result<SecretKey, getrandom::Error> {
    let mut seed = Zeroizing::new([0u8; 32]);
    getrandom::fill(seed.as_mut_slice())?;
    Ok(SecretKey::from_seed(&seed))
}
