//! What the program prints: help, dry runs and errors, word for word. Nothing here has a registry to talk to; the whole way with one
//! is tested in the workspace's `tests`.

#[test]
fn transcripts() {
    trycmd::TestCases::new()
        .env("NO_COLOR", "1")
        .env("XDG_STATE_HOME", concat!(env!("CARGO_TARGET_TMPDIR"), "/state"))
        .case("tests/transcripts/*.trycmd");
}
