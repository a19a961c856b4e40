//! Marks (标记) of goods that every account has from the start; more can be made (`mark.rs`).

/// The marks that exist, in the order of their ids (from 1).
pub const GOODS_FLAGS: &[&str] = &["新品", "热销", "清仓", "赠品", "易碎", "冷链"];
