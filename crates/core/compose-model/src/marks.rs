//! `!reset` and `!override`: paths whose earlier value goes.

use indexmap::IndexMap;

use crate::trail::Trail;
use crate::{Data, Origin, Value};

/// The places of one document's `!reset` and `!override` tags.
#[derive(Clone, Debug, Default)]
pub(crate) struct Marks(Vec<(Vec<String>, Origin)>);

impl Marks {
    pub(crate) fn note(&mut self, trail: &Trail<'_>, origin: Origin) {
        self.0.push((trail.steps(), origin));
    }

    /// Removes what the marks name from a model. Items of lists are never touched.
    pub(crate) fn remove_from(&self, model: &mut Value) {
        if let (Data::Map(entries), false) = (&mut model.data, self.0.is_empty()) {
            self.remove_entries(entries, &Trail::default());
        }
    }

    /// Removes what the marks name from what a service inherits. The first mark that took something
    /// away.
    pub(crate) fn remove_from_service(
        &self,
        name: &str,
        body: &mut IndexMap<String, Value>,
    ) -> Option<&Origin> {
        if self.0.is_empty() {
            return None;
        }
        let top = Trail::default();
        let services = top.child("services");
        self.remove_entries(body, &services.child(name))
    }

    fn remove_entries(
        &self,
        entries: &mut IndexMap<String, Value>,
        trail: &Trail<'_>,
    ) -> Option<&Origin> {
        let mut first = None;
        entries.retain(|key, value| {
            let here = trail.child(key);
            let mark = self.0.iter().find(|(mark, _)| here.is(mark));
            if let (None, Data::Map(entries)) = (mark, &mut value.data) {
                first = first.or(self.remove_entries(entries, &here));
            }
            first = first.or(mark.map(|(_, origin)| origin));
            mark.is_none()
        });
        first
    }
}
