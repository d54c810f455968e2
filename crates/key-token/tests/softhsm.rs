//! Against SoftHSM 2: a token in a folder of its own. SoftHSM finds its folder by an environment variable, so each test runs itself again
//! as a process that has it.

#![expect(clippy::unwrap_used, reason = "a test panics on what it does not expect")]

use std::path::{Path, PathBuf};
use std::process::Command;

use cryptoki::context::{CInitializeArgs, CInitializeFlags, Pkcs11};
use cryptoki::object::{Attribute, AttributeType, ObjectClass};
use cryptoki::session::UserType;
use key_token::{PinRequest, PublicHalf, TokenError, TokenKey, TokenUri, Tries};
use primitives::Signer as _;
use zeroize::Zeroizing;

/// Debian's place, and that of others.
const MODULES: [&str; 3] =
    ["/usr/lib/softhsm/libsofthsm2.so", "/usr/lib64/pkcs11/libsofthsm2.so", "/usr/local/lib/softhsm/libsofthsm2.so"];
const PIN: &str = "493027";

/// A folder with tokens.
struct Home {
    folder: PathBuf,
    module: &'static str,
}

impl Home {
    fn uri(&self, path: &str) -> TokenUri {
        TokenUri::parse(&format!("pkcs11:{path}?module-path={}", self.module)).unwrap()
    }

    /// Makes a token; gives what the tool said, the slot among it.
    fn token(&self, label: &str) -> String {
        let tool = Command::new("softhsm2-util")
            .args(["--init-token", "--free", "--label", label, "--so-pin", "12345678", "--pin", PIN])
            .output()
            .unwrap();
        assert!(tool.status.success(), "{}", String::from_utf8_lossy(&tool.stderr));
        String::from_utf8_lossy(&tool.stdout).into_owned()
    }
}

/// Runs a test with SoftHSM; leaves it out where there is none, which CI does not accept.
fn with_softhsm(test: &str, run: impl FnOnce(&Home)) {
    let Some(module) = MODULES.into_iter().find(|path| Path::new(path).exists()) else {
        assert!(std::env::var_os("CI").is_none(), "CI has softhsm2");
        println!("left out: {test}: there is no SoftHSM");
        return;
    };
    if let Some(folder) = std::env::var_os("TOKEN_TEST_FOLDER") {
        return run(&Home { folder: folder.into(), module });
    }
    let folder = tempfile::tempdir().unwrap();
    let tokens = folder.path().join("tokens");
    std::fs::create_dir(&tokens).unwrap();
    let configuration = folder.path().join("softhsm2.conf");
    let text = format!("directories.tokendir = {}\nobjectstore.backend = file\nlog.level = ERROR\n", tokens.display());
    std::fs::write(&configuration, text).unwrap();
    let itself = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", test, "--nocapture"])
        .env("SOFTHSM2_CONF", &configuration)
        .env("TOKEN_TEST_FOLDER", folder.path())
        .output()
        .unwrap();
    let said = [itself.stdout, itself.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).concat();
    assert!(itself.status.success() && said.contains("1 passed"), "{said}");
}

fn pin(pin: &str) -> impl FnOnce(&PinRequest<'_>) -> Result<Zeroizing<String>, TokenError> {
    let pin = Zeroizing::new(pin.to_owned());
    move |_| Ok(pin)
}

fn none(_: &PinRequest<'_>) -> Result<Zeroizing<String>, TokenError> {
    panic!("no PIN is needed before something else fails")
}

fn refusal<T: std::fmt::Debug>(result: Result<T, TokenError>) -> TokenError {
    result.expect_err("this is refused")
}

