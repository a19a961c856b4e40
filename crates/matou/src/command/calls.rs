//! `matou calls`: the call log of a running node in the terminal, through its admin API.

use std::collections::HashSet;
use std::io::Write;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use serde_json::Value;
use tokio::runtime::Runtime;
use units::Moment;
use wire::form::{self, Space};

use super::{clocks, gaps, office};
use crate::client::Client;
use crate::trouble::Trouble;
use crate::{config, outside};

/// How often is looked for new calls.
const LOOK: Duration = Duration::from_millis(500);
/// Calls that are asked for at once.
const PAGE: usize = 200;

/// Lists calls of this node's log, newest last; with a request id, one call with its messages. / 查看调用日志。
#[derive(Args)]
pub(crate) struct Calls {
    /// Shows this call with the times of its steps and both messages. / 请求编号
    request_id: Option<String>,
    /// Only about this business number. / 业务单号
    #[arg(long)]
    number: Option<String>,
    /// Only of this application. / 调用方
    #[arg(long)]
    app: Option<String>,
    /// Only for this target. / 目标应用
    #[arg(long)]
    target: Option<String>,
    /// Only of this method, without scene. / 接口
    #[arg(long)]
    method: Option<String>,
    /// Only those that ended like this: done, replayed, stubbed, refused, open. / 结果
    #[arg(long)]
    outcome: Option<String>,
    /// production or test. / 环境
    #[arg(long)]
    environment: Option<String>,
    /// Answered at or after, "2026-01-02 03:04:05". / 开始时间
    #[arg(long)]
    from: Option<String>,
    /// Answered at or before. / 结束时间
    #[arg(long)]
    to: Option<String>,
    /// How many. / 条数
    #[arg(long, default_value = "20")]
    last: NonZeroUsize,
    /// Goes on showing calls as they come. / 持续显示
    #[arg(long)]
    follow: bool,
    /// How far the clocks of callers are off since the start, as a chart; with --app only of this one. / 调用方时钟误差
    #[arg(long, conflicts_with_all = ["request_id", "number", "target", "method", "outcome", "environment", "from", "to", "follow", "reveal"])]
    clocks: bool,
    /// What callers skipped in the last days, as a chart: gaps between windows, missing pages, callers behind, silent shops; with --app,
    /// --method, --sid and --shop only of these. / 漏单检测
    #[arg(long, conflicts_with_all = ["request_id", "number", "target", "outcome", "environment", "from", "to", "follow", "reveal", "clocks"])]
    gaps: bool,
    /// With --gaps: this merchant. / 卖家账号
    #[arg(long, requires = "gaps")]
    sid: Option<String>,
    /// With --gaps: this shop. / 店铺
    #[arg(long, requires = "gaps")]
    shop: Option<String>,
    /// With --gaps: also where nothing is wrong. / 含无异常的
    #[arg(long, requires = "gaps")]
    all: bool,
    /// One JSON object a line. / 输出 JSON
    #[arg(long)]
    json: bool,
    /// Shows personal fields of the messages; an event says that they were asked for. / 显示个人信息
    #[arg(long)]
    reveal: bool,
    /// Says why the signature of this call was refused. / 解释该调用的签名错误
    #[arg(long, requires = "request_id")]
    explain: bool,
    /// With --explain: the same call as a program in this language, or `all`. / 输出示例代码
    #[arg(long, value_name = "LANGUAGE", requires = "explain")]
    sample: Option<String>,
    /// With --explain: the string that the client says it signed. / 客户端待签名串
    #[arg(long, requires = "explain")]
    client_string: Option<String>,
    /// The server, when it does not listen where the settings say: http://127.0.0.1:8080. / 服务地址
    #[arg(long)]
    server: Option<String>,
    /// Settings file; matou.toml where it exists. / 配置文件
    #[arg(long)]
    config: Option<PathBuf>,
    /// Data folder, over data.folder. / 数据目录
    #[arg(long)]
    data: Option<PathBuf>,
}

