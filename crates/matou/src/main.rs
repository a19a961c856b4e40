//! matou
fn main() {}
