//! What is said of coverage, in one language.
//!
//! Promises: one figure never stands for a region that nobody outside tells of; what is left out of it is named.

use std::collections::BTreeSet;

use schemas::codelist::CodeLists;
use schemas::language::Language;

use super::regions::{Regions, Standing};
use crate::aggregate::UNKNOWN;
use crate::indicator::share::Share;
use crate::report::figure::Figure;
use crate::report::heading::Unit;
use crate::report::render::number::shown;

/// Others than staff are told a share of so many treatments at least.
const MANY: u64 = 1000;

/// The sentences in one language.
pub(super) struct Words<'a> {
    /// What they tell of.
    pub(super) regions: &'a Regions<'a>,
    /// Names of regions.
    pub(super) lists: &'a CodeLists,
    /// The language.
    pub(super) language: Language,
}

impl Words<'_> {
    /// With counts and intervals, also of each region where a report is about regions.
    pub(super) fn exact(&self, by_region: bool) -> String {
        let covered = self.regions.covered();
        let mut sentences = vec![match covered.as_slice() {
            [] => self.no_share(),
            [(code, share)] => format!("{}: {} {}.", self.head(), self.name(code), self.share(*share)),
            several => {
                let [n, d] = [|share: &Share| share.n, |share: &Share| share.d]
                    .map(|part| several.iter().map(|(_, share)| part(share)).sum());
                let each = several.iter().map(|(code, share)| format!("{} {}", self.name(code), self.share(*share)));
                let each = by_region.then(|| format!("; {}", each.collect::<Vec<_>>().join("; ")));
                format!("{}: {}{}.", self.head(), self.share(Share { n, d }), each.unwrap_or_default())
            }
        }];
        sentences.extend(self.without());
        let pick = |sv, en| self.language.pick(sv, en);
        let above = pick("Fler i registret än enligt källan", "More in the register than the source counts");
        sentences.extend(self.listed(above, &self.regions.standing(Standing::Above)));
        let absent = pick(
            "Inget i registret, fast källan räknar där",
            "Nothing in the register, though the source counts there",
        );
        sentences.extend(self.listed(absent, &self.regions.standing(Standing::Absent)));
        let divided: Vec<String> =
            self.regions.divided.iter().map(|month| month.strftime("%Y-%m").to_string()).collect();
        if !divided.is_empty() {
            let left_out = pick(
                "Månader som urvalet delar ingår inte i täckningsgraden",
                "Months that the selection divides are left out of coverage",
            );
            sentences.push(format!("{left_out}: {}.", divided.join(", ")));
        }
        sentences.join(" ")
    }

    /// In whole per cent, without counts.
    pub(super) fn rounded(&self) -> String {
        let covered = self.regions.covered();
        let (n, d) = covered.iter().fold((0, 0), |(n, d), (_, share)| (n + share.n, d + share.d));
        let mut sentences = vec![match covered.as_slice() {
            [] => self.no_share(),
            _ if n < MANY => self
                .language
                .pick(
                    "Täckningsgrad: av för få behandlingar för att visas.",
                    "Coverage: of too few treatments to be shown.",
                )
                .to_owned(),
            _ => format!("{}: {:.0} %.", self.head(), n as f64 / d as f64 * 100.0),
        }];
        let unknown = [Standing::InPart, Standing::NoSource].map(|standing| self.regions.standing(standing)).concat();
        let what = self.language.pick("Täckningsgraden är inte känd för", "Coverage is not known of");
        sentences.extend(self.listed(what, &unknown));
        sentences.join(" ")
    }

    fn no_share(&self) -> String {
        let pick = |sv: &str, en: &str| self.language.pick(sv, en).to_owned();
        if self.regions.by_code.values().all(|region| region.accepted == 0) {
            return pick(
                "Täckningsgrad: urvalet innehåller ingen hel månad med behandlingar.",
                "Coverage: the selection holds no whole month with treatments.",
            );
        }
        pick(
            "Täckningsgrad: ingen källa utanför registret omfattar allt i någon region.",
            "Coverage: no outside source tells everything of any region.",
        )
    }

    /// Regions whose coverage nobody tells.
    fn without(&self) -> Vec<String> {
        let pick = |sv, en| self.language.pick(sv, en);
        let what = pick("Källan omfattar inte allt", "The source does not tell everything");
        let (of, months) = (pick("av", "of"), pick("månader", "months"));
        let in_part = self.regions.by_code.iter().filter(|(_, region)| region.standing() == Standing::InPart);
        let in_part: Vec<String> = in_part
            .map(|(code, region)| {
                format!("{} ({} {of} {} {months})", self.name(code), region.months.1, region.months.0)
            })
            .collect();
        let in_part = (!in_part.is_empty()).then(|| format!("{what}: {}.", in_part.join(", ")));
        let none = pick("Ingen källa utanför registret", "No outside source");
        in_part.into_iter().chain(self.listed(none, &self.regions.standing(Standing::NoSource))).collect()
    }

    fn listed(&self, what: &str, codes: &[&str]) -> Option<String> {
        let names: Vec<&str> = codes.iter().map(|code| self.name(code)).collect();
        (!names.is_empty()).then(|| format!("{what}: {}.", names.join(", ")))
    }

    fn head(&self) -> String {
        let told = self.regions.by_code.values().filter(|region| matches!(region.standing(), Standing::Covered(_)));
        let sources: BTreeSet<&str> = told.flat_map(|region| region.sources.iter().copied()).collect();
        let sources = sources.into_iter().collect::<Vec<_>>().join(", ");
        format!("{} {sources}", self.language.pick("Täckningsgrad enligt", "Coverage by"))
    }

    fn name<'n>(&'n self, code: &'n str) -> &'n str {
        let unknown = self.language.pick("okänd region", "unknown region");
        let other = if code == UNKNOWN { unknown } else { code };
        self.lists.region(code).map_or(other, |region| region.name.as_str())
    }

    /// A share with its counts and Wilson's limits.
    fn share(&self, share: Share) -> String {
        let per_cent = |p: Option<f64>| shown(&Figure::from(p), Unit::Share, self.language);
        let limits = share.limits();
        let (low, high) = (per_cent(limits.map(|(low, _)| low)), per_cent(limits.map(|(_, high)| high)));
        let (of, interval) = (self.language.pick("av", "of"), self.language.pick("95 %-intervall", "95 % interval"));
        format!("{} % ({} {of} {}, {interval} {low}–{high} %)", per_cent(share.p()), share.n, share.d)
    }
}
