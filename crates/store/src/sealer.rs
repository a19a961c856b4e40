//! Sealing many small things quickly: records of a file that is only ever appended to.
//!
//! A sealer has a key of its own, which travels with the file, itself sealed by the [`Vault`]. Unlike the vault it takes its nonce
//! from whoever numbers the records, so that a record costs one encryption and no hash of its content.

use aes_gcm_siv::aead::{Aead, KeyInit, Payload};
use aes_gcm_siv::{Aes256GcmSiv, Nonce};

use crate::{Secret, Vault, VaultError};

const TAG: usize = 16;

/// Seals and opens numbered records under one key.
pub struct Sealer {
    cipher: Aes256GcmSiv,
    sealed_key: Vec<u8>,
}

impl Sealer {
    /// A sealer with a new key: 32 random bytes that the program brings. `context` names the place where the sealed key will stand.
    pub fn new(vault: &Vault, context: &[u8], key: [u8; 32]) -> Self {
        let key = Secret::new(key);
        let sealed_key = vault.seal(context, key.expose());
        Self { cipher: cipher(&key), sealed_key }
    }

    /// The sealer whose key was sealed for the same context.
    ///
    /// # Errors
    /// The key was altered or sealed under another master key.
    pub fn open(vault: &Vault, context: &[u8], sealed_key: &[u8]) -> Result<Self, VaultError> {
        let key = Secret::new(vault.open(context, sealed_key)?);
        if key.expose().len() != 32 {
            return Err(VaultError::Format);
        }
        Ok(Self { cipher: cipher(&key), sealed_key: sealed_key.to_vec() })
    }

    /// The sealed key, to be kept with the records.
    pub fn sealed_key(&self) -> &[u8] {
        &self.sealed_key
    }

    /// Seals a record. `number` must not come twice under one key; should it, GCM-SIV only shows whether two records are equal.
    pub fn seal(&self, number: u64, context: &[u8], plain: &[u8]) -> Vec<u8> {
        // The only failure is a text over 64 GiB.
        self.cipher.encrypt(&nonce(number), Payload { msg: plain, aad: context }).unwrap_or_default()
    }

    /// Opens a record that was sealed under this number and context.
    ///
    /// # Errors
    /// It was altered, or stands at another place.
    pub fn open_record(&self, number: u64, context: &[u8], sealed: &[u8]) -> Result<Vec<u8>, VaultError> {
        if sealed.len() < TAG {
            return Err(VaultError::Format);
        }
        self.cipher.decrypt(&nonce(number), Payload { msg: sealed, aad: context }).map_err(|_| VaultError::Altered)
    }
}

fn cipher(key: &Secret) -> Aes256GcmSiv {
    let mut bytes = [0; 32];
    // Whoever comes here has a key of 32 bytes.
    for (to, from) in bytes.iter_mut().zip(key.expose()) {
        *to = *from;
    }
    let cipher = Aes256GcmSiv::new(&bytes.into());
    bytes.fill(0);
    std::hint::black_box(&bytes);
    cipher
}

fn nonce(number: u64) -> Nonce {
    let mut nonce = [0; 12];
    if let Some(place) = nonce.get_mut(..8) {
        place.copy_from_slice(&number.to_le_bytes());
    }
    Nonce::from(nonce)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn opens_only_at_its_own_place() {
        let vault = Vault::new([7; 32]);
        let sealer = Sealer::new(&vault, b"calls", [1; 32]);
        let sealed = sealer.seal(5, b"id", b"13800138000");
        assert!(!sealed.windows(5).any(|window| window == b"13800"));
        let again = Sealer::open(&vault, b"calls", sealer.sealed_key()).unwrap();
        assert_eq!(again.open_record(5, b"id", &sealed).unwrap(), b"13800138000");
        assert_eq!(again.open_record(6, b"id", &sealed), Err(VaultError::Altered));
        assert_eq!(again.open_record(5, b"ie", &sealed), Err(VaultError::Altered));
        assert_eq!(again.open_record(5, b"id", &sealed[..10]), Err(VaultError::Format));
        assert!(Sealer::open(&vault, b"other", sealer.sealed_key()).is_err());
        assert!(Sealer::open(&Vault::new([8; 32]), b"calls", sealer.sealed_key()).is_err());
    }
}
