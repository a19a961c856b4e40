//! A stage with shelves of things, a till that opens late, and an echo.

use std::collections::BTreeMap;

use rehearsal::{Act, Exchange, Fault, Library, Reply, Report, Runner, Stage};
use serde_json::{Map, Value, json};
use units::{Clock, ManualClock, Moment};

pub(crate) struct Toy<'c> {
    clock: &'c ManualClock,
    shelf: BTreeMap<String, i64>,
    waited: u64,
    pub(crate) asked: usize,
    pub(crate) begun: Vec<String>,
}

impl<'c> Toy<'c> {
    pub(crate) fn new(clock: &'c ManualClock) -> Self {
        Self { clock, shelf: BTreeMap::new(), waited: 0, asked: 0, begun: Vec::new() }
    }
}

impl Stage for Toy<'_> {
    fn begin(&mut self, title: &str, run: &str) {
        self.begun.push(format!("{title} @ {run}"));
    }

    fn given(&mut self, given: &Act) -> Result<(), Fault> {
        match given.words().as_slice() {
            ["shelf", pairs @ ..] => {
                for pair in pairs.split(|word| *word == ",").filter(|p| !p.is_empty()) {
                    let [name, count] = pair else { return Err(Fault::new("a thing and a number, please")) };
                    let count = count.parse().map_err(|_| Fault::new(format!("{count} is no number")))?;
                    self.shelf.insert((*name).to_owned(), count);
                }
                for row in &given.rows {
                    let cell = |name: &str| row.iter().find(|a| a.name == name).map(|a| a.text.clone());
                    let (name, count) = (cell("thing").unwrap_or_default(), cell("count").unwrap_or_default());
                    self.shelf.insert(name, count.parse().map_err(|_| Fault::new("no number"))?);
                }
                Ok(())
            }
            _ => Err(Fault::unknown(given, &["shelf THING NUMBER, …"])),
        }
    }

    fn act(&mut self, act: &Act) -> Result<Reply, Fault> {
        self.asked += 1;
        let value = match act.words().as_slice() {
            ["look"] => json!({
                "code": 0,
                "time": self.clock.now().to_string(),
                "things": self.shelf.iter().map(|(k, v)| json!({"name": k, "count": v.to_string()})).collect::<Vec<_>>(),
            }),
            ["take", name] => {
                let shelf = self.shelf.get_mut(*name);
                match shelf.filter(|count| **count > 0) {
                    Some(count) => {
                        *count -= 1;
                        json!({"code": 0, "left": *count})
                    }
                    None => json!({"code": 1, "message": "[{\"thing\":\"没有了\"}]"}),
                }
            }
            ["echo"] => {
                let fields = act.arguments.iter().map(|a| (a.name.clone(), a.value()));
                let texts = act.arguments.iter().map(|a| (a.name.clone(), Value::from(a.text.as_str())));
                json!({"value": fields.collect::<Map<_, _>>(), "text": texts.collect::<Map<_, _>>()})
            }
            ["till"] => json!({"open": self.waited >= 3_000}),
            ["fall"] => {
                let exchanges = vec![Exchange { sent: "knock".into(), received: "(nothing)".into() }];
                return Err(Fault { message: "nobody answered".into(), exchanges });
            }
            _ => return Err(Fault::unknown(act, &["look", "take THING", "echo", "till"])),
        };
        let sent = format!("{}\nHost: toy", act.words.join(" "));
        let exchanges = vec![Exchange { sent, received: value.to_string() }];
        Ok(Reply { value, exchanges })
    }

    fn clock(&mut self, seconds: i64) -> Result<(), Fault> {
        self.clock.advance(seconds);
        Ok(())
    }

    fn wait(&mut self, milliseconds: u64) {
        self.waited += milliseconds;
    }

    fn variable(&self, name: &str) -> Option<Value> {
        (name == "shop.no").then(|| json!("api_test"))
    }
}

pub(crate) fn noon() -> ManualClock {
    ManualClock::at(Moment::parse("2023-11-15 12:00:00").unwrap())
}

/// Plays the cases of a text.
pub(crate) fn play(text: &str) -> Report {
    let mut library = Library::new();
    library.add("toy.case", text).unwrap_or_else(|trouble| panic!("{trouble}"));
    library.check().unwrap_or_else(|trouble| panic!("{trouble}"));
    let clock = noon();
    Runner::new(&library, &clock, "r7").play(&mut Toy::new(&clock))
}

/// Plays a text and expects every case to pass.
pub(crate) fn passes(text: &str) -> Report {
    let report = play(text);
    assert!(report.passed(), "{}", rehearsal::report::terminal(&report, false));
    report
}
