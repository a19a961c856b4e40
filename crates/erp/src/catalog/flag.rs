//! Marks (标记) that goods may carry. The reference product lets people define them in its client; these are the ones a fresh
//! account has here.

/// The marks that exist, in the order of their ids (from 1).
pub const GOODS_FLAGS: &[&str] = &["新品", "热销", "清仓", "赠品", "易碎", "冷链"];
