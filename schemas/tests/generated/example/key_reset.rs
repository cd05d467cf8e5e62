//! A sender whose keys were lost, in the middle of sending its set again.

use schemas::key_reset::{KeyReset, KeyResetAnswer, Step};

use super::state_id;

/// The first step.
pub(crate) fn key_reset() -> KeyReset {
    KeyReset { state_id: state_id(), kid: "r12-g2".parse().unwrap(), step: Step::Begin }
}

/// Its answer.
pub(crate) fn key_reset_answer() -> KeyResetAnswer {
    KeyResetAnswer { generation: 3, standing: 1_204, coming: 0, counts: false }
}
