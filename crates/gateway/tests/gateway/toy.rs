//! Two methods of a made-up dock: notes are pushed and queried.

use gateway::{Call, Category, Command, Failure, Kind, Method, Query, Refused, Registry, Reply, ReplyShape};
use store::{Migration, Reader, Tx};
use units::Moment;
use wire::args::{Json, List, Problem, Refusal, Text, arguments};
use wire::rows::{Column, int, personal, text, time};

pub(crate) const MIGRATIONS: &[Migration] = &[Migration {
    name: "toy-1",
    sql: "CREATE TABLE note (id BIGINT PRIMARY KEY, tenant BIGINT NOT NULL, body TEXT NOT NULL, mobile TEXT NOT NULL, modified BIGINT NOT NULL);",
}];

pub(crate) struct Note {
    id: i64,
    body: String,
    mobile: String,
    modified: Moment,
}

const NOTE: &[Column<Note>] = &[
    int("rec_id", "number", |n| store::wire_id(n.id)),
    text("body", "text", |n| &n.body),
    personal("mobile", "contact", |n| &n.mobile),
    time("modified", "last change", |n| Some(n.modified)),
];

arguments! {
    /// Asks for notes.
    pub(crate) struct NotesWanted {
        /// rows to skip
        pub page_no: Option<i64>,
        /// end of the window
        pub end_time: Option<Moment>,
    }
}

/// Reads notes.
pub(crate) struct NoteQuery;

impl Method for NoteQuery {
    const NAME: &'static str = "toy.note.query";
    const PHP: &'static str = "note_query.php";
    const KIND: Kind = Kind::Query;
    const SUMMARY: (&'static str, &'static str) = ("query notes", "查询便笺");
    const CATEGORY: Category = Category::Base;
    type Request = NotesWanted;
    type Error = Failure;

    fn reply() -> ReplyShape {
        ReplyShape::new().total().rows("notes", "the notes", NOTE)
    }
}

impl Query for NoteQuery {
    fn reads_until(request: &NotesWanted) -> Option<Moment> {
        request.end_time
    }

    fn run(call: &Call, request: &NotesWanted, reader: &mut Reader) -> Result<Reply, Failure> {
        let notes = reader.query(
            "SELECT id, body, mobile, modified FROM note WHERE tenant = ?1 ORDER BY id LIMIT 100 OFFSET ?2",
            &[call.tenant().into(), request.page_no.unwrap_or(0).into()],
            |row| Ok(Note { id: row.int(0)?, body: row.string(1)?, mobile: row.string(2)?, modified: row.moment(3)? }),
        )?;
        let total = i64::try_from(notes.len()).unwrap_or(0);
        Ok(call.reply().total(total).rows("notes", NOTE, &notes))
    }
}

arguments! {
    /// Asks for a page of notes.
    pub(crate) struct PageWanted {
        /// start of the window
        pub start_time: Moment,
        /// end of the window
        pub end_time: Moment,
        /// page, from 0
        pub page_no: Option<i64>,
        /// rows of a page; 2 at most
        pub page_size: Option<i64>,
        /// shop
        pub shop_no: Option<Text<20>>,
        /// text
        pub body: Option<Text<10>>,
    }
}

/// Reads notes page by page.
pub(crate) struct NotePage;

impl Method for NotePage {
    const NAME: &'static str = "toy.note.page";
    const PHP: &'static str = "note_page.php";
    const KIND: Kind = Kind::Query;
    const SUMMARY: (&'static str, &'static str) = ("a page of notes", "分页查询便笺");
    const CATEGORY: Category = Category::Base;
    type Request = PageWanted;
    type Error = Failure;

    fn reply() -> ReplyShape {
        ReplyShape::new().total().rows("notes", "the notes", NOTE)
    }
}

impl Query for NotePage {
    fn reads_until(request: &PageWanted) -> Option<Moment> {
        Some(request.end_time)
    }

    fn run(call: &Call, request: &PageWanted, reader: &mut Reader) -> Result<Reply, Failure> {
        let (page, size) = (request.page_no.unwrap_or(0), request.page_size.unwrap_or(2).min(2));
        let (tenant, start, end) = (call.tenant(), request.start_time, request.end_time);
        let total = reader.query_one(
            "SELECT COUNT(*) FROM note WHERE tenant = ?1 AND modified >= ?2 AND modified <= ?3",
            &[tenant.into(), start.into(), end.into()],
            |row| row.int(0),
        )?;
        let notes = reader.query(
            "SELECT id, body, mobile, modified FROM note WHERE tenant = ?1 AND modified >= ?2 AND modified <= ?3
             ORDER BY id LIMIT ?4 OFFSET ?5",
            &[tenant.into(), start.into(), end.into(), size.into(), (page * size).into()],
            |row| Ok(Note { id: row.int(0)?, body: row.string(1)?, mobile: row.string(2)?, modified: row.moment(3)? }),
        )?;
        Ok(call.reply().total_if((page == 0).then_some(total)).rows("notes", NOTE, &notes))
    }
}

