//! The reports, as texts.

use rehearsal::report::{junit, terminal};

use crate::toy::play;

const STORY: &str = r#"case 顺利 / goes well
  given shelf a 1
  when take a
  then code = 0

case 不顺利 / goes wrong
  use 顺利
  when take a
  then code = 0
  and message[0].thing = "还有"
  and message[0] count >= 1
  and left exists
  when look
"#;

#[test]
fn a_failing_case_shows_what_went_to_and_fro() {
    let expected = r#"ok    顺利 / goes well  (3 steps)
FAIL  不顺利 / goes wrong
      toy.case:8:3
        when take a
      toy.case:9:8
        code = 0
          expected  0
          actual    1
      toy.case:10:7
        message[0].thing = "还有"
          expected  "还有"
          actual    "没有了"
      toy.case:12:7
        left exists
          expected  to be there
          actual    nothing there
      --> take a
          Host: toy
      <-- {"code":1,"message":"[{\"thing\":\"没有了\"}]"}
2 cases: 1 passed, 1 failed
"#;
    assert_eq!(terminal(&play(STORY), false), expected);
}

#[test]
fn colours_only_when_asked() {
    let report = play(STORY);
    assert!(!terminal(&report, false).contains('\x1b'));
    assert!(terminal(&report, true).contains("\x1b[31mFAIL\x1b[0m"));
}

#[test]
fn steps_that_cannot_be_carried_out() {
    for (text, told) in [
        (
            "case c\n  when fall\n",
            "      m:2:3\n        when fall\n      m:2:3\n        when fall\n          nobody answered\n      --> knock\n      <-- (nothing)\n",
        ),
        (
            "case c\n  then code = 0\n",
            "      m:2:3\n        then code = 0\n          no reply yet to look at; a `when` comes first\n",
        ),
        (
            "case c\n  given shelf a ${n}\n",
            "      m:2:3\n        given shelf a ${n}\n          no variable `n` here; there are: now, run, today\n",
        ),
        (
            "case c\n  given cat\n",
            "      m:2:3\n        given cat\n          this stage does not know `cat`; it knows: shelf THING NUMBER, …\n",
        ),
        (
            "case c\n  when look\n  save x = y[0]\n",
            "      m:2:3\n        when look\n      m:3:3\n        save x = y[0]\n          there is no y[0] in the reply\n      --> look\n          Host: toy\n      <-- {\"code\":0,\"things\":[],\"time\":\"2023-11-15 12:00:00\"}\n",
        ),
        (
            "case c\n  when till\n  eventually within 1s open = true\n",
            "      m:2:3\n        when till\n      m:3:24\n        eventually within 1s open = true\n          expected  true\n          actual    false\n      --> till\n          Host: toy\n      <-- {\"open\":false}\n",
        ),
    ] {
        let report = terminal(&play(text), false).replace("toy.case", "m");
        let lines: Vec<&str> = report.lines().collect();
        let body = lines[1..lines.len() - 1].join("\n") + "\n";
        assert_eq!(body, told, "{text}");
    }
}

#[test]
fn a_failure_inside_a_used_case_names_both_places() {
    let report = play("case base\n  when look\n  then code = 9\ncase user\n  use base\n");
    let text = terminal(&report, false);
    assert!(text.contains("toy.case:5:3\n        use base\n      toy.case:2:3\n        when look\n"), "{text}");
}

#[test]
fn junit_for_the_build_server() {
    let expected = r#"<?xml version="1.0" encoding="UTF-8"?>
<testsuites tests="2" failures="1">
  <testsuite name="toy.case" tests="2" failures="1" time="0">
    <testcase classname="toy.case" name="a &lt;b&gt;" time="0"/>
    <testcase classname="toy.case" name="c" time="0">
      <failure message="toy.case:5:8 code = 0: expected 0, actual 1">      toy.case:4:3
        when take &quot;x\u0001&quot;
      toy.case:5:8
        code = 0
          expected  0
          actual    1
      --&gt; take x�
          Host: toy
      &lt;-- {&quot;code&quot;:1,&quot;message&quot;:&quot;[{\&quot;thing\&quot;:\&quot;没有了\&quot;}]&quot;}
</failure>
    </testcase>
  </testsuite>
</testsuites>
"#;
    let report = play("case a <b>\n  when look\ncase c\n  when take \"x\\u0001\"\n  then code = 0\n");
    assert_eq!(junit(&report).unwrap(), expected);
}
