//! `rename`: another key for an entry.

use super::grow::{no_key, refuse_unwritable_key};
use super::ledger::Touch;
use super::pass::Pass;
use crate::member::Member;
use crate::quote::{Place, Quote, Quoting, fits_as_key, write};
use crate::{Content, EditError, Kind, Path, ScalarStyle};

impl Pass<'_> {
    pub(super) fn rename_key(&mut self, path: &Path, name: &str) -> Result<(), EditError> {
        let node = self.locate(path)?;
        let wrong = || EditError::WrongKind {
            at: node.position(),
            path: path.clone(),
            wanted: Kind::Mapping,
        };
        let mapping = node.parent().ok_or(EditError::IsRoot {
            at: node.position(),
        })?;
        let key = Member::of(node)
            .and_then(|member| member.key)
            .ok_or_else(wrong)?;
        self.refuse_shared(mapping, path)?;
        self.refuse_key(mapping, path, name)?;
        refuse_unwritable_key(name, mapping)?;
        let Content::Scalar(old) = key.content() else {
            return Err(wrong());
        };
        if !self.ledger.may_replace(key) || !self.ledger.is_standing(node) {
            return Err(Self::already_edited(node, path));
        }
        let quote = match old.style() {
            ScalarStyle::SingleQuoted => Some(Quote::Single),
            ScalarStyle::DoubleQuoted => Some(Quote::Double),
            ScalarStyle::Literal | ScalarStyle::Folded => {
                return Err(EditError::ExplicitKey { at: key.position() });
            }
            ScalarStyle::Plain => None,
        };
        let place = if mapping.is_flow() {
            Place::Flow
        } else {
            Place::Block
        };
        let needed = self.layout.style_in(mapping, key.span().start).keys.needed;
        let text = write(
            name,
            place,
            Quoting {
                always: quote,
                needed,
            },
        );
        let before = &self.lines().text[key.record().start()..key.span().start];
        if !fits_as_key(&format!("{before}{text}")) {
            return Err(no_key(name, mapping));
        }
        let clear = self.splices.replace(key.span(), text);
        self.unless_clashing(clear, path, key.span())?;
        self.ledger.note(key, Touch::Replaced);
        self.ledger.note_name(mapping, name);
        Ok(())
    }
}
