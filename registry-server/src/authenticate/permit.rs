//! What each role may see and do: one table, asked for every page and every request of a person.
//!
//! Promises: pure and total; a role or an action that is added does not compile before its cells are filled in here.
//! Must not know: HTTP, pages, how a restriction is kept.

use super::role::Role;

/// What a person asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Action {
    /// What needs attention, and national key figures.
    Overview,
    /// What came from whom and when.
    Deliveries,
    /// Completeness and rejects.
    Quality,
    /// Results of treatments.
    Outcomes,
    /// Units beside each other.
    Units,
    /// The share of treatments that the register holds.
    Coverage,
    /// Figures of a year before they are published, and remarks on them.
    Years,
    /// Requests for data.
    Extracts,
    /// Who saw or did what.
    Audit,
    /// What each measure means.
    Definitions,
    /// The person's own sessions and password.
    Account,
    /// Suspending a sender, acknowledging an alarm, keeping contacts.
    Senders,
    /// Adding and removing people who sign in.
    Users,
}

/// How much of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Permit {
    /// Nothing.
    No,
    /// What is everybody's, or the person's own account.
    Yes,
    /// Everything there is.
    All,
    /// Everything, to look at and not to change.
    Read,
    /// What was released, and nothing else.
    Released,
    /// To decide, on others' requests only.
    DecideNotOwn,
    /// What the role's sender or the person itself has there.
    Own,
    /// How complete the role's units are.
    OwnCompleteness,
    /// The role's sender exactly; totals that include it rounded to base 5.
    OwnExact,
    /// The role's units; region and country as published.
    OwnAndPublished,
}

impl Action {
    /// Every action.
    pub const ALL: [Self; 13] = [
        Self::Overview,
        Self::Deliveries,
        Self::Quality,
        Self::Outcomes,
        Self::Units,
        Self::Coverage,
        Self::Years,
        Self::Extracts,
        Self::Audit,
        Self::Definitions,
        Self::Account,
        Self::Senders,
        Self::Users,
    ];
}

/// What a role may of an action.
#[must_use]
pub fn permit(role: &Role, action: Action) -> Permit {
    match action {
        Action::Overview | Action::Deliveries | Action::Quality => match role {
            Role::Staff => Permit::All,
            Role::Approver | Role::Researcher => Permit::No,
            Role::Auditor | Role::Admin => Permit::Read,
            Role::Region(_) => Permit::Own,
            Role::Unit(_) => Permit::OwnCompleteness,
        },
        Action::Outcomes | Action::Units | Action::Coverage => match role {
            Role::Staff | Role::Approver => Permit::All,
            Role::Researcher => Permit::Released,
            Role::Auditor | Role::Admin => Permit::No,
            Role::Region(_) => Permit::OwnExact,
            Role::Unit(_) => Permit::OwnAndPublished,
        },
        Action::Years => match role {
            Role::Staff => Permit::All,
            Role::Region(_) | Role::Unit(_) => Permit::Own,
            Role::Approver | Role::Researcher | Role::Auditor | Role::Admin => Permit::No,
        },
        Action::Extracts => match role {
            Role::Staff | Role::Auditor => Permit::Read,
            Role::Approver => Permit::DecideNotOwn,
            Role::Researcher => Permit::Own,
            Role::Admin | Role::Region(_) | Role::Unit(_) => Permit::No,
        },
        Action::Audit => match role {
            Role::Auditor | Role::Admin => Permit::All,
            Role::Region(_) => Permit::Own,
            Role::Staff | Role::Approver | Role::Researcher | Role::Unit(_) => Permit::No,
        },
        Action::Definitions | Action::Account => Permit::Yes,
        Action::Senders => match role {
            Role::Staff => Permit::All,
            Role::Approver | Role::Researcher | Role::Auditor | Role::Admin | Role::Region(_) | Role::Unit(_) => {
                Permit::No
            }
        },
        Action::Users => match role {
            Role::Admin => Permit::All,
            Role::Staff | Role::Approver | Role::Researcher | Role::Auditor | Role::Region(_) | Role::Unit(_) => {
                Permit::No
            }
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The table as it was agreed on, and below it what it leaves open.
    const AGREED: &str = "\
|                  | staff | approver        | researcher    | auditor | admin | region:12                                               | unit:SE9990120000-E001              |
| Overview         | all   | -               | -             | read    | read  | own                                                     | own completeness                    |
| Deliveries       | all   | -               | -             | read    | read  | own                                                     | own completeness                    |
| Quality          | all   | -               | -             | read    | read  | own                                                     | own completeness                    |
| Outcomes         | all   | all             | released only | -       | -     | own exact, totals that include them rounded to base 5   | own, region and country as published |
| Units            | all   | all             | released only | -       | -     | own exact, totals that include them rounded to base 5   | own, region and country as published |
| Coverage         | all   | all             | released only | -       | -     | own exact, totals that include them rounded to base 5   | own, region and country as published |
| Years            | all   | -               | -             | -       | -     | own                                                     | own                                 |
| Extracts         | read  | decide, not own | own           | read    | -     | -                                                       | -                                   |
| Audit            | -     | -               | -             | all     | all   | own                                                     | -                                   |
| Definitions      | yes   | yes             | yes           | yes     | yes   | yes                                                     | yes                                 |
| Account          | yes   | yes             | yes           | yes     | yes   | yes                                                     | yes                                 |
| Senders          | all   | -               | -             | -       | -     | -                                                       | -                                   |
| Users            | -     | -               | -             | -       | all   | -                                                       | -                                   |";

    fn words(permit: Permit) -> &'static str {
        match permit {
            Permit::No => "-",
            Permit::Yes => "yes",
            Permit::All => "all",
            Permit::Read => "read",
            Permit::Released => "released only",
            Permit::DecideNotOwn => "decide, not own",
            Permit::Own => "own",
            Permit::OwnCompleteness => "own completeness",
            Permit::OwnExact => "own exact, totals that include them rounded to base 5",
            Permit::OwnAndPublished => "own, region and country as published",
        }
    }

    #[test]
    fn every_role_may_what_was_agreed_and_nothing_else() {
        let mut lines = AGREED.lines().map(|line| line.trim_matches('|').split('|').map(str::trim).collect::<Vec<_>>());
        let roles: Vec<Role> = lines.next().unwrap()[1..].iter().map(|role| role.parse().unwrap()).collect();
        assert_eq!(roles.len(), 7);
        let mut seen = 0;
        for (line, action) in lines.zip(Action::ALL) {
            assert_eq!(line[0], format!("{action:?}"));
            for (role, agreed) in roles.iter().zip(&line[1..]) {
                assert_eq!(words(permit(role, action)), *agreed, "{role} {action:?}");
                seen += 1;
            }
        }
        assert_eq!(seen, 7 * Action::ALL.len());
    }
}
