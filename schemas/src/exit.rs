//! Exit codes, the same for both programs, so that schedulers and scripts can tell outcomes apart.

/// What a command came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Exit {
    /// Done, nothing to report.
    Done = 0,
    /// Failed for a reason not below.
    Failed = 1,
    /// Wrong use of the command line.
    Usage = 2,
    /// Done in part: records held or rejected, or batches still queued.
    Partly = 3,
    /// `status` and `check`: warnings only.
    Warnings = 4,
    /// `status` and `check`: at least one fault; `region account`: something does not agree.
    Faults = 5,
    /// Source or server not reachable.
    Unreachable = 69,
    /// Another run holds the lock.
    Locked = 75,
    /// Certificate or authority refused, key file mode too open.
    NotAllowed = 77,
    /// Configuration wrong, file missing, schema version refused.
    Config = 78,
    /// Stopped by SIGINT before finishing.
    Interrupted = 130,
    /// Stopped by SIGTERM before finishing.
    Terminated = 143,
}

impl Exit {
    const ALL: [Self; 12] = [
        Self::Done,
        Self::Failed,
        Self::Usage,
        Self::Partly,
        Self::Warnings,
        Self::Faults,
        Self::Unreachable,
        Self::Locked,
        Self::NotAllowed,
        Self::Config,
        Self::Interrupted,
        Self::Terminated,
    ];

    /// What a program came to that ended with a code; nothing for a code that neither program uses.
    #[must_use]
    pub fn of_code(code: i32) -> Option<Self> {
        Self::ALL.into_iter().find(|exit| *exit as i32 == code)
    }
}

impl From<Exit> for std::process::ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_tells_what_a_program_came_to() {
        for exit in Exit::ALL {
            assert_eq!(Exit::of_code(exit as i32), Some(exit));
        }
        assert_eq!((Exit::of_code(101), Exit::of_code(-1)), (None, None));
    }
}
