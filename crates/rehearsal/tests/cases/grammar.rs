//! Each feature of the grammar, played.

use rehearsal::{Library, Runner};

use crate::toy::{Toy, noon, passes, play};

#[test]
fn the_short_story() {
    let report = passes(
        r#"
# a comment of its own
case 拿东西 / taking things     # and one behind
  given shelf 苹果 2, "红 茶" 1
  when take 苹果
  then code = 0
  and left = 1
  when look
  then
    code = 0
    things count = 2
    things[name=苹果].count = "1"
    things[name="红 茶"].count >= 1
    things contains {name: "红 茶"}
    things[2] absent
"#,
    );
    assert_eq!(report.outcomes.len(), 1);
    assert_eq!(report.outcomes[0].steps, 11);
}

#[test]
fn values_of_every_form() {
    passes(
        r#"
case values
  let name = 张三
  when echo
    bare = 北京 北京市 海淀区      # a comment
    number = 203.00
    code = 0012
    text = "a \"b\" # c \u4e2d\ud83d\ude00"
    empty =
    long =
      first line
      second line
    list = [
      {tid: "T-${name}", num: 2, "price": 99.00, big: 12345678901234567890},   # relaxed JSON
      {tid: "$${no}", ok: true, none: null,},
    ]
    several = {a: [1,
                   2]}
  then text.bare = "北京 北京市 海淀区"
  and value.number = 203
  and text.number = "203.00"
  and value.code = "0012"
  and value.text = "a \"b\" # c 中😀"
  and value.empty = ""
  and text.long = "first line\nsecond line"
  and text.list = "[{\"tid\":\"T-张三\",\"num\":2,\"price\":99.00,\"big\":12345678901234567890},{\"tid\":\"$${no}\",\"ok\":true,\"none\":null}]"
  and text.list[1].none = null
  and value.several = {a: [1, 2]}
  and value.several.a contains 2
  and text.missing absent
  and text.empty exists
  and text.bare contains 海淀
  and value.number != 204
  and value.number > 202.99
  and value.number < 1000
"#,
    );
}

#[test]
fn variables_of_every_kind() {
    passes(
        r#"
case variables
  given shelf a 5
  when take a
  save left = left
  let twice = ${left}${left}
  let key = value
  let list = [${left}, "${left}"]
  when echo
    left = ${left}
    twice = ${twice}
    list = ${list}
    now = ${now}
    before = ${now-1h30m}
    day = ${today+1d}
    unix = ${unix}
    run = T${run}
    shop = ${shop.no}
    ${key}_of = 7
  then
    value.left = 4
    value.value_of = 7
    text.twice = "44"
    value.list = [4, "4"]
    value.now = "2023-11-15 12:00:00"
    value.before = "2023-11-15 10:30:00"
    value.day = "2023-11-16"
    value.unix = 1700020800
    value.run = "Tr701"
    value.shop = "api_test"
    value.list[${left}] absent
    $[${key}].left = 4
  clock + 47h
  when echo
    now = ${now}
  then value.now = "2023-11-17 11:00:00"
"#,
    );
}

#[test]
fn a_row_at_a_time() {
    let report = passes(
        r#"
case matrix
  given shelf a 2
  examples:
    | thing | code | more                 |
    | a     | 0    | "x | y"              |
    | a     | 0    | {"k": [${row}, "b"]} |
    | b     | 1    |                      |
  when echo
    more = ${more}
    code = [${code}, ${more}]
  then value.code[0] = ${code}
  when take ${thing}
  then code = ${code}
  and code <= ${row}
"#,
    );
    let names: Vec<String> = report.outcomes.iter().map(|o| o.name()).collect();
    assert_eq!(names[0], "matrix [row 1: thing = a, code = 0, more = x | y]");
    assert_eq!(names[1], "matrix [row 2: thing = a, code = 0, more = {\"k\":[2,\"b\"]}]");
    assert_eq!(names[2], "matrix [row 3: thing = b, code = 1, more = ]");
}

#[test]
fn a_failing_row_does_not_stop_the_others() {
    let report = play(
        "case rows\n  given shelf a 9\n  examples:\n    | n |\n    | 8 |\n    | 5 |\n    | 6 |\n  when take a\n  then left = ${n}\n",
    );
    let failed: Vec<bool> = report.outcomes.iter().map(|o| o.failure.is_some()).collect();
    assert_eq!(failed, [false, true, false]);
}

#[test]
fn a_table_below_a_given() {
    passes(
        "case table\n  given shelf\n    | thing | count |\n    | 杯子  | 3     |\n    | 碗    | 4     |\n  when look\n  then things[name=碗].count = 4\n",
    );
}

#[test]
fn waits_for_what_comes_late() {
    passes("case till\n  when till\n  then open = false\n  eventually within 10s open = true\n");
    passes("case till\n  when till\n  eventually within 10s\n    open = true\n    open exists\n");
    let report = play("case till\n  when till\n  eventually within 2s open = true\n");
    assert!(!report.passed(), "the till opens after three seconds only");
}

#[test]
fn one_case_uses_another() {
    let mut library = Library::new();
    library
        .add(
            "cases/a.case",
            "case 用 / user\n  use 底 from parts/b.case\n  when take tea\n  then left = 4\n  then code = ${zero}\n",
        )
        .unwrap();
    library
        .add("cases/parts/b.case", "case 底 / base\n  given shelf tea 5\n  when look\n  save zero = code\n")
        .unwrap();
    library.check().unwrap();
    let clock = noon();
    let mut toy = Toy::new(&clock);
    let report = Runner::new(&library, &clock, "x").play(&mut toy);
    assert!(report.passed(), "{}", rehearsal::report::terminal(&report, false));
    assert_eq!(toy.begun, ["用 / user @ x01", "底 / base @ x02"]);
    assert_eq!(toy.asked, 3);
}

#[test]
fn the_guides_hold_only_cases_that_can_be_read() {
    for guide in [include_str!("../../../../docs/cases.md"), include_str!("../../../../docs/cases.zh.md")] {
        let blocks: Vec<&str> = guide.split("```case\n").skip(1).filter_map(|b| b.split("```").next()).collect();
        assert!(blocks.len() >= 5, "the guide shows its cases as ```case blocks");
        for block in blocks {
            rehearsal::read("guide", block).unwrap_or_else(|trouble| panic!("{trouble}\n{block}"));
        }
    }
}
