//! 1: Redis keeps its data.

use super::super::error::LiveError;
use super::super::outcome::{About, Verdict};
use super::super::reason::Reason;
use super::super::redis::Redis;
use super::super::sandbox::Sandbox;
use super::super::store::DataStore;
use super::super::test_environment::TestEnvironment;
use super::{Applies, Phase, Proof, ProofContext, Stage, runs};

/// Redis keeps its data.
pub struct RedisData;

/// Its name for programs, and for its store on the way through the steps.
const ID: &str = "redis-data";

impl Proof for RedisData {
    fn about(&self) -> About {
        About {
            id: ID,
            title: "Redis keeps its data",
            requirement: "Redis data survives restart, SIGKILL, recreate, and down and up",
            reasons: &[
                Reason::WrongTarget,
                Reason::VolumeRemoved,
                Reason::AofOff,
                Reason::Lost,
                Reason::NotStarted,
            ],
        }
    }

    fn stages(&self) -> &'static [Stage] {
        &[Stage::Shared(Phase::Steps)]
    }

    fn applies(&self, subject: &TestEnvironment<'_>) -> Result<Applies, LiveError> {
        Ok(runs(subject, "redis"))
    }

    fn store<'s>(
        &self,
        sandbox: &'s Sandbox<'s>,
    ) -> Result<Option<Box<dyn DataStore + 's>>, LiveError> {
        let Some(service) = sandbox.subject.model.service_of("redis") else {
            return Ok(None);
        };
        Ok(Some(Box::new(Redis::of(sandbox, service)?)))
    }

    fn prove(&self, context: &mut ProofContext<'_>) -> Result<Verdict, LiveError> {
        Ok(context
            .survived(ID)
            .unwrap_or_else(|| Verdict::not_applicable("no Redis went through the steps")))
    }
}
