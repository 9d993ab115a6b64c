//! Who may see the site: one name and one password (`--auth`), by the Basic scheme.
//!
//! ```text
//! Authorization = "Basic" 1*SP token68          RFC 7617 section 2
//! token68       = base64( user-id ":" password )
//! ```
//!
//! Base64 is no encryption: everybody who sees the request can read the password. Only HTTPS hides it.
//!
//! The password itself is not kept, only its SHA-256. So both sides of a comparison have the same length, and how long
//! it takes says nothing about how much of a guess was right.

use super::Decision;
use crate::http::{FieldName, Fields};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use sha2::{Digest, Sha256};
use std::hint::black_box;

/// What a client must do to see the site (RFC 7617 section 2): the value of `WWW-Authenticate`.
pub const CHALLENGE: &str = "Basic realm=\"aula\", charset=\"UTF-8\"";

/// The name and the password that clients have to give.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Credentials {
    user: Hash,
    password: Hash,
}

/// A SHA-256 (FIPS 180-4).
pub type Hash = [u8; 32];

impl Credentials {
    /// This name, and the password with this hash.
    #[must_use]
    pub fn new(user: &str, password: Hash) -> Self {
        Self {
            user: hash(user.as_bytes()),
            password,
        }
    }

    /// Checks the credentials of a request.
    ///
    /// # Errors
    /// The decision for a request that has none, or wrong ones.
    pub fn check(&self, fields: Fields<'_>) -> Result<(), Decision> {
        let value = fields.get(FieldName::Authorization).ok_or(Decision::NoCredentials)?;
        let (scheme, token) = split_at(value, b' ').ok_or(Decision::NoCredentials)?;
        if !scheme.eq_ignore_ascii_case(b"Basic") {
            return Err(Decision::NoCredentials);
        }
        let decoded = BASE64_STANDARD.decode(token.trim_ascii()).unwrap_or_default();
        // The name has no colon, but the password may have some.
        let (user, password) = split_at(&decoded, b':').ok_or(Decision::WrongCredentials)?;
        let [is_user, is_password] =
            [(user, self.user), (password, self.password)].map(|(given, expected)| is_same(&hash(given), &expected));
        // Both are always compared.
        if is_user & is_password {
            Ok(())
        } else {
            Err(Decision::WrongCredentials)
        }
    }
}

/// The hash of a name or a password.
#[must_use]
pub fn hash(text: &[u8]) -> Hash {
    Sha256::digest(text).into()
}

/// The bytes before and after the first `separator`.
fn split_at(bytes: &[u8], separator: u8) -> Option<(&[u8], &[u8])> {
    let (before, after) = bytes.split_at_checked(memchr::memchr(separator, bytes)?)?;
    Some((before, after.get(1..)?))
}

/// Compares all bytes, wherever the first difference is.
fn is_same(one: &Hash, other: &Hash) -> bool {
    let differences = one.iter().zip(other).fold(0, |all, (one, other)| all | (one ^ other));
    black_box(differences) == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_and_the_password_have_to_be_right() {
        use Decision::{NoCredentials, WrongCredentials};
        let basic = |text: &str| format!("Basic {}", BASE64_STANDARD.encode(text));
        // RFC 7617 section 2 has this example, and section 2.1 the one with the pound sign.
        assert_eq!(basic("Aladdin:open sesame"), "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
        let aladdin = Credentials::new("Aladdin", hash(b"open sesame"));
        let pound = Credentials::new("test", hash("123\u{a3}".as_bytes()));
        let colons = Credentials::new("a", hash(b"b:c:"));
        for (credentials, value, expected) in [
            (&aladdin, basic("Aladdin:open sesame"), Ok(())),
            (&pound, "Basic dGVzdDoxMjPCow==".to_owned(), Ok(())),
            (&colons, basic("a:b:c:"), Ok(())),
            // RFC 9110 section 11.1: the scheme has no case; there may be several spaces.
            (&aladdin, "basic   QWxhZGRpbjpvcGVuIHNlc2FtZQ==".to_owned(), Ok(())),
            (&aladdin, basic("Aladdin:open"), Err(WrongCredentials)),
            (&aladdin, basic("aladdin:open sesame"), Err(WrongCredentials)),
            (&aladdin, basic("Aladdin:"), Err(WrongCredentials)),
            (&aladdin, basic(":open sesame"), Err(WrongCredentials)),
            (&aladdin, basic("Aladdin"), Err(WrongCredentials)),
            (&aladdin, basic(""), Err(WrongCredentials)),
            (
                &aladdin,
                "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ".to_owned(),
                Err(WrongCredentials),
            ),
            (&aladdin, "Basic \u{f1}".to_owned(), Err(WrongCredentials)),
            (&aladdin, "Basic".to_owned(), Err(NoCredentials)),
            (&aladdin, String::new(), Err(NoCredentials)),
            (
                &aladdin,
                "Bearer QWxhZGRpbjpvcGVuIHNlc2FtZQ==".to_owned(),
                Err(NoCredentials),
            ),
            (&aladdin, "Aladdin:open sesame".to_owned(), Err(NoCredentials)),
        ] {
            let fields = [("authorization", value.as_bytes())];
            assert_eq!(credentials.check(Fields::from_pairs(&fields)), expected, "{value}");
        }
        assert_eq!(aladdin.check(Fields::default()), Err(NoCredentials));
    }

    #[test]
    fn differences_do_not_cancel_each_other_out() {
        let one = hash(b"a");
        assert!(is_same(&one, &hash(b"a")));
        for changed in [&[0][..], &[31], &[0, 31], &[0, 1, 2, 3]] {
            let mut other = one;
            for &position in changed {
                other[position] ^= 1;
            }
            assert!(!is_same(&one, &other), "{changed:?}");
        }
    }

    #[test]
    fn the_hash_is_the_one_that_every_system_computes() {
        // FIPS 180-4, example "abc".
        let written: String = hash(b"abc").iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(
            written,
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
    }
}
