//! Mistakes in a file: the place and the words.

use rehearsal::{Library, read};

fn told(text: &str) -> String {
    match read("m.case", text) {
        Ok(_) => "no mistake found".to_owned(),
        Err(trouble) => trouble.to_string().lines().next().unwrap_or_default().to_owned(),
    }
}

#[test]
fn each_mistake_has_a_place_and_a_remedy() {
    let case = |body: &str| format!("case c\n{body}");
    for (text, message) in [
        ("given shop\n".to_owned(), "m.case:1:1: expected `case TITLE`; every case begins with its title"),
        ("case\n".to_owned(), "m.case:1:1: this case has no title; write `case 中文标题 / English title`"),
        ("case a\ncase a\n".to_owned(), "m.case:2:1: line 1 already has this title"),
        (
            case("  whne x"),
            "m.case:2:3: `whne` is no keyword; a step begins with given, when, then, and, eventually, save, let, use, clock or examples",
        ),
        (case("  given a\n   given b"), "m.case:3:4: expected `name = value` or a table row `| … |`"),
        (case("   given a\n  given b"), "m.case:3:3: this step is indented by 2, the first one of its case by 3"),
        (case("  and a = 1"), "m.case:2:3: `and` repeats the keyword above it, and there is none"),
        (case("\tgiven a"), "m.case:2:1: a tab in the indentation; indent with ordinary spaces"),
        (case("  given"), "m.case:2:8: say what, behind the keyword"),
        (case("  given \"a"), "m.case:2:9: this quote is not closed before the end of the line"),
        (case("  given \"\\q\""), "m.case:2:10: unknown escape; known are \\\" \\\\ \\/ \\n \\r \\t \\uXXXX"),
        (case("  when a\n    b = 1\n    b = 2"), "m.case:4:5: `b` is here twice"),
        (case("  when a\n    b = [1, 2\n  then c = 1"), "m.case:3:9: this bracket is never closed"),
        (
            case("  when a\n    b = [1] x"),
            "m.case:3:13: `x` is too much behind the closing bracket; a text that begins with [ or { must stand in quotes",
        ),
        (case("  when a\n    b = {c: 红色}"), "m.case:3:13: `红色` needs quotes in JSON"),
        (case("  when a\n    b = {c 1}"), "m.case:3:12: expected `:` behind `c`"),
        (case("  when a\n    b = [1 2]"), "m.case:3:12: expected `,` or `]`"),
        (case("  when a\n    b = {c: 1, c: 2}"), "m.case:3:17: `c` is here twice"),
        (case("  when 中文 ${a b}"), "m.case:2:11: `${a b}` is no variable; a name is letters, digits and `_`"),
        (case("  when ${x-5m}"), "m.case:2:8: `${x-5m}`: only now, today and unix can be moved"),
        (case("  when ${now-5}"), "m.case:2:8: `${now-5}`: expected a time such as 5m or 47h"),
        (case("  when ${now"), "m.case:2:8: `${` without a `}`; for the characters themselves write `$${`"),
        (
            case("  then code 0"),
            "m.case:2:13: expected one of = != >= <= > <, contains VALUE, exists, absent, count = NUMBER behind the path",
        ),
        (
            case("  then = 0"),
            "m.case:2:8: expected a path into the reply, such as code or trades[0].trade_no; `$` is all of it",
        ),
        (case("  then a count 3"), "m.case:2:16: expected `count = 3`, `count >= 1` or another comparison"),
        (case("  then a exists now"), "m.case:2:17: `now` is too much behind this expectation"),
        (case("  then a[b = 1"), "m.case:2:9: expected [0], [-1], [\"name\"] or [field=value, field=value]"),
        (case("  then"), "m.case:2:3: say what must hold: `PATH = VALUE` behind the keyword or indented below it"),
        (case("  eventually a = 1"), "m.case:2:3: `eventually` repeats the `when` above it, and there is none"),
        (case("  when a\n  eventually within 5 a = 1"), "m.case:3:21: expected a time such as 10s, at most 600s"),
        (
            case("  save 1a = b"),
            "m.case:2:8: expected `NAME = …`; a name is letters, digits and `_`, and does not begin with a digit",
        ),
        (case("  let now = 1"), "m.case:2:7: `now` is built in and cannot be given a value"),
        (case("  clock - 1h"), "m.case:2:9: expected `clock + 47h`, with s, m, h or d; the clock moves forward only"),
        (case("  use a from b"), "m.case:2:7: expected `use TITLE`, `use FILE.case` or `use TITLE from FILE.case`"),
        (
            case("  examples:\n  when a"),
            "m.case:2:3: `examples:` wants a table below it: a line `| name | name |`, then rows",
        ),
        (case("  examples:\n    | a | b |\n    | 1 |"), "m.case:4:5: this row has 1 cells, the table 2 columns"),
        (case("  examples:\n    | a | a |\n    | 1 | 2 |"), "m.case:3:11: column `a` is here twice"),
        (
            case("  examples:\n    | a b |\n    | 1 |"),
            "m.case:3:7: `a b` is not a column name (letters, digits, `_`, `.`)",
        ),
        (case("  examples:\n    | a\n    | 1 |"), "m.case:3:5: a table row begins and ends with `|`"),
        (case("  clock + 1h\n    x = 1"), "m.case:3:5: `clock` takes no line like this below it"),
    ] {
        assert_eq!(told(&text), message, "{text}");
    }
}