#[test]
fn a_key_is_made_in_the_token_signs_and_cannot_be_taken_out() {
    with_softhsm("a_key_is_made_in_the_token_signs_and_cannot_be_taken_out", |home| {
        home.token("office");
        let uri = home.uri("token=office;object=certifier;id=%01");
        let made = key_token::generate(&uri, [7; 16], pin(PIN)).unwrap();
        let confinement = made.confinement().unwrap();
        assert!(confinement.sensitive && !confinement.extractable && confinement.always, "{confinement:?}");
        let public = made.public_key();
        public.verify_strict(b"message", &made.sign(b"message").unwrap()).unwrap();
        public.verify_strict(b"", &made.sign(b"").unwrap()).unwrap();
        let long = vec![0xa5; 48 * 1024];
        public.verify_strict(&long, &made.sign(&long).unwrap()).unwrap();
        drop(made);

        let opened = TokenKey::open(&uri, pin(PIN)).unwrap();
        assert_eq!(opened.public_key(), public);
        // Two keys of one token, one login; the one that goes first does not take it along.
        let second = TokenKey::open(&uri, pin(PIN)).unwrap();
        drop(opened);
        second.sign(b"message").unwrap();
        drop(second);
        let half = PublicHalf::read(&uri).unwrap();
        assert_eq!(
            (half.public, half.token.as_str(), half.key.as_str()),
            (public, "office", "object=certifier;id=%01")
        );

        // Another program, with the right PIN: what it is told, and what it is not.
        let library = Pkcs11::new(home.module).unwrap();
        library.initialize(CInitializeArgs::new(CInitializeFlags::OS_LOCKING_OK)).unwrap();
        let slots = library.get_slots_with_initialized_token().unwrap();
        let session = library.open_rw_session(slots[0]).unwrap();
        session.login(UserType::User, Some(&PIN.to_owned().into())).unwrap();
        let found = session.find_objects(&[Attribute::Class(ObjectClass::PRIVATE_KEY)]).unwrap();
        let [secret] = found[..] else { panic!("one key: {found:?}") };
        let told = session.get_attributes(secret, &[AttributeType::Extractable, AttributeType::Value]).unwrap();
        assert_eq!(told, [Attribute::Extractable(false)], "and not its value");
        assert!(session.update_attributes(secret, &[Attribute::Extractable(true)]).is_err(), "not afterwards either");
    });
}

#[test]
fn an_id_is_drawn_where_the_uri_has_none() {
    with_softhsm("an_id_is_drawn_where_the_uri_has_none", |home| {
        home.token("office");
        let uri = home.uri("token=office;object=certifier");
        let made = key_token::generate(&uri, [7; 16], pin(PIN)).unwrap();
        let by_id = uri.clone().with_id(vec![7; 16]);
        assert_eq!(TokenKey::open(&by_id, pin(PIN)).unwrap().public_key(), made.public_key());
    });
}

#[test]
fn nothing_is_made_over_a_key_that_is_there() {
    with_softhsm("nothing_is_made_over_a_key_that_is_there", |home| {
        home.token("office");
        let make = |path: &str| key_token::generate(&home.uri(path), [7; 16], pin(PIN));
        let made = make("token=office;object=certifier;id=%01").unwrap().public_key();
        for path in ["token=office;object=certifier;id=%02", "token=office;object=other;id=%01"] {
            assert_eq!(refusal(make(path)).code(), "token_key_exists", "{path}");
        }
        let left = TokenKey::open(&home.uri("token=office"), pin(PIN)).unwrap();
        assert_eq!(left.public_key(), made, "the only key");
        let nameless = key_token::generate(&home.uri("token=office"), [8; 16], none);
        assert_eq!(refusal(nameless).code(), "token_key_without_label");
    });
}

#[test]
fn a_uri_that_fits_none_or_several_lists_what_is_there() {
    with_softhsm("a_uri_that_fits_none_or_several_lists_what_is_there", |home| {
        let empty = refusal(TokenKey::open(&home.uri("token=office"), none));
        assert_eq!(empty.to_string(), "no token fits the URI; there is none");
        home.token("office");
        home.token("office");
        home.token("archive");
        let several = refusal(TokenKey::open(&home.uri("token=office"), none)).to_string();
        assert!(several.starts_with("several tokens fit the URI: office (serial "), "{several}");
        assert!(!several.contains("archive"), "{several}");
        let missing = refusal(TokenKey::open(&home.uri("token=vault"), none)).to_string();
        assert!(missing.contains("there is ") && missing.contains("archive (serial "), "{missing}");

        let archive = |path: &str| home.uri(&format!("token=archive{path}"));
        let no_key = refusal(TokenKey::open(&archive(""), pin(PIN)));
        assert_eq!(no_key.to_string(), "no Ed25519 key in token archive fits the URI; there is none");
        key_token::generate(&archive(";object=a;id=%01"), [7; 16], pin(PIN)).unwrap();
        key_token::generate(&archive(";object=b;id=%02"), [7; 16], pin(PIN)).unwrap();
        let several = refusal(TokenKey::open(&archive(""), pin(PIN))).to_string();
        assert!(several.contains("object=a;id=%01") && several.contains("object=b;id=%02"), "{several}");
        let other = refusal(TokenKey::open(&archive(";object=a;id=%02"), pin(PIN)));
        assert_eq!(other.code(), "no_token_key");
        assert!(other.to_string().contains("object=a;id=%01"), "{other}");
        assert!(TokenKey::open(&archive(";object=a"), pin(PIN)).is_ok());
        // Serial and slot tell two tokens of one label apart.
        let serial = several_serial(&refusal(TokenKey::open(&home.uri("token=office"), none)));
        let one = key_token::generate(&home.uri(&format!("token=office;serial={serial};object=x")), [7; 16], pin(PIN));
        assert_eq!(one.unwrap().public_half().serial, serial);
    });
}

