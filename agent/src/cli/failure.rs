//! A command that ended early: one sentence and an exit code.

#[cfg(test)]
mod tests;

use schemas::exit::Exit;
use schemas::problem::ProblemType;
use schemas::settings::BadSettings;

use crate::check::CheckError;
use crate::cycle::CycleError;
use crate::merge::MergeError;
use crate::objections::ObjectionsError;
use crate::outbox::OutboxError;
use crate::pseudonymise::KeyError;
use crate::push::ClientError;
use crate::reconcile::ReconcileError;
use crate::setup::SetupError;
use crate::source::SourceError;
use crate::withdraw::WithdrawError;

/// Why a command ended early.
pub(super) struct Failure {
    exit: Exit,
    sentence: String,
}

impl Failure {
    pub(super) fn new(exit: Exit, sentence: impl Into<String>) -> Self {
        Self { exit, sentence: sentence.into() }
    }

    pub(super) fn stopped(code: u8) -> Self {
        let exit = if code == 130 { Exit::Interrupted } else { Exit::Terminated };
        Self::new(exit, "stopped; what was queued waits for the next run")
    }

    /// The exit code.
    pub(super) fn exit(&self) -> Exit {
        self.exit
    }

    /// The sentence.
    pub(super) fn sentence(&self) -> &str {
        &self.sentence
    }

    /// Says the sentence and gives the exit code.
    #[expect(clippy::print_stderr, reason = "the command line speaks to its user")]
    pub(super) fn tell(self) -> Exit {
        eprintln!("registry-agent: {}", self.sentence);
        self.exit
    }
}

impl From<BadSettings> for Failure {
    fn from(error: BadSettings) -> Self {
        Self::new(Exit::Config, error.to_string())
    }
}

impl From<KeyError> for Failure {
    fn from(error: KeyError) -> Self {
        Self::new(error.exit(), error.to_string())
    }
}

impl From<SetupError> for Failure {
    fn from(error: SetupError) -> Self {
        match error {
            SetupError::Settings(error) => error.into(),
            SetupError::Key(error) => error.into(),
            error @ SetupError::TooOpen { .. } => Self::new(Exit::NotAllowed, error.to_string()),
        }
    }
}

impl From<SourceError> for Failure {
    fn from(error: SourceError) -> Self {
        let exit = match &error {
            SourceError::Unreachable(_) => Exit::Unreachable,
            SourceError::NotAllowed(_) => Exit::NotAllowed,
            SourceError::Query(_) => Exit::Config,
        };
        Self::new(exit, error.to_string())
    }
}

impl From<OutboxError> for Failure {
    fn from(error: OutboxError) -> Self {
        let exit = if matches!(error, OutboxError::Locked(_)) { Exit::Locked } else { Exit::Failed };
        Self::new(exit, error.to_string())
    }
}

impl From<ObjectionsError> for Failure {
    fn from(error: ObjectionsError) -> Self {
        Self::new(if error.is_lost() { Exit::Config } else { Exit::Failed }, error.to_string())
    }
}

impl From<WithdrawError> for Failure {
    fn from(error: WithdrawError) -> Self {
        match error {
            WithdrawError::Objections(error) => error.into(),
            WithdrawError::Outbox(error) => error.into(),
            WithdrawError::Client(error) => error.into(),
        }
    }
}

impl From<MergeError> for Failure {
    fn from(error: MergeError) -> Self {
        match error {
            MergeError::Objections(error) => error.into(),
            MergeError::Outbox(error) => error.into(),
            error => Self::new(Exit::Usage, error.to_string()),
        }
    }
}

impl From<ReconcileError> for Failure {
    fn from(error: ReconcileError) -> Self {
        match error {
            ReconcileError::Outbox(error) => error.into(),
            ReconcileError::Client(error) => error.into(),
        }
    }
}

impl From<ClientError> for Failure {
    fn from(error: ClientError) -> Self {
        let exit = match &error {
            ClientError::Files(_) => Exit::Config,
            ClientError::TooOpen(_) | ClientError::Refused(_) => Exit::NotAllowed,
            ClientError::Unreachable(_) => Exit::Unreachable,
            ClientError::Problem(problem) => match problem.kind {
                ProblemType::SenderNotActive | ProblemType::SenderMismatch => Exit::NotAllowed,
                ProblemType::SchemaVersion | ProblemType::KeyUnknown => Exit::Config,
                kind if kind.is_temporary() => Exit::Unreachable,
                _ => Exit::Failed,
            },
        };
        Self::new(exit, error.to_string())
    }
}

impl From<CycleError> for Failure {
    fn from(error: CycleError) -> Self {
        match error {
            CycleError::Source(error) => error.into(),
            CycleError::Outbox(error) => error.into(),
            CycleError::Objections(error) => error.into(),
            CycleError::Client(error) => error.into(),
            CycleError::Mapping(error) => error.into(),
            CycleError::Episode(_) | CycleError::Clock(_) => Self::new(Exit::Failed, error.to_string()),
        }
    }
}

impl From<CheckError> for Failure {
    fn from(error: CheckError) -> Self {
        match error {
            CheckError::Settings(error) => error.into(),
            CheckError::Setup(error) => error.into(),
            CheckError::Source(error) => error.into(),
            CheckError::Client(error) => error.into(),
            CheckError::Outbox(error) => error.into(),
            CheckError::Objections(error) => error.into(),
            CheckError::Certificate(crate::check::CertificateError::Other { .. }) => {
                Self::new(Exit::NotAllowed, error.to_string())
            }
            CheckError::Schedule(_) | CheckError::Certificate(_) => Self::new(Exit::Config, error.to_string()),
        }
    }
}
