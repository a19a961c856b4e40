//! Sealing: what must not lie open on the disk (secrets, personal fields, stored messages).
//!
//! A sealed value is `version 1 | key id, 4 bytes | nonce, 12 bytes | AES-256-GCM-SIV ciphertext and tag`. The nonce is a keyed hash of
//! context and content, so that sealing is deterministic (a replay writes the same bytes); GCM-SIV stays safe with that, and only
//! shows that two values of the same context are equal.

use std::fmt;
use std::path::Path;

use aes_gcm_siv::aead::{Aead, KeyInit, Payload};
use aes_gcm_siv::{Aes256GcmSiv, Nonce};
use hmac::{Hmac, Mac};
use sha2::Sha256;

const VERSION: u8 = 1;
const HEAD: usize = 1 + 4 + 12;

/// Bytes that are never printed and are wiped when dropped.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Secret(Vec<u8>);

impl Secret {
    /// Takes the bytes over.
    pub fn new(bytes: impl Into<Vec<u8>>) -> Self {
        Self(bytes.into())
    }

    /// The bytes, for the computation that needs them.
    pub fn expose(&self) -> &[u8] {
        &self.0
    }

    /// The secret as text, empty when it is none.
    pub fn expose_text(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("")
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

impl Drop for Secret {
    fn drop(&mut self) {
        self.0.fill(0);
        std::hint::black_box(&self.0);
    }
}

/// Why a value cannot be opened, or a master key not be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum VaultError {
    /// The value was altered, or belongs to another row.
    #[error("a sealed value was altered or moved; restore it from a backup")]
    Altered,
    /// The value was sealed under a master key that is not here.
    #[error("a value was sealed under master key {0}, which is not configured; add that key")]
    UnknownKey(String),
    /// Not in a format of ours.
    #[error("a sealed value is not in a known format")]
    Format,
    /// The master key's text or file cannot be used.
    #[error("the master key cannot be used: {0}")]
    Key(String),
}

/// Seals and opens. The first master key seals; every key opens.
pub struct Vault {
    keys: Vec<Keys>,
}

struct Keys {
    id: [u8; 4],
    cipher: Aes256GcmSiv,
    nonce: Secret,
    print: Secret,
}

impl fmt::Debug for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Vault({} keys)", self.keys.len())
    }
}

impl Vault {
    /// A vault with one master key.
    pub fn new(master: [u8; 32]) -> Self {
        Self { keys: vec![Keys::of(&Secret::new(master))] }
    }

    /// Also opens what was sealed under an older master key. Fingerprints are those of the oldest key added, because stored
    /// fingerprints must go on matching.
    #[must_use]
    pub fn and_older(mut self, master: [u8; 32]) -> Self {
        self.keys.push(Keys::of(&Secret::new(master)));
        self
    }

    /// Reads the master key from 64 hexadecimal digits (environment).
    pub fn from_hex(text: &str) -> Result<Self, VaultError> {
        key_of_hex(text).map(Self::new)
    }

    /// Reads the master key from a file of 64 hexadecimal digits. When there is no file, it is created, readable by its owner only, with
    /// `fresh` (32 random bytes that the program brings).
    pub fn from_file(path: &Path, fresh: impl FnOnce() -> [u8; 32]) -> Result<Self, VaultError> {
        let trouble = |error: std::io::Error| VaultError::Key(format!("{}: {error}", path.display()));
        match std::fs::read_to_string(path) {
            Ok(text) => Self::from_hex(text.trim()),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                let key = fresh();
                write_key(path, &key).map_err(trouble)?;
                Ok(Self::new(key))
            }
            Err(error) => Err(trouble(error)),
        }
    }

    /// Seals `plain` for the place `context` (table, column and row): it opens at no other place.
    pub fn seal(&self, context: &[u8], plain: &[u8]) -> Vec<u8> {
        // A vault has a key from its making on.
        let Some(keys) = self.keys.first() else { return Vec::new() };
        let nonce = keys.nonce_for(context, plain);
        let mut sealed = Vec::with_capacity(HEAD + plain.len() + 16);
        sealed.push(VERSION);
        sealed.extend_from_slice(&keys.id);
        sealed.extend_from_slice(&nonce);
        // The only failure is a text over 64 GiB, which no field reaches.
        if let Ok(body) = keys.cipher.encrypt(&Nonce::from(nonce), Payload { msg: plain, aad: context }) {
            sealed.extend_from_slice(&body);
        }
        sealed
    }

    /// Opens what [`Vault::seal`] made for the same `context`.
    pub fn open(&self, context: &[u8], sealed: &[u8]) -> Result<Vec<u8>, VaultError> {
        let (head, body) = sealed.split_at_checked(HEAD).ok_or(VaultError::Format)?;
        let (&[version, ref id @ ..], nonce) = head.split_first_chunk::<5>().ok_or(VaultError::Format)?;
        if version != VERSION {
            return Err(VaultError::Format);
        }
        let keys = self.keys.iter().find(|keys| keys.id == *id).ok_or_else(|| VaultError::UnknownKey(hex(id)))?;
        let nonce: [u8; 12] = nonce.try_into().map_err(|_| VaultError::Format)?;
        keys.cipher.decrypt(&Nonce::from(nonce), Payload { msg: body, aad: context }).map_err(|_| VaultError::Altered)
    }

    /// Seals a text and opens it again: the form most columns use.
    pub fn open_text(&self, context: &[u8], sealed: &[u8]) -> Result<String, VaultError> {
        String::from_utf8(self.open(context, sealed)?).map_err(|_| VaultError::Format)
    }

    /// A keyed hash for equality search (a phone number): says nothing to who does not hold the key.
    pub fn fingerprint(&self, text: &str) -> [u8; 16] {
        let mut print = [0; 16];
        if let Some(keys) = self.keys.last() {
            let full = keyed(keys.print.expose(), &[text.as_bytes()]);
            print.copy_from_slice(&full[..16]);
        }
        print
    }
}