fn several_serial(error: &TokenError) -> String {
    let text = error.to_string();
    text.split("serial ").nth(1).unwrap().split(',').next().unwrap().to_owned()
}

#[test]
fn a_wrong_pin_says_what_the_token_says() {
    with_softhsm("a_wrong_pin_says_what_the_token_says", |home| {
        home.token("office");
        let uri = home.uri("token=office;object=certifier;id=%01");
        key_token::generate(&uri, [7; 16], pin(PIN)).unwrap();
        let wrong = refusal(TokenKey::open(&uri, pin("999999")));
        assert!(
            matches!(&wrong, TokenError::WrongPin { token, tries: Tries::Fewer } if token == "office"),
            "{wrong:?}"
        );
        assert!(!wrong.to_string().contains("999999"), "{wrong}");
        assert_eq!(refusal(TokenKey::open(&uri, pin(""))).code(), "wrong_pin");
        assert!(TokenKey::open(&uri, pin(PIN)).is_ok());
        let failed: Result<TokenKey, TokenError> = TokenKey::open(&uri, |request| {
            assert_eq!(request, &PinRequest { token: "office", last_try: false });
            Err(TokenError::NotBuiltIn)
        });
        assert_eq!(refusal(failed).code(), "tokens_not_built_in", "what asking fails with is passed on");
    });
}

#[test]
fn a_token_that_is_taken_away_signs_no_more() {
    with_softhsm("a_token_that_is_taken_away_signs_no_more", |home| {
        home.token("office");
        let uri = home.uri("token=office;object=certifier;id=%01");
        let key = key_token::generate(&uri, [7; 16], pin(PIN)).unwrap();
        key.sign(b"before").unwrap();
        let tokens = home.folder.join("tokens");
        std::fs::rename(&tokens, home.folder.join("elsewhere")).unwrap();
        let lost = key.sign(b"after").expect_err("the token is gone").to_string();
        assert!(lost.contains("token office is no longer there"), "{lost}");
        // Put back, it is another session's: this one is over.
        std::fs::rename(home.folder.join("elsewhere"), &tokens).unwrap();
        let still = key.sign(b"again").expect_err("it was lost").to_string();
        assert!(still.contains("it was lost before"), "{still}");
        drop(key);
        TokenKey::open(&uri, pin(PIN)).unwrap().sign(b"anew").unwrap();
    });
}

#[test]
fn a_module_that_is_none_is_named() {
    let open = |path: &Path| {
        let uri = TokenUri::parse(&format!("pkcs11:token=a?module-path={}", path.display())).unwrap();
        refusal(TokenKey::open(&uri, none))
    };
    let folder = tempfile::tempdir().unwrap();
    let text = folder.path().join("module.so");
    let missing = open(&text);
    assert_eq!(missing.code(), "token_module_unusable");
    assert!(missing.to_string().contains("module.so"), "{missing}");
    std::fs::write(&text, "no library").unwrap();
    assert_eq!(open(&text).code(), "token_module_unusable");
    let bare: Result<TokenKey, TokenError> = TokenKey::open(&TokenUri::parse("pkcs11:token=a").unwrap(), none);
    assert_eq!(refusal(bare).code(), "token_module_missing");
}
