//! `matou config`: prints every setting with its default and explanation.

use crate::config::DEFAULT;
use crate::trouble::Trouble;

pub(crate) fn run() -> Result<(), Trouble> {
    print!("{DEFAULT}");
    Ok(())
}