arguments! {
    /// One note.
    pub(crate) struct PushedNote {
        /// text
        pub body: Text<10>,
        /// contact
        pub mobile: Option<Text<20>>,
    }
}

arguments! {
    /// Pushes notes.
    pub(crate) struct NotesPushed {
        /// shop
        pub shop_no: Text<20>,
        /// notes
        pub note_list: Json<List<PushedNote, 1, 3>>,
    }
}

/// Stores notes; the body `bad` is skipped and reported, the body `panic` panics.
pub(crate) struct NotePush;

impl Method for NotePush {
    const NAME: &'static str = "toy.note.push";
    const PHP: &'static str = "note_push.php";
    const KIND: Kind = Kind::Write;
    const SUMMARY: (&'static str, &'static str) = ("push notes", "创建便笺");
    const CATEGORY: Category = Category::Base;
    const ERRORS: &'static [(i64, &'static str)] = &[(1, "some notes were not kept"), (2310, "the shop is unknown")];
    type Request = NotesPushed;
    type Error = Failure;

    fn reply() -> ReplyShape {
        ReplyShape::new().count("new_count", "notes stored")
    }
}

impl Command for NotePush {
    fn run(call: &Call, request: &NotesPushed, tx: &mut Tx) -> Result<Reply, Failure> {
        let mut stored = 0;
        for note in request.note_list.iter() {
            match &*note.body {
                "bad" => continue,
                "panic" => panic!("as asked"),
                body => {
                    let (id, now) = (tx.document_id("note")?, tx.now());
                    let mobile = note.mobile.as_deref().unwrap_or_default();
                    tx.put(
                        "INSERT INTO note (id, tenant, body, mobile, modified) VALUES (?1, ?2, ?3, ?4, ?5)",
                        &[id.into(), call.tenant().into(), body.into(), mobile.into(), now.into()],
                    )?;
                    tx.event("note", body, &serde_json::json!({ "body": body }))?;
                    stored += 1;
                }
            }
        }
        // After the rows: a refusal must take them back.
        if !call.shops().permits(&request.shop_no) || &*request.shop_no != "s1" {
            return Err(Refused::new(2310, "店铺编号在系统中不存在或已停用").into());
        }
        let reply = call.reply().int("new_count", stored);
        let all = request.note_list.iter().all(|note| &*note.body != "bad");
        Ok(if all { reply } else { reply.partly(1, r#"[{"body":"bad","error":"不好"}]"#) })
    }
}

fn words(_method: &'static str, refusal: &Refusal) -> Refused {
    match refusal.problem {
        Problem::Missing | Problem::Empty => Refused::new(2900, format!("必传参数缺失入参：{}", refusal.path)),
        _ => Refused::new(2830, format!("参数值无效:{}", refusal.path)),
    }
}

pub(crate) fn registry() -> Registry {
    Registry::new()
        .words(words)
        .scene("scene0")
        .query::<NoteQuery>()
        .query::<NotePage>()
        .command::<NotePush>()
        .alias("toy.his.note.query", "his_note_query.php", "toy.note.query")
        .player(std::sync::Arc::new(ToyPlayer))
}

/// Plays one method of TOP: says hello, refuses, or breaks, as it is told.
struct ToyPlayer;

impl gateway::Player for ToyPlayer {
    fn finds(&self, method: &str) -> Option<&'static str> {
        (method == "alibaba.toy.hello").then_some("alibaba.toy.hello")
    }

    fn play(&self, call: gateway::PlayedCall) -> gateway::Playing {
        let played = match call.param("say").unwrap_or_default() {
            "no" => gateway::Played::Refused(gateway::TopRefusal {
                code: 27,
                message: "Invalid session",
                sub_code: "invalid-sessionkey".into(),
                sub_message: String::new(),
            }),
            "break" => gateway::Played::Broken(502),
            "nonsense" => gateway::Played::Members("[]".into()),
            said => gateway::Played::Members(format!(
                r#"{{"hello_response":{{"said":{said:?},"by":"{}","datas":[1,2]}}}}"#,
                call.app_key
            )),
        };
        Box::pin(std::future::ready(played))
    }
}
