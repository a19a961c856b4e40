//! Why a signature was refused, and the same call as code that signs it rightly.

use std::sync::Arc;

use gateway::Received;
use gateway::dispute;
use wire::args::{Text, arguments};
use wire::explain::{Comparison, Explanation, Verdict};
use wire::rows::{Column, describe, flag, int, list, owned, text};
use wire::sample::Language;

use crate::answer::{Answer, Shape};
use crate::desk::{Desk, style};
use crate::fault::Fault;
use crate::operation::{Head, Operation, Verb, house};

/// The address in a program when none is named.
pub(super) const BASE_URL: &str = "http://127.0.0.1:8080";

/// What is answered.
pub(super) struct Told {
    story: Explanation,
    remarks: Vec<String>,
    samples: Vec<(Language, String)>,
}

impl Told {
    pub(super) fn new(story: Explanation, samples: Vec<(Language, String)>) -> Self {
        let remarks = story.remarks.iter().map(ToString::to_string).collect();
        Self { story, remarks, samples }
    }
}

const REMARK: &[Column<String>] = &[text("text", "what else is odd / 其他疑点", |remark| remark)];

const SAMPLE: &[Column<(Language, String)>] = &[
    text("language", "language / 语言", |sample| sample.0.name()),
    text("file", "name of the file / 文件名", |sample| sample.0.run().0),
    text("run", "how it is run; the secret stands in MATOU_SECRET / 运行方式", |sample| sample.0.run().1),
    text("code", "the program / 代码", |sample| &sample.1),
];

pub(super) const TOLD: &[Column<Told>] = &[
    flag("right", "1 = the signature is right / 签名正确", |t| matches!(t.story.verdict, Verdict::Accepted { .. })),
    owned("verdict", "what is wrong, in words; the dialect of a right one / 结论", |t| t.story.verdict.to_string()),
    text("canonical", "the string to be signed, secrets as *** / 待签名串", |t| &t.story.canonical),
    owned("comparison", "how the client's own string differs / 与客户端待签名串的差异", |t| {
        t.story.comparison.as_ref().map(ToString::to_string).unwrap_or_default()
    }),
    int("difference_at", "characters before the difference, -1 = none / 首个差异位置(字符)", |t| place(t).0),
    int("difference_at_byte", "bytes before it / 首个差异位置(字节)", |t| place(t).1),
    list!("remarks", "what else is odd / 其他疑点", REMARK, |t| t.remarks.iter()),
    list!("samples", "the same call as programs / 示例代码", SAMPLE, |t| t.samples.iter()),
];

fn place(told: &Told) -> (i64, i64) {
    match told.story.comparison {
        Some(Comparison::Differs { position, byte, .. }) => (position as i64, byte as i64),
        _ => (-1, -1),
    }
}

arguments! {
    /// A call as it arrived.
    struct Disputed {
        /// path, such as /router/qm or /openapi2/shop.php / 路径
        path: Text<200>,
        /// query string as it arrived, without ? / 查询串
        query: Option<Text<500_000>>,
        /// Content-Type of the body; a form when absent / 报文类型
        content_type: Option<Text<200>>,
        /// body as it arrived / 报文
        body: Option<Text<500_000>>,
        /// the string that the client says it signed / 客户端待签名串
        client_string: Option<Text<500_000>>,
        /// language of a program that signs the call rightly: curl, python, java, php, go, node, rust or all / 示例代码语言
        sample: Option<Text<10>>,
        /// address of the gateway in that program / 示例代码中的网关地址
        base_url: Option<Text<200>>,
    }
}

pub(super) fn operations() -> Vec<Operation> {
    let head = Head {
        id: "signature.explain",
        verb: Verb::Post,
        path: "/signatures/explain",
        summary: (
            "why the signature of a call is refused: the string to be signed, the usual mistake that gives the presented signature, \
             the first difference from the client's own string, and the call as code",
            "解释签名错误：待签名串、可能的错误原因、与客户端待签名串的首个差异，以及可运行的示例代码",
        ),
        shape: Shape::Row(|| describe(TOLD)),
    };
    vec![house(head, explain)]
}

async fn explain(desk: Arc<Desk>, asked: Disputed) -> Result<Answer, Fault> {
    let say = |text: &Option<Text<500_000>>| text.as_deref().unwrap_or_default().to_owned();
    let content_type = asked.content_type.as_deref().unwrap_or_default();
    let received = Received::new(&asked.path, &say(&asked.query), content_type, say(&asked.body));
    let languages = languages(asked.sample.as_deref())?;
    let directory = desk.0.directory.snapshot();
    let now = desk.store().clock().now();
    let client_string = asked.client_string.as_deref();
    let about = |problem: String| Fault::invalid("path", problem);
    let story = dispute::story(&received, client_string, &directory, now).map_err(about)?;
    let base_url = asked.base_url.as_deref().unwrap_or(BASE_URL);
    let samples = dispute::samples(&received, base_url, &languages, &directory).map_err(about)?;
    Ok(Answer::row(style(true), TOLD, &Told::new(story, samples)))
}

/// The languages of the wanted programs.
pub(super) fn languages(sample: Option<&str>) -> Result<Vec<Language>, Fault> {
    match sample {
        None | Some("") => Ok(Vec::new()),
        Some("all") => Ok(Language::ALL.to_vec()),
        Some(name) => {
            let problem = "sample is one of curl, python, java, php, go, node, rust, all";
            Ok(vec![Language::named(name).ok_or_else(|| Fault::invalid("sample", problem))?])
        }
    }
}
