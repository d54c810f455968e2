//! What a registry's refusal means for the statement that was sent, and what a person can do about it.
//!
//! An answer with an error's status need not be the registry's: proxies, portals and wrong addresses refuse too. Only the law's own
//! codes say that a statement will never be taken.

use client::Refused;

/// The codes of the law (`registry::Refusal`) that are about the statement, not about what the registry can do today.
const FINAL: [&str; 30] = [
    "wrong_registry",
    "unknown_issuer",
    "unknown_key",
    "kid_without_thumbprint",
    "accreditor_key_not_valid",
    "key_retired",
    "key_compromised",
    "not_an_accreditor",
    "subject_is_accreditor",
    "another_accreditor",
    "stale_accreditation",
    "accreditation_too_early",
    "already_approved",
    "key_not_accreditable",
    "key_of_another",
    "retired_key_listed",
    "unknown_compromised_key",
    "not_a_certifier",
    "certifier_suspended",
    "status_index_taken",
    "out_of_scope",
    "unknown_target",
    "unknown_party",
    "not_your_attestation",
    "not_your_party",
    "only_the_accreditor",
    "stale_status",
    "already_withdrawn",
    "nothing_to_lift",
    "too_many_changes",
];

/// Whether the law refuses this statement: it has to be signed anew, if at all.
pub(crate) fn is_final(error: &client::Error) -> bool {
    // The statuses that the registry gives the law's refusals: 429 with such a code comes from somebody else.
    matches!(error, client::Error::Refused(refused)
        if matches!(refused.status, 403 | 409 | 422) && FINAL.contains(&refused.code.as_str()))
}

/// Whether the same request may be answered otherwise in a moment.
pub(crate) fn is_passing(refused: &Refused) -> bool {
    refused.status >= 500 || matches!(refused.status, 408 | 429)
}

/// What a person can do about it.
pub(crate) fn hint(refused: &Refused) -> Option<&'static str> {
    Some(match refused.code.as_str() {
        "unknown_issuer" => "the accreditor has to admit this DID first: certifier accredit FILE",
        "unknown_key" => "the accreditor has to list this key first: give it the .jwk beside the key file",
        "key_retired" | "key_compromised" => "sign with another key that the accreditor has listed: --key FILE",
        "out_of_scope" => "correct country, hs-code or claims, or ask the accreditor to widen the scope",
        "not_an_accreditor" => "only an accreditor of the trust file may do this: --key FILE names its key",
        "not_a_certifier" => "only a party accredited as certifier attests: --key FILE names its key",
        "certifier_suspended" => "the accreditor has to reinstate the certifier first",
        "stale_accreditation" => {
            "a newer accreditation of this party is in force; sign this one again with a later first-day"
        }
        "stale_status" => {
            "the status was changed meanwhile: look at it with `verifier check`, then run the command again"
        }
        "already_withdrawn" => "a withdrawal is final: attest the lot anew, and print new labels",
        "nothing_to_lift" => "whoever suspended has to reinstate; nobody lifts another's hold",
        "key_of_another" => "a key belongs to one party for ever: make a new one with `certifier keygen`",
        "retired_key_listed" => "take the key out of `keys`: a retired key stays so",
        "unknown_target" | "unknown_attestation" => "name the index that `certifier attest` printed",
        "not_your_attestation" | "not_your_party" | "only_the_accreditor" => {
            "--key FILE names the key of whoever may do this"
        }
        "unknown_report" => "name ids that `certifier reports list` prints for this accreditor's key",
        "report_closed" => "a closed report is erased: take its id out",
        "stale_request" => "set this machine's clock, then run the command again",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use registry::Refusal;

    use super::*;

    fn refused(status: u16, code: &str) -> client::Error {
        Refused { status, code: code.into(), detail: String::new(), index: None }.into()
    }

    #[test]
    fn the_law_has_the_last_word_and_nobody_else() {
        let taken = Refusal::StatusIndexTaken { slot: statement::StatusSlot { list: 0, index: 1 }, holder: None };
        let party = statement::Did::parse("did:web:certifier.example").unwrap();
        for refusal in
            [taken, Refusal::UnknownTarget(7), Refusal::NothingToLift { target: None }, Refusal::UnknownIssuer(party)]
        {
            assert!(is_final(&refused(409, refusal.code())), "{refusal}");
            assert!(!is_final(&refused(429, refusal.code())), "{refusal}");
        }
        for code in [client::NO_CODE, "slow_body", "not_found", "bad_host", Refusal::LogFull.code()] {
            assert!(!is_final(&refused(403, code)), "{code}");
        }
    }
}
