//! Two environments of one project name: the one would work on the volumes of the other, which is
//! down. While it runs its containers are in the way, and that is told before.

use diagnostics::Remedy;
use engine_facts::Content;

use crate::evaluation::{Evaluation, Risk, RiskKind};
use crate::{Observation, Query, Source};

pub(super) fn evaluate(evaluation: &mut Evaluation<'_>) {
    let (desired, actual) = (evaluation.desired, evaluation.actual);
    let Some(other) = &actual.other_environment else {
        return;
    };
    if !actual.containers.is_empty() {
        return;
    }
    let used = desired.own_volumes().filter(|(_, volume)| {
        actual.volumes.contains_key(&volume.name) && desired.users_of(&volume.name).next().is_some()
    });
    let mut held = Vec::new();
    for (_, volume) in used {
        let query = Query::Content(Source::Volume(volume.name.clone()));
        if let Some(Observation::Content(content @ Content::Data(_))) = evaluation.observe(query) {
            held.push((
                volume.name.clone(),
                format!("{} holds {content}", volume.name),
            ));
        }
    }
    if held.is_empty() {
        return;
    }
    let (environment, project) = (&desired.environment, &desired.project);
    let (volumes, mut evidence): (Vec<_>, Vec<_>) = held.into_iter().unzip();
    evidence.insert(
        0,
        format!("{other} was started here as the project {project}, {environment} never was"),
    );
    let impact =
        format!("{environment} would work on the data of {other}: both are the project {project}");
    let risk = Risk::new(RiskKind::Shared, environment, impact)
        .of_volumes(volumes)
        .concluded_from(evidence)
        .with_remedies(vec![
            Remedy::lines_of_a_file(
                format!(
                    "give it a name of its own, at the top of a file that {environment} alone has"
                ),
                format!("name: {project}-{environment}"),
            ),
            Remedy::steps(
                "if both are meant to have the same data, which is then not asked again",
                vec![desired.again()],
            ),
        ]);
    evaluation.risk(risk);
}
