//! 2: PostgreSQL keeps its data.

use super::super::error::LiveError;
use super::super::outcome::{About, Verdict};
use super::super::postgres::Postgres;
use super::super::reason::Reason;
use super::super::sandbox::Sandbox;
use super::super::store::DataStore;
use super::super::test_environment::TestEnvironment;
use super::{Applies, Phase, Proof, ProofContext, Stage, runs};

/// PostgreSQL keeps its data.
pub struct PostgresData;

/// Its name for programs, and for its store on the way through the steps.
const ID: &str = "postgres-data";

impl Proof for PostgresData {
    fn about(&self) -> About {
        About {
            id: ID,
            title: "PostgreSQL keeps its data",
            requirement: "PostgreSQL data survives restart, SIGKILL, recreate, and down and up",
            reasons: &[
                Reason::WrongTarget,
                Reason::VolumeRemoved,
                Reason::FsyncOff,
                Reason::Lost,
                Reason::NotStarted,
            ],
        }
    }

    fn stages(&self) -> &'static [Stage] {
        &[Stage::Shared(Phase::Steps)]
    }

    fn applies(&self, subject: &TestEnvironment<'_>) -> Result<Applies, LiveError> {
        Ok(runs(subject, "postgres"))
    }

    fn store<'s>(
        &self,
        sandbox: &'s Sandbox<'s>,
    ) -> Result<Option<Box<dyn DataStore + 's>>, LiveError> {
        let Some(service) = sandbox.subject.model.service_of("postgres") else {
            return Ok(None);
        };
        Ok(Some(Box::new(Postgres::of(sandbox, service)?)))
    }

    fn prove(&self, context: &mut ProofContext<'_>) -> Result<Verdict, LiveError> {
        Ok(context
            .survived(ID)
            .unwrap_or_else(|| Verdict::not_applicable("no PostgreSQL went through the steps")))
    }
}
