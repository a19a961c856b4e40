//! Forms: whatever is read can be written and read again, and positions of errors lie inside.
#![no_main]

use libfuzzer_sys::fuzz_target;
use wire::form::{self, Space};
use wire::params::{Clash, Params};

fuzz_target!(|data: &[u8]| {
    let pairs: Result<Vec<_>, _> = form::pairs(data).collect();
    match pairs {
        Ok(pairs) => {
            for space in [Space::Plus, Space::Percent] {
                let borrowed = pairs.iter().map(|(name, value)| (&**name, &**value));
                let again = form::encode(borrowed, space);
                let read: Vec<_> =
                    form::pairs(again.as_bytes()).collect::<Result<_, _>>().expect("what is written is read");
                // A pair without a name and value is written as `=`, which is read as a pair, too.
                assert_eq!(read, pairs);
            }
        }
        Err(error) => assert!(error.position <= data.len()),
    }
    let (query, body) = data.split_at(data.len() / 2);
    for clash in [Clash::Refuse, Clash::BodyWins] {
        if let Ok(params) = Params::of_form(query, body, clash) {
            let names: Vec<_> = params.iter().map(|(name, _)| name).collect();
            assert!(names.windows(2).all(|two| two[0] < two[1]), "sorted, none twice");
        }
    }
});
