//! `matou sign`: signs a call, or checks a signature and says what is wrong with it.

use std::io::Read;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use units::Clock;
use wire::explain::{Comparison, Question, Rule, Verdict, explain};
use wire::params::Params;
use wire::top::Digest;

use crate::client::{Keys, Pairs, encode, openapi2, qimen_as};
use crate::demo::Card;
use crate::outside::SystemClock;
use crate::trouble::Trouble;

/// Signs a call, or checks a signature and explains what is wrong with it. / 签名或验签,并解释错误原因。
///
/// Sign: `matou sign --demo DIR/demo.json shop.php page_size=5` prints a curl line (`| sh` runs it).
/// Check: `matou sign --secret S --check 'sid=…&appkey=…&sign=…'`, or `--check-file FILE` (`-` = standard input) with a
/// query string, a form body or a JSON object of the parameters.
#[derive(Args)]
pub(crate) struct Sign {
    /// shop.php (openapi2) or wdt.shop.query (Qimen). / 接口名
    #[arg(conflicts_with_all = ["check", "check_file"], required_unless_present_any = ["check", "check_file"])]
    method: Option<String>,
    /// Business parameters, name=value. / 业务参数
    arguments: Vec<String>,
    /// Takes address and keys from a demo.json. / 从 demo.json 读取地址与密钥
    #[arg(long)]
    demo: Option<PathBuf>,
    /// Address, such as http://127.0.0.1:8080. / 服务地址
    #[arg(long)]
    base_url: Option<String>,
    /// Seller account. / 卖家账号
    #[arg(long)]
    sid: Option<String>,
    /// appkey or app_key. / 接口账号
    #[arg(long)]
    key: Option<String>,
    /// Secret; better in MATOU_SIGN_SECRET than here, where other users of the machine can see it. / 密钥
    #[arg(long)]
    secret: Option<String>,
    /// target_app_key of a Qimen call. / 目标应用
    #[arg(long)]
    target: Option<String>,
    /// Digest of a Qimen call: md5, hmac or hmac-sha256. / 签名算法
    #[arg(long, default_value = "md5")]
    sign_method: String,
    /// Query string or form body to be checked. / 待验签的查询串或表单
    #[arg(long)]
    check: Option<String>,
    /// File with it, or with a JSON object; - = standard input. / 待验签的文件
    #[arg(long, conflicts_with = "check")]
    check_file: Option<PathBuf>,
    /// Which rule; found out from the parameters when absent. / 签名规则
    #[arg(long, value_enum)]
    protocol: Option<Protocol>,
    /// File with the raw JSON or XML body of a Qimen call. / 原始报文
    #[arg(long)]
    body: Option<PathBuf>,
    /// The string that the client says it signed. / 客户端的待签名串
    #[arg(long)]
    client_string: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Protocol {
    /// The standard interface of Wangdian.
    Openapi2,
    /// TOP and Qimen.
    #[value(alias = "top")]
    Qimen,
}

/// 0 = signed, or the signature is right; 1 = it is wrong.
pub(crate) fn run(sign: Sign) -> Result<usize, Trouble> {
    let card = sign.demo.as_deref().map(Card::read).transpose()?;
    match (&sign.check, &sign.check_file) {
        (Some(text), _) => check(&sign, card.as_ref(), text),
        (None, Some(path)) => check(&sign, card.as_ref(), read(path)?.trim()),
        (None, None) => make(&sign, card.as_ref()),
    }
}

fn make(sign: &Sign, card: Option<&Card>) -> Result<usize, Trouble> {
    let method = sign.method.as_deref().unwrap_or_default();
    let mut arguments = Pairs::new();
    for argument in &sign.arguments {
        let (name, value) = argument
            .split_once('=')
            .ok_or_else(|| Trouble::new(format!("{argument}: parameters are written name=value")))?;
        arguments.push((name.to_owned(), value.to_owned()));
    }
    let is_php = match sign.protocol {
        Some(protocol) => protocol == Protocol::Openapi2,
        None => method.ends_with(".php"),
    };
    let given = |own: &Option<String>, of_card: Option<String>, name: &str| {
        own.clone().or(of_card).ok_or_else(|| Trouble::new(format!("--{name} is missing (or --demo DIR/demo.json)")))
    };
    let base = given(&sign.base_url, card.map(|card| card.base_url.clone()), "base-url")?;
    let sid = given(&sign.sid, card.map(|card| card.wdt.sid.clone()), "sid")?;
    let of_card = card.map(|card| if is_php { card.openapi2() } else { card.top() });
    let keys = Keys {
        key: given(&sign.key, of_card.as_ref().map(|keys| keys.key.clone()), "key")?,
        secret: given(&own_secret(sign), of_card.map(|keys| keys.secret), "secret")?,
    };
    let (url, pairs) = if is_php {
        (format!("{base}/openapi2/{method}"), openapi2(&SystemClock, &sid, &keys, arguments))
    } else {
        let target = given(&sign.target, card.map(|card| card.qimen.target_app_key.clone()), "target")?;
        let digest = Digest::of_sign_method(Some(&sign.sign_method))
            .ok_or_else(|| Trouble::new("--sign-method is md5, hmac or hmac-sha256"))?;
        (format!("{base}/router/qm"), qimen_as(digest, &SystemClock, method, &sid, &keys, &target, arguments))
    };
    println!("curl -sS -w '\\n' '{url}' -d '{}'", encode(&pairs));
    eprintln!("valid for 5 minutes from {} / 5 分钟内有效", SystemClock.now());
    Ok(0)
}

fn own_secret(sign: &Sign) -> Option<String> {
    sign.secret.clone().or_else(|| std::env::var("MATOU_SIGN_SECRET").ok())
}

fn read(path: &Path) -> Result<String, Trouble> {
    if path.as_os_str() == "-" {
        let mut text = String::new();
        std::io::stdin().read_to_string(&mut text)?;
        return Ok(text);
    }
    std::fs::read_to_string(path).map_err(|error| Trouble::new(format!("{}: {error}", path.display())))
}

fn check(sign: &Sign, card: Option<&Card>, text: &str) -> Result<usize, Trouble> {
    let pairs = pairs(text)?;
    let get = |name: &str| pairs.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
    let protocol = sign.protocol.unwrap_or(if get("app_key").is_some() { Protocol::Qimen } else { Protocol::Openapi2 });
    let of_card = card.map(|card| if protocol == Protocol::Openapi2 { card.openapi2() } else { card.top() });
    let secret = own_secret(sign)
        .or(of_card.map(|keys| keys.secret))
        .ok_or_else(|| Trouble::new("--secret is missing (or MATOU_SIGN_SECRET, or --demo DIR/demo.json)"))?;
    let given = get("sign").ok_or_else(|| Trouble::new("there is no parameter sign to check / 缺少 sign 参数"))?;
    let body = sign.body.as_deref().map(std::fs::read).transpose()?;
    let signed = pairs.iter().filter(|(name, _)| name != "sign").map(|(name, value)| (name.as_str(), value.as_str()));
    let params = Params::of_pairs(signed).map_err(|error| Trouble::new(error.to_string()))?;
    let rule = match protocol {
        Protocol::Openapi2 => Rule::Openapi2,
        Protocol::Qimen => {
            let digest = Digest::of_sign_method(get("sign_method"))
                .ok_or_else(|| Trouble::new("sign_method is none of md5, hmac, hmac-sha256 / sign_method 不支持"))?;
            Rule::Top { digest, body: body.as_deref() }
        }
    };
    let question =
        Question { rule, secret: &secret, params: &params, given, client_string: sign.client_string.as_deref() };
    let told = explain(&question);
    println!("rule / 规则:      {}", if protocol == Protocol::Openapi2 { "openapi2" } else { "TOP / Qimen 奇门" });
    println!("to be signed / 待签名串(*** = secret):\n  {}", told.canonical);
    let wrong = tell(&told.verdict);
    match &told.comparison {
        None => {}
        Some(Comparison::Same) => println!("your string / 客户端待签名串: is the right one / 与此一致"),
        Some(differs) => println!("your string / 客户端待签名串: {differs}"),
    }
    Ok(wrong)
}

fn tell(verdict: &Verdict) -> usize {
    match verdict {
        Verdict::Accepted { dialect, other_case } => {
            println!("signature / 签名:  right, dialect {dialect} / 正确");
            if *other_case {
                println!(
                    "                  its letters have the other case; the platform may refuse that / 大小写与平台不同"
                );
            }
            return 0;
        }
        Verdict::NoSignature { digits } => println!(
            "signature / 签名:  wrong: {digits} hexadecimal digits are expected / 错误:应为 {digits} 位十六进制"
        ),
        Verdict::Mistake(mistake) => println!("signature / 签名:  wrong: {mistake} / 错误,原因如上"),
        Verdict::Unknown => println!(
            "signature / 签名:  wrong, and no known mistake gives it: another secret, or a value that changed on the way / \
             错误:密钥不同,或参数在传输中被改动"
        ),
    }
    1
}

/// The parameters of a query string, a form body, a URL or a JSON object.
fn pairs(text: &str) -> Result<Pairs, Trouble> {
    if text.starts_with('{') {
        let object: serde_json::Map<String, serde_json::Value> =
            serde_json::from_str(text).map_err(|error| Trouble::new(format!("the JSON of the parameters: {error}")))?;
        let told = |value: serde_json::Value| match value {
            serde_json::Value::String(text) => text,
            other => other.to_string(),
        };
        return Ok(object.into_iter().map(|(name, value)| (name, told(value))).collect());
    }
    let query = if text.contains("://") { text.split_once('?').map_or("", |(_, query)| query) } else { text };
    let params = Params::of_query(query.as_bytes()).map_err(|error| Trouble::new(error.to_string()))?;
    Ok(params.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect())
}
