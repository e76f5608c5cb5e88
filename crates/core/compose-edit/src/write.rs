//! Writes new values as YAML text, in block lines or in braces.

use crate::json::{self, Json};
use crate::quote::{self, Place, Quote, Quoting};
use crate::value::Form;
use crate::{NewScalar, NewValue};

/// How the lines of a new entry or item look.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Style {
    /// What ends a line.
    pub(crate) ending: &'static str,
    /// Columns from a key to the keys and to the dashes below it, for the first level.
    pub(crate) near: Nesting,
    /// Columns of each level below the first.
    pub(crate) far: Nesting,
    /// How many blanks stand behind a dash.
    pub(crate) dash_gap: usize,
    /// The quotes of the new values.
    pub(crate) values: Quoting,
    /// The quotes of the new keys.
    pub(crate) keys: Quoting,
    /// How JSON is laid out, in a document that is JSON.
    pub(crate) json: Option<Json>,
}

/// Columns from a key to what is below it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Nesting {
    /// To the keys of a mapping.
    pub(crate) step: usize,
    /// To the dashes of a list.
    pub(crate) offset: usize,
}

impl Style {
    /// The style of what is one level deeper: the neighbours' quotes say nothing about it.
    fn deeper(self) -> Self {
        let values = Quoting {
            always: self.keys.always,
            ..self.values
        };
        let json = self.json.map(|json| Json {
            indent: json.indent + json.step,
            ..json
        });
        Self {
            near: self.far,
            dash_gap: 1,
            values,
            json,
            ..self
        }
    }

    pub(crate) fn key(self, key: &str, place: Place) -> String {
        if self.json.is_some() {
            json::string(key)
        } else {
            quote::write(key, place, self.keys)
        }
    }

    pub(crate) fn scalar(self, scalar: &NewScalar, place: Place) -> String {
        match scalar.form {
            Form::Plain if json::is_literal(&scalar.text) => scalar.text.clone(),
            _ if self.json.is_some() => json::string(&scalar.text),
            Form::Plain => scalar.text.clone(),
            Form::Quoted => quote::quoted(&scalar.text, Quote::Double),
            Form::String => quote::write(&scalar.text, place, self.values),
        }
    }

    /// `key: value` and the lines below it; `indent` is the key's column. No end of line behind the
    /// last.
    pub(crate) fn entry(self, out: &mut String, indent: usize, key: &str, value: &NewValue) {
        out.push_str(&self.key(key, Place::Block));
        out.push(':');
        self.behind_key(out, indent, value);
    }

    /// What follows a key's colon.
    pub(crate) fn behind_key(self, out: &mut String, indent: usize, value: &NewValue) {
        match value {
            NewValue::Null => {}
            NewValue::List { items, flow: false } if !items.is_empty() => {
                for item in items {
                    self.new_line(out, indent + self.near.offset);
                    self.deeper().item(out, indent + self.near.offset, item);
                }
            }
            NewValue::Map(entries) if !entries.is_empty() => {
                for (key, value) in entries {
                    self.new_line(out, indent + self.near.step);
                    self.deeper()
                        .entry(out, indent + self.near.step, key, value);
                }
            }
            inline => {
                out.push(' ');
                self.inline(out, inline, Place::Block);
            }
        }
    }

    /// `- value` and the lines below it; `indent` is the dash's column.
    pub(crate) fn item(self, out: &mut String, indent: usize, value: &NewValue) {
        out.push('-');
        let inner = indent + 1 + self.dash_gap;
        match value {
            NewValue::Null => return,
            _ => out.extend(std::iter::repeat_n(' ', self.dash_gap)),
        }
        match value {
            NewValue::List { items, flow: false } if !items.is_empty() => {
                for (position, item) in items.iter().enumerate() {
                    if position > 0 {
                        self.new_line(out, inner);
                    }
                    self.deeper().item(out, inner, item);
                }
            }
            NewValue::Map(entries) if !entries.is_empty() => self.entries(out, inner, entries),
            inline => self.inline(out, inline, Place::Block),
        }
    }

    /// Entries of which the first goes where `out` stands.
    fn entries(self, out: &mut String, indent: usize, entries: &[(String, NewValue)]) {
        for (position, (key, value)) in entries.iter().enumerate() {
            if position > 0 {
                self.new_line(out, indent);
            }
            self.deeper().entry(out, indent, key, value);
        }
    }

    /// `key: value` in braces.
    pub(crate) fn flow_entry(self, out: &mut String, key: &str, value: &NewValue) {
        out.push_str(&self.key(key, Place::Flow));
        out.push_str(": ");
        self.inline(out, value, Place::Flow);
    }

    /// A value on one line.
    pub(crate) fn inline(self, out: &mut String, value: &NewValue, place: Place) {
        match value {
            NewValue::Null => out.push_str("null"),
            NewValue::Scalar(scalar) => out.push_str(&self.scalar(scalar, place)),
            NewValue::List { items, .. } => {
                let long =
                    self.json.is_some_and(|json| json.long_lists) || !items.iter().all(is_scalar);
                out.push('[');
                self.joined(out, items, long, |out, item| {
                    self.deeper().inline(out, item, Place::Flow)
                });
                out.push(']');
            }
            NewValue::Map(entries) => {
                out.push('{');
                self.joined(out, entries, true, |out, (key, value)| {
                    self.deeper().flow_entry(out, key, value)
                });
                out.push('}');
            }
        }
    }

    /// Parts with commas between them; in JSON of several lines each on its own where that is
    /// wanted.
    fn joined<T>(self, out: &mut String, parts: &[T], long: bool, write: impl Fn(&mut String, &T)) {
        let lines = self
            .json
            .filter(|json| long && json.step > 0 && !parts.is_empty());
        for (position, part) in parts.iter().enumerate() {
            match lines {
                Some(json) => {
                    out.push_str(if position > 0 { "," } else { "" });
                    self.new_line(out, json.indent + json.step);
                }
                None => out.push_str(if position > 0 { ", " } else { "" }),
            }
            write(out, part);
        }
        if let Some(json) = lines {
            self.new_line(out, json.indent);
        }
    }

    /// An end of line and the next line's indentation.
    pub(crate) fn new_line(self, out: &mut String, indent: usize) {
        out.push_str(self.ending);
        let blank = if self.json.is_some_and(|json| json.tabs) {
            '\t'
        } else {
            ' '
        };
        out.extend(std::iter::repeat_n(blank, indent));
    }

    /// Comment lines, each with its end of line and the next line's indentation.
    pub(crate) fn banner(self, out: &mut String, indent: usize, banner: &str) {
        for line in banner.lines() {
            let comment = format!("# {}", line.trim());
            out.push_str(comment.trim_end());
            self.new_line(out, indent);
        }
    }
}

fn is_scalar(value: &NewValue) -> bool {
    matches!(value, NewValue::Null | NewValue::Scalar(_))
}
