//! Reads the vector files beside this one.
//!
//! A block begins with `[name]`. `name = value` is a parameter (a value in double quotes is a JSON string, `x*12000` is
//! repeated); `word: value` says something about the block; `like: other` takes over what `other` says, parameters and
//! words, except its canonical string, its dialect and its signature. A block without `sign:` is only there for `like:`.

use std::collections::BTreeMap;

#[derive(Debug, Clone, Default)]
pub(crate) struct Vector {
    pub(crate) name: String,
    pub(crate) params: BTreeMap<String, String>,
    pub(crate) words: Vec<(String, String)>,
}

impl Vector {
    pub(crate) fn word(&self, word: &str) -> Option<&str> {
        self.words.iter().rev().find(|(name, _)| name == word).map(|(_, value)| value.as_str())
    }

    pub(crate) fn must(&self, word: &str) -> &str {
        self.word(word).unwrap_or_else(|| panic!("{}: no {word}", self.name))
    }

    pub(crate) fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.params.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

/// The vectors of a file that have a signature; at least `least` of them.
pub(crate) fn read(file: &str, least: usize) -> Vec<Vector> {
    let mut all: Vec<Vector> = Vec::new();
    for line in file.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            all.push(Vector { name: name.to_owned(), ..Vector::default() });
            continue;
        }
        let last = all.len() - 1;
        let (known, current) = all.split_at_mut(last);
        let current = &mut current[0];
        let (word, value) = line.split_once([' ', ':']).unwrap_or_else(|| panic!("{line}"));
        if let Some(value) = value.strip_prefix('=').filter(|_| line[word.len()..].starts_with(" =")) {
            current.params.insert(word.to_owned(), parameter(value.strip_prefix(' ').unwrap_or(value)));
        } else if word == "like" {
            let other = known.iter().find(|v| v.name == value.trim()).unwrap_or_else(|| panic!("no block {value}"));
            current.params.extend(other.params.clone());
            let inherited = |word: &str| !matches!(word, "canonical" | "dialect" | "sign");
            current.words.extend(other.words.iter().filter(|(word, _)| inherited(word)).cloned());
        } else {
            current.words.push((word.to_owned(), value.strip_prefix(' ').unwrap_or(value).to_owned()));
        }
    }
    all.retain(|vector| vector.word("sign").is_some());
    assert!(all.len() >= least, "{} vectors, at least {least} expected", all.len());
    all
}

fn parameter(value: &str) -> String {
    if value.starts_with('"') {
        return serde_json::from_str(value).unwrap();
    }
    match value.split_once('*') {
        Some((letter, times)) if letter.len() == 1 => letter.repeat(times.parse().unwrap()),
        _ => value.to_owned(),
    }
}
