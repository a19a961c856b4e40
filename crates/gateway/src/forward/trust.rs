//! Which certificate authorities are believed: those of this machine, as its administrator keeps them for every program, and
//! those that the configuration names beside them (companies sign their inner systems themselves).

use std::sync::{Arc, OnceLock};

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};

/// TLS settings for targets.
pub(super) struct Trust {
    more: Vec<CertificateDer<'static>>,
    /// Reading the machine's authorities takes some milliseconds and some hundred kilobytes: only when a target speaks TLS.
    full: OnceLock<Arc<ClientConfig>>,
    none: OnceLock<Arc<ClientConfig>>,
}

impl Trust {
    /// The authorities of this machine, and those in `pem`, a text with any number of certificates.
    pub(super) fn new(pem: &str) -> Self {
        let more = CertificateDer::pem_slice_iter(pem.as_bytes()).filter_map(Result::ok).collect();
        Self { more, full: OnceLock::new(), none: OnceLock::new() }
    }

    /// The settings for a target with this scheme.
    pub(super) fn settings(&self, scheme: Option<&str>) -> Arc<ClientConfig> {
        match scheme {
            Some("https") => Arc::clone(self.full.get_or_init(|| settings(self.all()))),
            _ => Arc::clone(self.none.get_or_init(|| settings(RootCertStore::empty()))),
        }
    }

    fn all(&self) -> RootCertStore {
        let mut roots = RootCertStore::empty();
        let native = rustls_native_certs::load_native_certs();
        for error in &native.errors {
            tracing::warn!(%error, "a certificate authority of this machine cannot be read");
        }
        roots.add_parsable_certificates(native.certs);
        roots.add_parsable_certificates(self.more.iter().cloned());
        if roots.is_empty() {
            tracing::warn!("no certificate authorities on this machine: targets with https:// cannot be reached");
        }
        roots
    }
}

fn settings(roots: RootCertStore) -> Arc<ClientConfig> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = match ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions() {
        Ok(builder) => builder,
        // The provider is compiled in with its protocol versions.
        Err(_) => ClientConfig::builder(),
    };
    Arc::new(builder.with_root_certificates(roots).with_no_client_auth())
}
