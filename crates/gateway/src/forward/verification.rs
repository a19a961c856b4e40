//! What a target needs in order to check a forwarded call, in words and with an example that can be recalculated (fact sheet qimen, A6
//! and C4).

use std::sync::Arc;

use serde::Serialize;
use units::Moment;

use super::Upstream;
use super::qimen::{self, Message};
use crate::directory::{Api, Charset, Endpoint, Environment, Place, Target, TargetKind};

/// The secret of the example; never a real one.
const EXAMPLE_SECRET: &str = "example-secret";

/// One point of the page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Point {
    /// What it is about.
    pub topic: &'static str,
    /// In English.
    pub english: String,
    /// In Chinese.
    pub chinese: String,
}

/// The points for a target, `Err` for the built-in one.
pub fn verification(target: &Arc<Target>, environment: Environment) -> Result<Vec<Point>, String> {
    let endpoint = target.endpoint(environment);
    match target.kind {
        TargetKind::Erp => Err(format!("target {} is the built-in ERP; nothing is forwarded", target.key)),
        TargetKind::Http => Ok(of_qimen(target, endpoint)),
        TargetKind::Openapi2 => Ok(of_openapi2(endpoint)),
    }
}

fn point(topic: &'static str, english: impl Into<String>, chinese: impl Into<String>) -> Point {
    Point { topic, english: english.into(), chinese: chinese.into() }
}

fn of_qimen(target: &Arc<Target>, endpoint: &Endpoint) -> Vec<Point> {
    let charset = super::charset::name(endpoint.charset);
    let mut points = vec![
        point(
            "request",
            format!(
                "POST {}; public parameters and sign in the query; body JSON, XML, text or form in {charset}",
                endpoint.url
            ),
            format!("POST {};公共参数与 sign 在 query 中;报文体为 JSON、XML、文本或表单,编码 {charset}", endpoint.url),
        ),
        point(
            "secret",
            "the endpoint's secret, entered once on both sides (POST /admin/v1/targets, production.secret or test.secret); it never travels. The caller's secret is not known to the target",
            "该地址登记的密钥(POST /admin/v1/targets 的 production.secret 或 test.secret),双方各存一份,不随请求传输;调用方密钥与目标无关",
        ),
        point(
            "algorithm",
            "upper-case hex of MD5(secret + P + body + secret). P: name and value of every pair, sorted by name in byte order, nothing between them, sign left out; first the headers named in top-sign-list (none are sent), then the query, then form fields whose names are not in the query. Empty values stay with their name",
            "MD5(secret + P + body + secret) 的大写十六进制。P 为所有参数名与值依参数名字节序排序后直接拼接,不含 sign;依次取 top-sign-list 所列请求头(本网关不发)、query、以及 query 中没有的表单字段;空值保留参数名",
        ),
        point(
            "body",
            "appended, byte for byte as received, when Content-Type begins with application/json, text/xml, application/xml or text/plain; never for a form. Read it before any parser does",
            "Content-Type 以 application/json、text/xml、application/xml、text/plain 开头时,按收到的原始字节追加;表单不追加。须在解析之前读取原文",
        ),
        point("sign_method", "md5, whatever the caller used", "固定为 md5,与调用方所用算法无关"),
        point(
            "timestamp",
            "yyyy-MM-dd HH:mm:ss at GMT+8, whatever form the caller used; ten minutes are usual",
            "固定为 yyyy-MM-dd HH:mm:ss(GMT+8);通常允许 10 分钟误差",
        ),
        point(
            "official helper",
            "SpiUtils.checkSign of the official SDKs: Java (com.taobao.api.internal.spi.SpiUtils), .NET and PHP (SpiUtils), and the Node copy of it; it reads sign from the query only",
            "官方 SDK 的 SpiUtils.checkSign:Java(com.taobao.api.internal.spi.SpiUtils)、.NET 与 PHP(SpiUtils)及其 Node 版本;sign 只从 query 读取",
        ),
        point(
            "bad signature",
            r#"answer HTTP 200 with {"response":{"flag":"failure","sub_code":"sign-check-failure","sub_message":"Illegal request"}}"#,
            r#"返回 HTTP 200 与 {"response":{"flag":"failure","sub_code":"sign-check-failure","sub_message":"Illegal request"}}"#,
        ),
        point(
            "failure of the business",
            "HTTP 200 and flag failure (or the field that the API's failure rule names) with sub_code and sub_message; a success goes to the caller byte for byte",
            "返回 HTTP 200 与 flag=failure(或接口失败规则所指字段),带 sub_code、sub_message;成功应答原样返回调用方",
        ),
        point(
            "address",
            "calls come from this gateway's own addresses; X-Request-Id carries the id under which both logs can be compared",
            "请求来自本网关的出口地址;请求头 X-Request-Id 为调用编号,便于双方对照日志",
        ),
    ];
    points.extend(example(target, endpoint));
    points
}

