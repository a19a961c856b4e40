//! `matou sign`: signs a call, or checks a signature and says what is wrong with it.

mod check;
mod make;

use std::io::Read;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use wire::sample::{CARGO_TOML, Language, Wanted, sample};

use crate::demo::Card;
use crate::trouble::Trouble;

/// Signs a call, or checks a signature and explains what is wrong with it. / 签名或验签,并解释错误原因。
///
/// Sign: `matou sign --demo DIR/demo.json shop.php page_size=5` prints a curl line (`| sh` runs it).
/// `--sample python` prints the same call as a program (curl, python, java, php, go, node, rust) instead; its secret comes from the
/// environment variable MATOU_SECRET.
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
    /// What the body is; found out from its first character when absent. / 报文类型
    #[arg(long)]
    content_type: Option<String>,
    /// Prints the call as a program in this language, or `all`. / 输出示例代码
    #[arg(long, value_name = "LANGUAGE")]
    sample: Option<String>,
    /// Writes the programs into this folder instead of printing them. / 示例代码输出目录
    #[arg(long, requires = "sample")]
    into: Option<PathBuf>,
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
        (Some(text), _) => check::check(&sign, card.as_ref(), text),
        (None, Some(path)) => check::check(&sign, card.as_ref(), read(path)?.trim()),
        (None, None) => make::make(&sign, card.as_ref()),
    }
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

/// A raw body and what it is.
fn raw(sign: &Sign) -> Result<Option<(Vec<u8>, String)>, Trouble> {
    let Some(path) = &sign.body else { return Ok(None) };
    let body = std::fs::read(path).map_err(|error| Trouble::new(format!("{}: {error}", path.display())))?;
    let guessed = match body.trim_ascii_start().first() {
        Some(b'<') => "text/xml;charset=UTF-8",
        _ => "application/json;charset=UTF-8",
    };
    let content_type = sign.content_type.clone().unwrap_or_else(|| guessed.to_owned());
    Ok(Some((body, content_type)))
}

/// Prints or writes the programs that were asked for.
fn show_samples(sign: &Sign, wanted: &Wanted<'_>) -> Result<(), Trouble> {
    let Some(name) = sign.sample.as_deref() else { return Ok(()) };
    let languages = match name {
        "all" => Language::ALL.to_vec(),
        name => vec![Language::named(name).ok_or_else(|| {
            Trouble::new("--sample is one of curl, python, java, php, go, node, rust, all / --sample 不支持该语言")
        })?],
    };
    for language in languages {
        let (text, (file, run)) = (sample(language, wanted), language.run());
        let Some(folder) = &sign.into else {
            println!("{text}");
            continue;
        };
        let path = folder.join(file);
        std::fs::create_dir_all(path.parent().unwrap_or(folder))?;
        std::fs::write(&path, text)?;
        if language == Language::Rust {
            std::fs::write(folder.join("Cargo.toml"), CARGO_TOML)?;
        }
        println!("{}: {run}", path.display());
    }
    Ok(())
}
