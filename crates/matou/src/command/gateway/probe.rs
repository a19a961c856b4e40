//! `matou gateway probe`: the checks of a target as a table.

use clap::Args;
use serde_json::Value;

use super::desk::Desk;
use crate::trouble::Trouble;

/// What is probed.
#[derive(Args)]
pub(super) struct Wanted {
    /// Key of the target (`target_app_key`). / 目标应用
    target: String,
    /// production or test. / 环境
    #[arg(long, default_value = "production")]
    environment: String,
    /// A read that the target has; without, one that exists nowhere. / 用于探测的只读接口
    #[arg(long, default_value = "")]
    method: String,
}

/// 1 when a check failed.
pub(super) fn run(wanted: &Wanted, desk: &Desk) -> Result<usize, Trouble> {
    let checks = desk.probe(&wanted.target, &wanted.environment, &wanted.method)?;
    print!("{}", table(&checks));
    Ok(usize::from(checks.iter().any(|check| check["grade"] == "failed")))
}

fn table(checks: &[Value]) -> String {
    let mut out = format!("{:<16} {:<8} {:>6}  {}\n", "check", "grade", "ms", "what was seen");
    for check in checks {
        let text = |name: &str| check[name].as_str().unwrap_or_default();
        let millis = check["millis"].as_i64().unwrap_or_default();
        out += &format!("{:<16} {:<8} {millis:>6}  {}\n", text("check"), text("grade"), text("detail"));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_a_check() {
        let check = serde_json::json!({ "check": "reachable", "grade": "passed", "millis": 3, "detail": "it answers" });
        assert_eq!(
            table(&[check]),
            "check            grade        ms  what was seen\nreachable        passed        3  it answers\n"
        );
    }
}
