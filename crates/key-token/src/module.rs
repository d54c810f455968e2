//! PKCS#11 modules: loaded when a token is named, initialised once, finalised when the last user is gone.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, Weak};

use cryptoki::context::{CInitializeArgs, CInitializeFlags, Pkcs11};
use cryptoki::error::{Error, RvError};

use crate::TokenError;

/// Modules in use. A module is one for the whole process (PKCS#11 §5.4): two keys of one token share its login, and the first of
/// them that is dropped must not end the other's session.
static IN_USE: Mutex<Vec<(PathBuf, Weak<Module>)>> = Mutex::new(Vec::new());

/// A loaded and initialised module.
#[derive(Debug)]
pub(crate) struct Module {
    pub(crate) library: Pkcs11,
    /// Somebody else in this process initialised it, and will finalise it.
    borrowed: bool,
}

impl Module {
    /// Loads a module, or gives the one that is in use. Loading runs the module's own code: who names it trusts it.
    pub(crate) fn load(path: &Path) -> Result<Arc<Self>, TokenError> {
        let unusable = |why: String| TokenError::Module { path: path.to_owned(), why };
        let mut in_use = IN_USE.lock().unwrap_or_else(PoisonError::into_inner);
        in_use.retain(|(_, module)| module.strong_count() > 0);
        let known = in_use.iter().find(|(known, _)| known == path).and_then(|(_, module)| module.upgrade());
        if let Some(module) = known {
            return Ok(module);
        }
        let library = Pkcs11::new(path).map_err(|error| unusable(said(&error)))?;
        let borrowed = match library.initialize(CInitializeArgs::new(CInitializeFlags::OS_LOCKING_OK)) {
            Ok(()) => false,
            Err(Error::Pkcs11(RvError::CryptokiAlreadyInitialized, _)) => true,
            Err(error) => return Err(unusable(said(&error))),
        };
        let module = Arc::new(Self { library, borrowed });
        in_use.push((path.to_owned(), Arc::downgrade(&module)));
        Ok(module)
    }
}

impl Drop for Module {
    fn drop(&mut self) {
        if !self.borrowed {
            // There is nobody left to tell.
            let _ = self.library.clone().finalize();
        }
    }
}

/// An error in a few words: the crate's own are paragraphs of the standard.
pub(crate) fn said(error: &Error) -> String {
    if let Error::Pkcs11(value, function) = error {
        format!("C_{function:?} answered {value:?}")
    } else if let Error::LibraryLoading(cause) = error {
        cause.to_string()
    } else {
        error.to_string()
    }
}
