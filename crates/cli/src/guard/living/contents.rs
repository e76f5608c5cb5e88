//! What volumes and folders hold, seen through one container that is never started.

use data_safety::{Observation, Observations, Query, Source};
use datastores::{DATASTORES, signatures};
use docker::engine::{Engine, EngineError, Mountable, first_line};
use engine_facts::{Content, Data, Listing};

/// Looks into all of them in one go.
pub(super) fn look(engine: &Engine, queries: Vec<Query>) -> Observations {
    let place = |query: Query| match &query {
        Query::Content(Source::Volume(name)) => Some((Mountable::Volume(name.clone()), query)),
        Query::Content(Source::Bind(path)) => Some((Mountable::Folder(path.clone()), query)),
        _ => None,
    };
    let (places, queries): (Vec<_>, Vec<_>) = queries.into_iter().filter_map(place).unzip();
    let marks: Vec<_> = DATASTORES
        .iter()
        .flat_map(|store| store.marks)
        .map(|mark| mark.path)
        .collect();
    let contents: Vec<_> = match engine.listings(&places, &marks) {
        Ok(listings) => listings.into_iter().map(content).collect(),
        Err(error) => queries.iter().map(|_| unknown(&error)).collect(),
    };
    let contents = contents.into_iter().map(Observation::Content);
    queries.into_iter().zip(contents).collect()
}

fn content(listing: Result<Listing, EngineError>) -> Content {
    let listing = match listing {
        Ok(listing) => listing,
        Err(error) => return unknown(&error),
    };
    if listing.count == 0 {
        return Content::Empty;
    }
    Content::Data(Data {
        families: signatures(&listing),
        entries: listing.count,
        bytes: listing.bytes,
        newest: listing.newest,
        at_least: listing.at_least,
    })
}

fn unknown(error: &EngineError) -> Content {
    Content::Unknown {
        why: first_line(error),
    }
}
