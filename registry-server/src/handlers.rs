//! What answers the routes: take apart, make one call down, answer.

pub(crate) mod health;
pub(crate) mod home;