#[test]
fn the_mark_stands_under_the_character() {
    let trouble = read("m.case", "case c\n  when 订单 ${a b}\n").map(|_| ()).map_err(|t| t.to_string());
    let expected = "m.case:2:11: `${a b}` is no variable; a name is letters, digits and `_`\n  |   when 订单 ${a b}\n  |             ^";
    assert_eq!(trouble, Err(expected.to_owned()));
}

#[test]
fn deep_json_is_refused() {
    let deep = format!("case c\n  when a\n    b = {}{}\n", "[".repeat(5_000), "]".repeat(5_000));
    assert_eq!(told(&deep), "m.case:3:74: deeper than 64 levels");
}

#[test]
fn uses_that_lead_nowhere() {
    for (text, message) in [
        ("case a\n  use b\n", "m.case:2:3: no case `b` in the loaded files"),
        ("case a\n  use b.case\n", "m.case:2:3: b.case is not loaded or has not exactly one case"),
        ("case a\n  use b\ncase b\n  use a\n", "m.case:4:3: this goes round in a circle"),
        (
            "case a\n  use b\ncase b\n  examples:\n    | n |\n    | 1 |\n",
            "m.case:2:3: the used case has `examples:`; only a case without can be used",
        ),
    ] {
        let mut library = Library::new();
        library.add("m.case", text).unwrap();
        let told = library.check().map_err(|t| t.to_string().lines().next().unwrap_or_default().to_owned());
        assert_eq!(told, Err(message.to_owned()), "{text}");
    }
}

#[test]
fn files_of_a_folder_and_what_they_use() {
    let folder = std::env::temp_dir().join(format!("rehearsal-cases-{}", std::process::id()));
    std::fs::create_dir_all(folder.join("suite")).unwrap();
    std::fs::write(folder.join("base.case"), "case base\n  given x\n").unwrap();
    std::fs::write(folder.join("suite/b.case"), "case b\n  use ../base.case\n").unwrap();
    std::fs::write(folder.join("suite/a.case"), "\u{feff}case a\r\n  use base from ../base.case\r\n").unwrap();
    std::fs::write(folder.join("suite/note.txt"), "not a case").unwrap();
    let titles = Library::load(&[folder.join("suite")])
        .map(|library| library.cases().map(|c| c.title.clone()).collect::<Vec<_>>())
        .map_err(|e| e.to_string());
    let empty = Library::load(&[folder.join("none")]).map(|_| ()).map_err(|e| e.to_string());
    std::fs::remove_dir_all(&folder).unwrap();
    assert_eq!(titles, Ok(vec!["a".to_owned(), "b".to_owned()]), "used files are loaded, and not played themselves");
    assert!(empty.is_err_and(|message| message.starts_with("cannot read ")));
}

#[test]
fn broken_text_is_refused_or_read_but_never_a_panic() {
    let story = include_str!("../../../../docs/cases.md");
    let blocks = story.split("```case\n").skip(1).filter_map(|b| b.split("```").next());
    let blocks: Vec<Vec<char>> = blocks.map(|block| block.chars().collect()).collect();
    let salt: Vec<char> = "${}[]|\"\\=#,. \n中é😀0and".chars().collect();
    let mut random = fastrand::Rng::with_seed(20_231_115);
    let (mut good, mut bad) = (0, 0);
    for _ in 0..3_000 {
        let mut text = blocks[random.usize(..blocks.len())].clone();
        for _ in 0..random.usize(..6) {
            let at = random.usize(..text.len());
            match random.bool() {
                true => text[at] = salt[random.usize(..salt.len())],
                false => text.insert(at, salt[random.usize(..salt.len())]),
            }
        }
        let text: String = text.into_iter().collect();
        match read("m.case", &text) {
            Ok(_) => good += 1,
            Err(trouble) => {
                let lines = text.lines().count() as u32;
                assert!(trouble.at.line <= lines && !trouble.message.is_empty(), "{trouble}\n{text}");
                bad += 1;
            }
        }
    }
    assert!(good > 100 && bad > 100, "{good} good and {bad} bad: the mutation is too weak or too strong");
}
