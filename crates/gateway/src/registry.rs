//! The list of methods. Dispatch, permission, OpenAPI, docs and the coverage table all come from here.

use std::collections::BTreeMap;
use std::sync::Arc;

use foldhash::HashMap;
use wire::args::{Arguments, Field, Refusal, Source};

use crate::coverage::Watch;
use crate::declared::{Common, Declared};
use crate::fault::Fault;
use crate::log::Number;
use crate::method::{Category, Command, Kind, Method, Query, Refused};
use crate::player::Player;
use crate::reply::ReplyShape;
use crate::run::{Job, Running, run_command, run_query};

/// How a dock words the refusal of an argument. `method` is the method's name without scene.
pub type Words = fn(method: &'static str, refusal: &Refusal) -> Refused;

/// The name of a row, from the name of its list.
pub(crate) type RowName = fn(&str) -> String;

/// A registered method, type-erased.
pub struct Entry {
    /// Name without scene: `wdt.trade.push`.
    pub name: &'static str,
    /// File name on openapi2.
    pub php: &'static str,
    /// Query, write, queue or acknowledgement.
    pub kind: Kind,
    /// Chapter.
    pub category: Category,
    /// One line in English and one in Chinese.
    pub summary: (&'static str, &'static str),
    /// What it takes.
    pub fields: &'static [Field],
    /// Doc comment of the request.
    pub doc: &'static str,
    /// Codes that the method itself answers, with when.
    pub errors: &'static [(i64, &'static str)],
    /// What we decided about it.
    pub decisions: &'static [&'static str],
    /// How the rows of its lists are called.
    pub(crate) row_name: RowName,
    /// Under which of its fields a call is found in the log.
    pub(crate) number: Option<Number>,
    /// What of its calls is watched for gaps.
    pub(crate) watch: Option<Watch>,
    reply: fn() -> ReplyShape,
    /// It reads nothing but master data.
    pub(crate) master: bool,
    start: fn(Job, &dyn Source) -> Result<Running, Refusal>,
    words: Words,
    common: Option<Common>,
}

impl Entry {
    fn of<M: Method>(
        words: Words,
        common: Option<Common>,
        start: fn(Job, &dyn Source) -> Result<Running, Refusal>,
    ) -> Self {
        Self {
            name: M::NAME,
            php: M::PHP,
            kind: M::KIND,
            category: M::CATEGORY,
            summary: M::SUMMARY,
            fields: M::Request::FIELDS,
            doc: M::Request::DOC,
            errors: M::ERRORS,
            decisions: M::DECISIONS,
            row_name: M::row_name,
            number: Number::among(M::Request::FIELDS),
            watch: Watch::of(M::KIND, M::Request::FIELDS, &M::reply()),
            reply: M::reply,
            master: false,
            start,
            words,
            common,
        }
    }

    /// What it answers.
    pub fn reply(&self) -> ReplyShape {
        (self.reply)()
    }

    /// What of its calls is watched for gaps: `window`, `push`, or nothing.
    pub fn watches(&self) -> &'static str {
        self.watch.map_or("", Watch::name)
    }

    /// What the caller hears when an argument is refused like this.
    pub fn refused(&self, refusal: &Refusal) -> Refused {
        (self.words)(self.name, refusal)
    }

    /// Every code that it may answer, and when, beside those that limits may give any method.
    pub fn codes(&self) -> BTreeMap<i64, Vec<String>> {
        self.declared().codes()
    }

    fn declared(&self) -> Declared {
        let Self { name, fields, errors, words, common, .. } = *self;
        Declared { name, fields, errors, words, common }
    }

    /// Decodes the arguments and gets the unit of work ready; nothing has happened yet.
    pub(crate) fn start(&self, job: Job, arguments: &dyn Source) -> Result<Running, Fault> {
        let running = (self.start)(job, arguments).map_err(|refusal| {
            let refused = self.refused(&refusal);
            self.declared().check(&refused);
            Fault::Business(refused)
        })?;
        Ok(if cfg!(debug_assertions) { self.declared().watch(running) } else { running })
    }
}

/// All methods of all docks.
#[derive(Default)]
pub struct Registry {
    entries: Vec<Arc<Entry>>,
    names: HashMap<&'static str, usize>,
    aliases: Vec<(&'static str, &'static str)>,
    files: HashMap<&'static str, usize>,
    scenes: Vec<&'static str>,
    words: Option<Words>,
    common: Option<Common>,
    players: Vec<Arc<dyn Player>>,
}

impl Registry {
    /// An empty list.
    pub fn new() -> Self {
        Self::default()
    }