pub(crate) fn run(calls: Calls) -> Result<(), Trouble> {
    let mut config = config::load(calls.config.as_deref())?;
    if let Some(folder) = &calls.data {
        config.data.folder.clone_from(folder);
    }
    let token = office::token(&config)
        .ok_or_else(|| Trouble::new("no admin token: give --data or --config of the server / 找不到管理令牌"))?;
    let base = calls.server.clone().unwrap_or_else(|| format!("http://{}", config.server.listen));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let node = Node { runtime, client: Client::new(&base), token };
    match &calls.request_id {
        Some(id) if calls.explain => explain(&node, id, &calls, &base),
        Some(id) => {
            let call = node.ask(&format!("/calls/{id}?reveal={}", calls.reveal))?;
            say(&serde_json::to_string_pretty(&call)?)
        }
        None if calls.clocks => clocks(&node, &calls),
        None if calls.gaps => gaps(&node, &calls),
        None => list(&node, &calls),
    }
}

struct Node {
    runtime: Runtime,
    client: Client,
    token: String,
}

impl Node {
    fn ask(&self, path: &str) -> Result<Value, Trouble> {
        self.exchange("GET", path, None)
    }

    fn exchange(&self, verb: &str, path: &str, body: Option<String>) -> Result<Value, Trouble> {
        let heard = self.runtime.block_on(self.client.admin(verb, path, &self.token, body)).map_err(Trouble::new)?;
        let answer: Value = serde_json::from_str(&heard.body)?;
        match heard.status {
            200 => Ok(answer),
            _ => Err(Trouble::new(answer["error"]["message"].as_str().unwrap_or("no answer").to_owned())),
        }
    }
}

/// Why a signature was refused, as `matou sign --check` says it.
fn explain(node: &Node, id: &str, calls: &Calls, base: &str) -> Result<(), Trouble> {
    let question = serde_json::json!({
        "reveal": calls.reveal,
        "sample": calls.sample.as_deref().unwrap_or_default(),
        "client_string": calls.client_string.as_deref().unwrap_or_default(),
        "base_url": base,
    });
    let told = node.exchange("POST", &format!("/calls/{id}/explain"), Some(question.to_string()))?;
    if calls.json {
        return say(&told.to_string());
    }
    say(&format!("to be signed / 待签名串(*** = secret):\n  {}", text(&told, "canonical")))?;
    say(&format!("signature / 签名:  {}", text(&told, "verdict")))?;
    if !text(&told, "comparison").is_empty() {
        say(&format!("your string / 客户端待签名串: {}", text(&told, "comparison")))?;
    }
    for remark in told["remarks"].as_array().into_iter().flatten() {
        say(&format!("besides / 另外:    {}", text(remark, "text")))?;
    }
    for sample in told["samples"].as_array().into_iter().flatten() {
        say(&format!("--- {} ({})\n{}", text(sample, "file"), text(sample, "run"), text(sample, "code")))?;
    }
    Ok(())
}

fn clocks(node: &Node, calls: &Calls) -> Result<(), Trouble> {
    let whose = calls.app.as_deref().map(|app| ("app", app));
    let answer = node.ask(&format!("/clock-skews?{}", form::encode(whose, Space::Percent)))?;
    let lines = match answer["clocks"].as_array() {
        Some(clocks) if calls.json => clocks.iter().map(Value::to_string).collect(),
        _ => clocks::chart(&answer),
    };
    lines.iter().try_for_each(|line| say(line))
}

fn gaps(node: &Node, calls: &Calls) -> Result<(), Trouble> {
    let given = [("app", &calls.app), ("method", &calls.method), ("sid", &calls.sid), ("shop", &calls.shop)];
    let given = given.iter().filter_map(|(name, value)| Some((*name, value.as_deref()?)));
    let whose = given.chain(calls.all.then_some(("all", "1")));
    let answer = node.ask(&format!("/gaps?{}", form::encode(whose, Space::Percent)))?;
    let lines = match answer["watched"].as_array() {
        Some(watched) if calls.json => watched.iter().map(Value::to_string).collect(),
        _ => gaps::chart(&answer, Moment::from_unix(outside::unix_millis() / 1000)),
    };
    lines.iter().try_for_each(|line| say(line))
}

