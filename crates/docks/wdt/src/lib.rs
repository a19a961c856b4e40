//! dock-wdt