    /// How the methods registered from here on word the refusal of an argument.
    #[must_use]
    pub fn words(mut self, words: Words) -> Self {
        self.words = Some(words);
        self
    }

    /// Codes of the methods registered from here on that follow from their fields as a whole.
    #[must_use]
    pub fn common(mut self, common: Common) -> Self {
        self.common = Some(common);
        self
    }

    /// A scene whose code may stand before a method's name: `hu3cgwt0tc`.
    #[must_use]
    pub fn scene(mut self, code: &'static str) -> Self {
        self.scenes.push(code);
        self
    }

    /// Registers a method that reads.
    #[must_use]
    pub fn query<M: Query>(self) -> Self {
        let (words, common) = self.manners();
        self.add(Entry { master: M::MASTER, ..Entry::of::<M>(words, common, run_query::<M>) })
    }

    /// Registers a method that changes something.
    #[must_use]
    pub fn command<M: Command>(self) -> Self {
        let (words, common) = self.manners();
        self.add(Entry::of::<M>(words, common, run_command::<M>))
    }

    fn manners(&self) -> (Words, Option<Common>) {
        (self.words.unwrap_or(plain_words), self.common)
    }

    /// Another name and file for the method `of` (history variants; fact sheet wdt-1, 1.1). Ignored when `of` is not known.
    #[must_use]
    pub fn alias(mut self, name: &'static str, php: &'static str, of: &str) -> Self {
        if let Some(index) = self.names.get(of).copied() {
            self.names.insert(name, index);
            self.files.insert(php, index);
            self.aliases.push((name, php));
        }
        self
    }

    /// Methods of TOP itself that a simulator plays on `/router/rest`.
    #[must_use]
    pub fn player(mut self, player: Arc<dyn Player>) -> Self {
        self.players.push(player);
        self
    }

    /// Who plays this method of TOP, and its name.
    pub(crate) fn find_player(&self, method: &str) -> Option<(&Arc<dyn Player>, &'static str)> {
        self.players.iter().find_map(|player| player.finds(method).map(|name| (player, name)))
    }

    /// The methods of another list after these.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        let offset = self.entries.len();
        self.entries.extend(other.entries);
        self.names.extend(other.names.into_iter().map(|(name, index)| (name, index + offset)));
        self.files.extend(other.files.into_iter().map(|(name, index)| (name, index + offset)));
        self.scenes.extend(other.scenes);
        self.aliases.extend(other.aliases);
        self.players.extend(other.players);
        self
    }

    fn add(mut self, entry: Entry) -> Self {
        let index = self.entries.len();
        self.names.insert(entry.name, index);
        self.files.insert(entry.php, index);
        self.entries.push(Arc::new(entry));
        self
    }

    /// The method of this name, with or without the prefix of a known scene (fact sheet qimen, A1).
    pub fn find(&self, name: &str) -> Option<&Arc<Entry>> {
        self.entries.get(*self.names.get(self.without_scene(name))?)
    }

    /// The method behind this file name.
    pub fn find_file(&self, php: &str) -> Option<&Arc<Entry>> {
        self.entries.get(*self.files.get(php)?)
    }

    /// The scenes whose methods these are.
    pub(crate) fn scenes(&self) -> impl Iterator<Item = &'static str> {
        self.scenes.iter().copied()
    }

    /// Whether `name` begins with a known scene.
    pub fn has_scene(&self, name: &str) -> bool {
        self.without_scene(name).len() != name.len()
    }

    fn without_scene<'n>(&self, name: &'n str) -> &'n str {
        match name.split_once('.') {
            Some((scene, rest)) if self.scenes.contains(&scene) => rest,
            _ => name,
        }
    }

    /// All methods in the order of registration; aliases do not appear.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &Entry> {
        self.entries.iter().map(|entry| &**entry)
    }

    /// Other names and files, each with the method behind them, in the order of registration.
    pub fn aliases(&self) -> impl Iterator<Item = (&'static str, &'static str, &Entry)> {
        self.aliases.iter().filter_map(|(name, php)| Some((*name, *php, &**self.find(name)?)))
    }

    /// Every name and file under which a method can be called, aliases included.
    pub fn names(&self) -> impl Iterator<Item = (&'static str, &Entry)> {
        self.names.iter().filter_map(|(name, index)| Some((*name, &**self.entries.get(*index)?)))
    }
}

/// The words of a list that was given none: code 1 and the English text.
fn plain_words(_method: &'static str, refusal: &Refusal) -> Refused {
    Refused::new(1, refusal.to_string())
}
