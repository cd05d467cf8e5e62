//! The report `composite`: depression and anxiety together.
//!
//! Promises: a treatment counts when PHQ-9 and the anxiety measure both have a pair under the same comparison; rows
//! only where one does. It must not know the formulas of a single instrument.

use crate::comparison::Comparison;
use crate::group::by_group;
use crate::input::Input;
use crate::measure::{Change, Pair, Standing, standing};
use crate::selection::Selection;
use crate::share::Share;
use crate::table::{Line, Report, Table, share_columns};
use crate::treatment::Treatment;

const DEPRESSION: &str = "PHQ-9";
const ANXIETY: &str = "GAD-7";
const SHARES: [&str; 6] = ["case_pre", "case_post", "recovery", "rel_improved", "rel_deteriorated", "rel_recovery"];

/// Which anxiety measure stands beside the depression measure.
#[derive(Debug, Clone, Copy)]
enum Variant {
    /// GAD-7 for everybody.
    Common,
    /// The programme's own, GAD-7 where that has no pair.
    Own,
}

/// The report by region and programme with all comparisons.
pub(crate) fn composite(input: &Input, treatments: &[Treatment], selection: Selection) -> Table {
    let groups = by_group(treatments, selection);
    let mut lines = Vec::new();
    for comparison in Comparison::all(treatments) {
        for (variant, name) in [(Variant::Common, "PHQ-9+GAD-7"), (Variant::Own, "PHQ-9+ADSM")] {
            for (group, members) in &groups {
                let both = |treatment: &&Treatment| standings(input, treatment, comparison, variant);
                let pairs: Vec<_> = members.iter().filter_map(both).collect();
                if !pairs.is_empty() {
                    let [period, region, programme] = group.cells();
                    lines.push(line(&[period, region, programme, &comparison.to_string(), name], &pairs));
                }
            }
        }
    }
    let keys = Report::Composite.keys();
    let head = keys.iter().chain(&["n_paired"]).map(|&name| name.to_owned());
    Table::new(head.chain(SHARES.into_iter().flat_map(share_columns)).collect(), lines, keys.len())
}

type Both = [Standing; 2];

fn standings(input: &Input, treatment: &Treatment, comparison: Comparison, variant: Variant) -> Option<Both> {
    let of = |code: &str| match comparison.members(treatment.scores_of(code)) {
        (Some(first), Some(second)) => {
            standing(&input.instruments[code], &Pair { first, second, completed: treatment.completed() })
        }
        _ => None,
    };
    let anxiety = match variant {
        Variant::Common => of(ANXIETY),
        Variant::Own => input.anxiety.get(&treatment.programme).and_then(|own| of(own)).or_else(|| of(ANXIETY)),
    };
    Some([of(DEPRESSION)?, anxiety?])
}

fn line(keys: &[&str], pairs: &[Both]) -> Line {
    let everyone = |_: &Both| true;
    let case_first = |pair: &Both| pair.iter().any(|one| one.case_first);
    let case_second = |pair: &Both| pair.iter().any(|one| one.case_second);
    let any = |pair: &Both, change| pair.iter().any(|one| one.change == change);
    let better = |pair: &Both| any(pair, Change::Better) && !any(pair, Change::Worse);
    let worse = |pair: &Both| any(pair, Change::Worse) && !any(pair, Change::Better);
    let mut line = Line::new(keys);
    line.count(pairs.len());
    line.share(Some(Share::among(pairs, everyone, case_first)));
    line.share(Some(Share::among(pairs, everyone, case_second)));
    line.share(Some(Share::among(pairs, case_first, |pair| !case_second(pair))));
    line.share(Some(Share::among(pairs, everyone, better)));
    line.share(Some(Share::among(pairs, everyone, worse)));
    line.share(Some(Share::among(pairs, case_first, |pair| !case_second(pair) && better(pair))));
    line
}