/// A call as it would leave, under a secret that everybody may know.
fn example(target: &Arc<Target>, endpoint: &Endpoint) -> Option<Point> {
    let url = if endpoint.url.is_empty() { "http://target.example/qimen".to_owned() } else { endpoint.url.clone() };
    let secret = store::Secret::new(EXAMPLE_SECRET);
    let stand_in = Endpoint { url, secret, charset: Charset::Utf8, ..endpoint.clone() };
    let stand_in = Target { production: stand_in, ..Target::clone(target) };
    let upstream = Upstream::of(&Arc::new(stand_in), Environment::Production, &Api::default()).ok()?;
    let timestamp = Moment::from_unix(1_700_000_000).to_string();
    let public = vec![
        ("method", "demo.order.push"),
        ("app_key", "12345678"),
        ("target_app_key", target.key.as_str()),
        ("timestamp", &timestamp),
        ("format", "json"),
        ("v", "2.0"),
        ("sign_method", "md5"),
    ];
    let business = vec![(Place::Body, "tid", "T1"), (Place::Body, "name", "张三")];
    let written = qimen::write(&upstream, &Message { public, business, raw: None }).ok()?;
    let text = format!(
        "secret {EXAMPLE_SECRET}\nPOST {}\nContent-Type: {}\n\n{}",
        written.path,
        written.content_type,
        String::from_utf8_lossy(&written.body)
    );
    Some(point("example", text.clone(), text))
}

fn of_openapi2(endpoint: &Endpoint) -> Vec<Point> {
    let appkey = endpoint.openapi2.as_ref().map_or("", |account| &account.appkey);
    vec![
        point(
            "request",
            format!(
                "POST form to {}/<service>.php with sid, appkey {appkey}, timestamp in seconds, sign",
                endpoint.url
            ),
            format!("以表单 POST 到 {}/<服务名>.php,含 sid、appkey {appkey}、秒级 timestamp、sign", endpoint.url),
        ),
        point(
            "algorithm",
            "the standard API's own: LL-name:LLLL-value items joined by ;, sorted by name, the secret appended, MD5, lower-case hex; lengths in characters",
            "旺店通标准接口签名:按参数名排序,以 ; 连接 LL-名:LLLL-值,末尾接密钥,MD5 小写十六进制;长度按字符计",
        ),
        point(
            "secret",
            "that of the interface account (production.openapi2, account_secret)",
            "接口账号的密钥(production.openapi2 与 account_secret)",
        ),
        point(
            "answer",
            "code 0 is a success, anything else is wrapped as sub_code and sub_message",
            "code 为 0 表示成功;否则作为 sub_code、sub_message 返回调用方",
        ),
    ]
}

#[cfg(test)]
mod tests {
    use wire::params::Params;
    use wire::qimen::Forwarded;

    use super::*;

    #[test]
    fn the_example_can_be_recalculated() {
        let target = Target { kind: TargetKind::Http, ..Target::built_in("21363512", "") };
        let points = verification(&Arc::new(target), Environment::Test).unwrap();
        let example = &points.iter().find(|point| point.topic == "example").unwrap().english;
        let (head, body) = example.split_once("\n\n").unwrap();
        let query = head.lines().nth(1).unwrap().split_once('?').unwrap().1;
        let (query, form) = (Params::of_query(query.as_bytes()).unwrap(), Params::of_query(body.as_bytes()).unwrap());
        let content_type = "application/x-www-form-urlencoded";
        let call = Forwarded { headers: &[], query: &query, form: &form, content_type, body: body.as_bytes() };
        assert_eq!(wire::qimen::verify(EXAMPLE_SECRET, &call, query.get("sign").unwrap()), Ok(true));
        assert!(verification(&Arc::new(Target::built_in("1", "")), Environment::Test).is_err());
    }
}