fn list(node: &Node, calls: &Calls) -> Result<(), Trouble> {
    let filters = filters(calls);
    let (found, missing) = pages(node, &filters, calls.last.get())?;
    print(&found, calls.json)?;
    if missing > 0 {
        eprintln!("{missing} calls could not be written down / {missing} 次调用未能写入日志");
    }
    // The place of the newest call of all, whether it fits or not, so that none is passed by.
    let mut newest = text(&node.ask("/calls?page_size=1")?, "newest");
    if !calls.follow {
        return Ok(());
    }
    let mut shown = HashSet::new();
    loop {
        std::thread::sleep(LOOK);
        let latest = text(&node.ask("/calls?page_size=1")?, "newest");
        if latest == newest {
            continue;
        }
        let after = if newest.is_empty() { String::new() } else { format!("after={newest}&") };
        let mut found = pages(node, &format!("{after}{filters}"), usize::MAX)?.0;
        // What came between the two questions is found again by the next.
        let ids = found.iter().map(|call| text(call, "request_id")).collect();
        found.retain(|call| !shown.contains(&text(call, "request_id")));
        print(&found, calls.json)?;
        (newest, shown) = (latest, ids);
    }
}

/// At most so many calls that fit, newest first, page by page; and how many could not be written down.
fn pages(node: &Node, filters: &str, most: usize) -> Result<(Vec<Value>, u64), Trouble> {
    let (mut found, mut missing, mut cursor) = (Vec::new(), 0, String::new());
    loop {
        let size = (most - found.len()).min(PAGE);
        let mut page = node.ask(&format!("/calls?page_size={size}{cursor}&{filters}"))?;
        missing += page["missing"].as_u64().unwrap_or(0);
        if let Value::Array(calls) = page["calls"].take() {
            found.extend(calls);
        }
        let next = text(&page, "next");
        if next.is_empty() || found.len() >= most {
            return Ok((found, missing));
        }
        cursor = format!("&cursor={next}");
    }
}

fn filters(calls: &Calls) -> String {
    let given = [
        ("business_no", &calls.number),
        ("app", &calls.app),
        ("target", &calls.target),
        ("method", &calls.method),
        ("outcome", &calls.outcome),
        ("environment", &calls.environment),
        ("from", &calls.from),
        ("to", &calls.to),
    ];
    let given = given.into_iter().filter_map(|(name, value)| Some((name, value.as_deref()?)));
    form::encode(given, Space::Percent)
}

fn text(value: &Value, name: &str) -> String {
    value[name].as_str().unwrap_or_default().to_owned()
}

/// Oldest first, as a terminal is read.
fn print(calls: &[Value], json: bool) -> Result<(), Trouble> {
    for call in calls.iter().rev() {
        say(&if json { call.to_string() } else { line(call) })?;
    }
    Ok(())
}

fn line(call: &Value) -> String {
    let of = |name: &str| call[name].as_str().unwrap_or_default();
    // Whose signature was wrong may be anybody.
    let doubt = if call["recognised"] == false && !of("app").is_empty() { "?" } else { "" };
    let mut line = format!(
        "{} {} {:<8} {:<8} {:>8.1} ms  {:<24} {:<16} {}",
        of("at"),
        of("request_id"),
        of("channel"),
        of("outcome"),
        call["micros"].as_f64().unwrap_or_default() / 1000.0,
        of("method"),
        format!("{}{doubt}", of("app")),
        of("business_no"),
    );
    if call["code"] != 0 {
        line.push_str(&format!(" {} {}", call["code"], of("sub_code")));
    }
    if !of("forwarded_to").is_empty() {
        line.push_str(&format!(" -> {}", of("forwarded_to")));
    }
    line
}

/// Who has seen enough closes the pipe; that is no trouble.
fn say(line: &str) -> Result<(), Trouble> {
    match writeln!(std::io::stdout(), "{}", line.trim_end()) {
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => std::process::exit(0),
        other => Ok(other?),
    }
}
