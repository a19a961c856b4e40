//! Opening the parts from the settings.

use std::fs::OpenOptions;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use dock_wms::hub::Hub;
use gateway::Directory;
use gateway::forward::Forwarder;
use store::{Access, Migration, Options, Secret, Store, Vault};
use units::{Clock, MovableClock};

use super::ascp::Ascp;
use crate::config::Config;
use crate::outside::{self, SystemClock};
use crate::trouble::Trouble;

/// Every table of the program.
const MIGRATIONS: &[&[Migration]] =
    &[erp::MIGRATIONS, gateway::MIGRATIONS, dock_wms::MIGRATIONS, dock_ascp::MIGRATIONS];

/// What is open.
pub(crate) struct Opened {
    pub(crate) store: Store,
    pub(crate) directory: Arc<Directory>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) token: Secret,
    /// Outsourced warehouses.
    pub(crate) warehouses: Hub,
    /// Suppliers of Tmall Global Direct.
    pub(crate) ascp: Ascp,
}

/// Opens the store as its owner, brings its schema up to date, and reads the directory.
pub(crate) async fn open(config: &Config) -> Result<Opened, Trouble> {
    if !config.sandbox.enabled {
        return open_at(config, Arc::new(SystemClock)).await;
    }
    // A simulated world has a business clock of its own; signatures and the wire keep to the real one.
    let movable = Arc::new(MovableClock::over(Arc::new(SystemClock)));
    open_with(config, Arc::new(SystemClock), movable.clone(), Some(movable)).await
}

/// The same with another clock than the system's.
pub(crate) async fn open_at(config: &Config, clock: Arc<dyn Clock>) -> Result<Opened, Trouble> {
    open_with(config, Arc::clone(&clock), clock, None).await
}

/// The real clock, the business clock, and the latter as far as it can be moved.
async fn open_with(
    config: &Config,
    clock: Arc<dyn Clock>,
    business: Arc<dyn Clock>,
    movable: Option<Arc<MovableClock>>,
) -> Result<Opened, Trouble> {
    outside::check_randomness().map_err(|error| Trouble::new(format!("/dev/urandom: {error}")))?;
    private_folder(&config.data.folder)?;
    let (vault, new_key) = vault_or_new(config)?;
    let vault = Arc::new(vault);
    let token = admin_token(config)?;
    let mut options = Options::new(config.engine(), MIGRATIONS);
    options.readers = config.database.readers;
    // The store has threads and, for PostgreSQL, an event loop of its own; it wants to be opened outside of this one.
    let opening = tokio::task::spawn_blocking(move || Store::open(&options, business, vault));
    let store = opening.await.map_err(|error| Trouble::new(error.to_string()))??;
    let directory = Directory::open(store.clone()).await;
    let directory = match new_key {
        None => directory?,
        Some(key) => {
            // What is stored may have been sealed under a key that got lost: nobody may take the new one for it.
            let lost = |error: gateway::directory::Error| {
                let file = config.master_key_file();
                Trouble::new(format!(
                    "{}: the master key is not there, and what is stored cannot be opened without it ({error}); put the file back / \
                     主密钥文件缺失,请放回原文件",
                    file.display()
                ))
            };
            let directory = directory.map_err(lost)?;
            keep_key(config, &key)?;
            directory
        }
    };
    let directory = Arc::new(directory);
    let outgoing = Arc::new(dock_wms::Through::new(Arc::new(Forwarder::new(&config.authorities()?))));
    let warehouses = Hub::new(store.clone(), Arc::clone(&directory), outgoing, Arc::clone(&clock));
    let ascp = Ascp::open(config, &store, &directory, &clock, movable).await?;
    Ok(Opened { store, directory, clock, token, warehouses, ascp })
}

/// Opens the store to look on, also while a server runs on the same folder.
pub(crate) fn onlooker(config: &Config) -> Result<Store, Trouble> {
    if config.database.url.is_empty() && !config.data.folder.join(store::DATABASE_FILE).exists() {
        return Err(Trouble::new(format!("{}: no Matou data here", config.data.folder.display())));
    }
    let mut options = Options::new(config.engine(), MIGRATIONS);
    options.access = Access::ReadOnly;
    options.readers = 1;
    Ok(Store::open(&options, Arc::new(SystemClock), Arc::new(vault(config)?))?)
}

/// The vault under the configured master key.
fn vault(config: &Config) -> Result<Vault, Trouble> {
    let given = config.security.master_key.0.expose_text();
    if !given.is_empty() {
        return Vault::from_hex(given).map_err(|error| Trouble::new(format!("security.master_key: {error}")));
    }
    let file = config.master_key_file();
    match std::fs::read_to_string(&file) {
        Ok(text) => Vault::from_hex(text.trim()).map_err(|error| Trouble::new(format!("{}: {error}", file.display()))),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            Err(Trouble::new(format!("{}: the master key is not there", file.display())))
        }
        Err(error) => Err(Trouble::new(format!("{}: {error}", file.display()))),
    }
}

/// The same; without a key file under a new key, which is not written yet.
fn vault_or_new(config: &Config) -> Result<(Vault, Option<[u8; 32]>), Trouble> {
    if !config.security.master_key.0.expose_text().is_empty() || config.master_key_file().exists() {
        return Ok((vault(config)?, None));
    }
    let fresh: [u8; 32] = outside::random().map_err(|error| Trouble::new(format!("/dev/urandom: {error}")))?;
    Ok((Vault::new(fresh), Some(fresh)))
}

/// Writes a new master key, readable by its owner only, before anything is sealed under it.
fn keep_key(config: &Config, key: &[u8; 32]) -> Result<(), Trouble> {
    let file = config.master_key_file();
    let fresh = || *key;
    Vault::from_file(&file, fresh).map(drop).map_err(|error| Trouble::new(format!("{}: {error}", file.display())))
}

/// The configured admin token; a missing file is made, readable by its owner only.
fn admin_token(config: &Config) -> Result<Secret, Trouble> {
    if !config.security.admin_token.0.expose().is_empty() {
        return Ok(config.security.admin_token.0.clone());
    }
    let file = config.admin_token_file();
    let about = |error: std::io::Error| Trouble::new(format!("{}: {error}", file.display()));
    match std::fs::read_to_string(&file) {
        Ok(text) if text.trim().len() < 16 => {
            Err(Trouble::new(format!("{}: a token of at least 16 characters is expected", file.display())))
        }
        Ok(text) => Ok(Secret::new(text.trim())),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            let token: String = outside::secret_bits().iter().map(|byte| format!("{byte:02x}")).collect();
            write_private(&file, &format!("{token}\n")).map_err(about)?;
            Ok(Secret::new(token))
        }
        Err(error) => Err(about(error)),
    }
}

/// Writes a file that only its owner can read, whole or not at all.
pub(crate) fn write_private(path: &Path, text: &str) -> std::io::Result<()> {
    let part = path.with_extension("part");
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&part)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    std::fs::rename(&part, path)
}

fn private_folder(folder: &Path) -> Result<(), Trouble> {
    if folder.is_dir() {
        return Ok(());
    }
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder).map_err(|error| Trouble::new(format!("{}: {error}", folder.display())))
}
