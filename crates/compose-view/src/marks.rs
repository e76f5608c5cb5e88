//! `!reset` and `!override`: paths whose earlier value goes.

use indexmap::IndexMap;

use crate::trail::Trail;
use crate::{Data, Origin, Value};

/// The places of one document's `!reset` and `!override` tags.
#[derive(Clone, Debug, Default)]
pub(crate) struct Marks(Vec<(Trail, Origin)>);

impl Marks {
    pub(crate) fn note(&mut self, trail: Trail, origin: Origin) {
        self.0.push((trail, origin));
    }

    /// Removes what the marks name from a model. Items of lists are never touched.
    pub(crate) fn remove_from(&self, model: &mut Value) {
        if let (Data::Map(entries), false) = (&mut model.data, self.0.is_empty()) {
            self.remove_entries(entries, &Trail::default());
        }
    }

    /// The same for the body of one service.
    pub(crate) fn remove_from_service(&self, name: &str, body: &mut IndexMap<String, Value>) {
        if !self.0.is_empty() {
            self.remove_entries(body, &Trail::default().child("services").child(name));
        }
    }

    /// The first mark inside a service's body.
    pub(crate) fn within_service(&self, name: &str) -> Option<&Origin> {
        let prefix = format!("services.{name}.");
        self.0.iter().find(|(trail, _)| trail.text().starts_with(&prefix)).map(|(_, origin)| origin)
    }

    fn remove_entries(&self, entries: &mut IndexMap<String, Value>, trail: &Trail) {
        entries.retain(|key, value| {
            let here = trail.child(key);
            if self.0.iter().any(|(mark, _)| here.fits(mark.text())) {
                return false;
            }
            if let Data::Map(entries) = &mut value.data {
                self.remove_entries(entries, &here);
            }
            true
        });
    }
}
