//! Scripts and the like, each under a name that its content decides: kept for a year by whoever loads it, and never old.

use std::sync::LazyLock;

use axum::http::HeaderValue;
use primitives::Hash;

/// A file of the program.
pub(crate) struct Asset {
    /// `/assets/check.0123456789abcdef.js`.
    path: String,
    pub(crate) media_type: HeaderValue,
    pub(crate) bytes: &'static [u8],
}

impl Asset {
    /// Where it is served.
    pub(crate) fn path(&self) -> &str {
        &self.path
    }

    fn new(name: &str, media_type: &'static str, bytes: &'static [u8]) -> Self {
        let (stem, extension) = name.rsplit_once('.').unwrap_or((name, ""));
        let hash: String = Hash::of(bytes).to_string().chars().take(16).collect();
        Self {
            path: format!("/assets/{stem}.{hash}.{extension}"),
            media_type: HeaderValue::from_static(media_type),
            bytes,
        }
    }
}

macro_rules! assets {
    ($($(#[doc = $doc:literal])+ $name:ident $file:literal $media_type:literal;)+) => {
        $(
            $(#[doc = $doc])+
            pub(crate) static $name: LazyLock<Asset> = LazyLock::new(|| {
                let file = concat!("/", $file);
                let name = file.rsplit('/').next().unwrap_or_default();
                Asset::new(name, $media_type, include_bytes!(concat!("../web/", $file)))
            });
        )+

        /// The file that is served at this path.
        pub(crate) fn at(path: &str) -> Option<&'static Asset> {
            [$(&$name,)+].into_iter().map(|asset| &**asset).find(|asset| asset.path == path)
        }
    };
}

assets! {
    /// Checks a label on the reader's device.
    CHECK "dist/check.js" "text/javascript; charset=utf-8";
    /// Reads codes with the device's camera.
    SCAN "dist/scan.js" "text/javascript; charset=utf-8";
    /// Encrypts a concern on the sender's device.
    CONCERN "dist/concern.js" "text/javascript; charset=utf-8";
    /// age encryption (BSD-3-Clause).
    AGE "dist/age.js" "text/javascript; charset=utf-8";
    /// A decoder of QR codes, for browsers without one (MIT or Apache-2.0).
    QR "dist/qr.js" "text/javascript; charset=utf-8";
    /// The licences of what others wrote.
    LICENSES "dist/LICENSES.txt" "text/plain; charset=utf-8";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_its_content() {
        assert!(CHECK.path().starts_with("/assets/check.") && CHECK.path().ends_with(".js"));
        assert_eq!(at(CHECK.path()).map(|asset| asset.bytes), Some(CHECK.bytes));
        assert!(at("/assets/check.js").is_none() && at(&CHECK.path().replace('a', "b")).is_none());
        assert!(std::str::from_utf8(LICENSES.bytes).is_ok_and(|text| text.contains("Permission is hereby granted")));
    }
}
