//! What people sign: strict compact JWS over Verifiable Credentials 2.0, and the kinds of statement.
