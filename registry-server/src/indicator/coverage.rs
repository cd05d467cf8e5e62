//! How much of what was treated stands in the register: coverage by an outside count, transfer rate by the senders' own.
//!
//! Meaning: accepted of eligible. Formula: n/d with Wilson's limits. Eligible: ended treatments of treatment programmes, also the held,
//! rejected, opted out and protected; only test patients are left out. More accepted than eligible is no share: then one of the two
//! counts is wrong, and which cannot be told. Source: SKR, definition of täckningsgrad; the agent's accounting line.

use schemas::language::Text;

use super::definition::Definition;
use super::share::Share;

/// What coverage means.
pub const COVERAGE: Definition = Definition {
    name: "coverage_",
    meaning: Text::fixed(
        "Andelen av alla avslutade behandlingar i behandlingsprogram som finns i registret, enligt en källa utanför det.",
        "The share of all ended treatments of treatment programmes that is in the register, by a source outside it.",
    ),
    formula: "accepted / eligible, where accepted <= eligible; Wilson's limits",
    population: Text::fixed(
        "avslutade behandlingar enligt källan, där den omfattar varje månad, enhet och program som registret har behandlingar från",
        "ended treatments by the source, where it tells every month, unit and programme of which the register has treatments",
    ),
    source: "SKR, Definiera data: täckningsgrad",
    given: Text::fixed("3 av 4 avslutade finns i registret; 3 av 2", "3 of 4 ended are in the register; 3 of 2"),
    gives: &[
        ("coverage_p", Some(0.75)),
        ("coverage_lo", Some(0.300_641_842_582_402_6)),
        ("coverage_hi", Some(0.954_412_738_573_942_5)),
        ("coverage_p", None),
    ],
    compute: || {
        let limits = of(3, 4).and_then(|share| share.limits());
        vec![
            of(3, 4).and_then(|share| share.p()),
            limits.map(|(low, _)| low),
            limits.map(|(_, high)| high),
            of(3, 2).and_then(|share| share.p()),
        ]
    },
};

/// What the transfer rate means.
pub const TRANSFER: Definition = Definition {
    name: "transfer_",
    meaning: Text::fixed(
        "Andelen av de avslutade behandlingar som avsändarna själva har funnit som finns i registret.",
        "The share of the ended treatments that the senders have found themselves that is in the register.",
    ),
    formula: "accepted / (found - test patients - ongoing - support programmes), where it is at most 1; Wilson's limits",
    population: Text::fixed(
        "behandlingar i avsändarnas senaste läsning av allt, även kvarhållna, avvisade, skyddade och deras som motsatt sig",
        "treatments of the senders' newest reading of everything, also the held, rejected, protected and opted out",
    ),
    source: "accounting line of the agent",
    given: Text::fixed(
        "18 funna, varav 4 testpatienter, 5 pågående och 1 stödprogram; 6 i registret",
        "18 found, of which 4 test patients, 5 ongoing and 1 support programme; 6 in the register",
    ),
    gives: &[("own_eligible", Some(8.0)), ("transfer_p", Some(0.75))],
    compute: || {
        let eligible = eligible(18, [4, 5, 1]);
        vec![Some(eligible as f64), of(6, eligible).and_then(|share| share.p())]
    },
};

/// The share of what was accepted of what is eligible; nothing where more was accepted.
#[must_use]
pub fn of(accepted: u64, eligible: u64) -> Option<Share> {
    (accepted <= eligible).then_some(Share { n: accepted, d: eligible })
}

/// What a sender has found that the register is for, without test patients, the ongoing and support programmes.
#[must_use]
pub fn eligible(found: u64, not_ours: [u64; 3]) -> u64 {
    found.saturating_sub(not_ours.iter().sum())
}
