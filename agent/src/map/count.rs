//! One row of `activity`: what a source counts itself.
//!
//! Promises: a row that cannot be used costs itself and nothing else; support programmes are left out, as their treatments are.

use schemas::codelist::ProgrammeKind;
use schemas::record::{Activity, UNKNOWN};
use schemas::rule::{Finding, Rule, check_activity};

use super::{Context, Words, value};
use crate::source::SourceRow;

/// Reads one row of `activity`; nothing of a support programme.
///
/// # Errors
/// What is wrong with the row, which is then left out.
pub fn map_count(
    row: &SourceRow<'_>,
    words: &mut Words<'_>,
    context: &Context<'_>,
) -> Result<Option<Activity>, Vec<Finding>> {
    if let Some(rule) = row.fault() {
        return Err(vec![Finding::new(rule, "row")]);
    }
    let programme = row.get("programme").and_then(|word| words.programme(word)).map(|found| found.code.clone());
    let kind = programme.as_deref().and_then(|code| context.lists.programme(code)).map(|programme| programme.kind);
    if kind == Some(ProgrammeKind::Support) {
        return Ok(None);
    }
    let mut findings = Vec::new();
    let sex = row.get("sex").map(|word| words.sex(word));
    if sex == Some(None) {
        findings.push(Finding::new(Rule::CountGroup, "sex"));
    }
    let mut count = |field| {
        let read = row.get(field).and_then(value::whole);
        if read.is_none() {
            findings.push(Finding::new(Rule::CountNotWhole, field));
        }
        read.map_or(0, u64::from)
    };
    let [started, ended, ongoing] = ["started", "ended", "ongoing"].map(&mut count);
    let activity = Activity {
        month: row.get("month").unwrap_or_default().to_owned(),
        unit: row.get("unit_id").map_or_else(String::new, |word| words.unit(word).to_owned()),
        programme: programme.unwrap_or_else(|| UNKNOWN.to_owned()),
        sex: sex.flatten(),
        age_group: row.get("age_group").map(str::to_owned),
        started,
        ended,
        ongoing,
    };
    findings.extend(check_activity(&activity, &context.rules()));
    if findings.is_empty() { Ok(Some(activity)) } else { Err(findings) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::ACTIVITY;
    use crate::tests::Mapping;

    fn read(altered: (&str, &str)) -> Result<Option<Activity>, Vec<Rule>> {
        let good = [
            ("month", "2024-04"),
            ("unit_id", "SE9990120000-E001"),
            ("programme", "Depressionshjälpen"),
            ("started", "3"),
            ("ended", "2,0"),
            ("ongoing", "0"),
            ("sex", "kvinna"),
            ("age_group", "25-34"),
        ];
        let cells: Vec<(&str, &str)> =
            good.into_iter().map(|cell| if cell.0 == altered.0 { altered } else { cell }).collect();
        let mapping = Mapping::default();
        map_count(&SourceRow::of(&ACTIVITY, &cells), &mut mapping.words(), &mapping.context())
            .map_err(|findings| findings.iter().map(|finding| finding.rule).collect())
    }

    #[test]
    fn a_count_is_read_with_the_regions_own_words_and_a_bad_one_is_told_by_its_rule() {
        let good = read(("", "")).unwrap().unwrap();
        assert_eq!(good.key(), "2024-04|SE9990120000-E001|depressionshjalpen|F|25-34");
        assert_eq!((good.started, good.ended, good.ongoing), (3, 2, 0));
        assert_eq!(read(("sex", "")).unwrap().unwrap().sex, None);
        for (altered, rule) in [
            (("month", "april"), Rule::MonthForm),
            (("unit_id", "VC Norr"), Rule::UnitForm),
            (("programme", "Lugna stunden"), Rule::ProgrammeUnknown),
            (("started", "-1"), Rule::CountNotWhole),
            (("ongoing", ""), Rule::CountNotWhole),
            (("sex", "okänt"), Rule::CountGroup),
            (("age_group", "25-43"), Rule::CountGroup),
        ] {
            assert_eq!(read(altered), Err(vec![rule]), "{altered:?}");
        }
        assert_eq!(read(("programme", "Digital SIP")), Ok(None));
    }
}