impl Keys {
    fn of(master: &Secret) -> Self {
        let part = |use_: &str| keyed(master.expose(), &[b"matou ", use_.as_bytes()]);
        let [a, b, c, d, ..] = part("key id");
        Self {
            id: [a, b, c, d],
            cipher: Aes256GcmSiv::new(&part("seal").into()),
            nonce: Secret::new(part("nonce")),
            print: Secret::new(part("fingerprint")),
        }
    }

    fn nonce_for(&self, context: &[u8], plain: &[u8]) -> [u8; 12] {
        let length = (context.len() as u64).to_be_bytes();
        let full = keyed(self.nonce.expose(), &[&length, context, plain]);
        let mut nonce = [0; 12];
        nonce.copy_from_slice(&full[..12]);
        nonce
    }
}

fn keyed(key: &[u8], parts: &[&[u8]]) -> [u8; 32] {
    // HMAC takes keys of every length.
    let Ok(mut mac) = <Hmac<Sha256> as hmac::KeyInit>::new_from_slice(key) else { return [0; 32] };
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn key_of_hex(text: &str) -> Result<[u8; 32], VaultError> {
    let wrong = || VaultError::Key("64 hexadecimal digits are expected".to_owned());
    if text.len() != 64 || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Err(wrong());
    }
    let mut key = [0; 32];
    for (index, byte) in key.iter_mut().enumerate() {
        let digits = text.get(index * 2..index * 2 + 2).ok_or_else(wrong)?;
        *byte = u8::from_str_radix(digits, 16).map_err(|_| wrong())?;
    }
    Ok(key)
}

fn write_key(path: &Path, key: &[u8; 32]) -> std::io::Result<()> {
    use std::io::Write;
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    writeln!(file, "{}", hex(key))?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn opens_only_what_was_sealed_for_the_same_place() {
        let vault = Vault::new([7; 32]);
        let sealed = vault.seal(b"trade.mobile:1", "13800138000".as_bytes());
        assert_eq!(sealed, vault.seal(b"trade.mobile:1", "13800138000".as_bytes()));
        assert!(!sealed.windows(5).any(|window| window == b"13800"));
        assert_eq!(vault.open_text(b"trade.mobile:1", &sealed).unwrap(), "13800138000");
        assert_eq!(vault.open(b"trade.mobile:2", &sealed), Err(VaultError::Altered));
        let mut altered = sealed.clone();
        *altered.last_mut().unwrap() ^= 1;
        assert_eq!(vault.open(b"trade.mobile:1", &altered), Err(VaultError::Altered));
        for cut in 0..sealed.len() {
            assert!(vault.open(b"trade.mobile:1", &sealed[..cut]).is_err(), "{cut}");
        }
    }

    #[test]
    fn keys_rotate() {
        let old = Vault::new([1; 32]);
        let sealed = old.seal(b"x", b"secret");
        let rotated = Vault::new([2; 32]).and_older([1; 32]);
        assert_eq!(rotated.open(b"x", &sealed).unwrap(), b"secret");
        assert_ne!(rotated.seal(b"x", b"secret"), sealed);
        assert_eq!(rotated.fingerprint("13800138000"), old.fingerprint("13800138000"));
        assert!(matches!(Vault::new([2; 32]).open(b"x", &sealed), Err(VaultError::UnknownKey(_))));
    }

    #[test]
    fn key_file_is_made_once_and_private() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("master.key");
        let sealed = Vault::from_file(&path, || [9; 32]).unwrap().seal(b"", b"a");
        assert_eq!(Vault::from_file(&path, || [8; 32]).unwrap().open(b"", &sealed).unwrap(), b"a");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        }
        std::fs::write(&path, "not a key").unwrap();
        assert!(matches!(Vault::from_file(&path, || [8; 32]), Err(VaultError::Key(_))));
        assert_eq!(format!("{:?}", Secret::new(*b"abc")), "***");
    }
}
