//! Every operation by itself, as `<operation>/<case>.yaml` tells, and random programs of them: what
//! takes a program back gives the files from before, to the byte where this machine or git knows
//! them, else by what they say.
//!
//! `BLESS=1 cargo test -p stories --test operations` writes what is expected anew; look at every
//! line of the diff.
#![allow(
    clippy::disallowed_macros,
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "tests read their cases from disk"
)]

mod case;
mod choices;
mod program;

use case::Case;

#[test]
fn every_case_ends_as_expected() {
    let failures: Vec<_> = Case::all()
        .iter()
        .filter_map(|case| case.run().err())
        .collect();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn every_operation_has_cases() {
    let schema = stories::schema::record();
    let forms = schema["$defs"]["Operation"]["oneOf"].as_array().unwrap();
    let names: Vec<_> = forms
        .iter()
        .map(|form| form["properties"]["op"]["const"].as_str().unwrap())
        .collect();
    assert!(names.contains(&"insert"), "{names:?}");
    for name in names {
        assert!(
            Case::all().iter().any(|case| case.is_of(name)),
            "{name} has no case"
        );
    }
}
