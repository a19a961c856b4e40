//! Filling in a template. A line `%a|b` opens a block that is there for the conditions a or b, `%end` closes it; blocks do not nest.

use super::Language;

/// The template of a language.
pub(super) const fn of(language: Language) -> &'static str {
    match language {
        Language::Curl => include_str!("templates/curl.txt"),
        Language::Python => include_str!("templates/python.txt"),
        Language::Java => include_str!("templates/java.txt"),
        Language::Php => include_str!("templates/php.txt"),
        Language::Go => include_str!("templates/go.txt"),
        Language::Node => include_str!("templates/node.txt"),
        Language::Rust => include_str!("templates/rust.txt"),
    }
}

/// The text with its conditions decided and its places filled. What is filled in is not looked at again.
pub(super) fn fill(template: &str, is: impl Fn(&str) -> bool, places: &[(&str, &str)]) -> String {
    let (mut out, mut shown) = (String::with_capacity(template.len()), true);
    for line in template.lines() {
        match line.strip_prefix('%') {
            Some("end") => shown = true,
            Some(conditions) => shown = conditions.split('|').any(&is),
            None if shown => {
                let place = places.iter().find_map(|(place, text)| Some((line.split_once(place)?, text)));
                match place {
                    Some(((before, after), text)) => out.extend([before, text, after]),
                    None => out.push_str(line),
                }
                out.push('\n');
            }
            None => {}
        }
    }
    out
}
