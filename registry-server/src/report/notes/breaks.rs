//! Breaks in series that a report reaches over.
//!
//! Promises: a break is named where days before it and days from it on can both stand in the report, and only there.

use jiff::civil::Date;

use crate::aggregate::period::Period;
use crate::aggregate::plan::Plan;
use crate::fact::SeriesBreak;
use crate::report::Text;

/// A sentence for each break inside the selection of a plan.
pub(super) fn breaks(recorded: &[SeriesBreak], plan: &Plan) -> Vec<Text> {
    let reached = |day: Date| plan.from.is_none_or(|from| from < day) && plan.to.is_none_or(|to| day <= to);
    let in_window = |day: Date| match plan.period {
        Period::Rolling { .. } => {
            plan.period.ordinal(day).is_some() && day.yesterday().is_ok_and(|day| plan.period.ordinal(day).is_some())
        }
        Period::All | Period::Calendar(_) => true,
    };
    recorded.iter().filter(|one| reached(one.on) && in_window(one.on)).map(sentence).collect()
}

fn sentence(one: &SeriesBreak) -> Text {
    let SeriesBreak { number, region, unit, programme, on, note } = one;
    let place = |words: [&str; 3]| -> String {
        let named = words.iter().zip([region, unit, programme]);
        named.filter_map(|(word, code)| Some(format!(", {word} {}", code.as_ref()?))).collect()
    };
    let (sv, en) = (place(["region", "enhet", "program"]), place(["region", "unit", "programme"]));
    Text::made(
        format!("Brott i serien nr {number} från {on}{sv}: {note}"),
        format!("Break in series no. {number} from {on}{en}: {note}"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::Parameters;
    use schemas::language::Language;

    fn named(choice: &[(&str, &str)]) -> Vec<String> {
        let plan = Parameters::from_pairs(choice.iter().copied()).unwrap().plan("2025-09-30".parse().unwrap());
        let one = |number, on: &str, region: Option<&str>| SeriesBreak {
            number,
            region: region.map(str::to_owned),
            unit: None,
            programme: region.map(|_| "oroshjalpen".to_owned()),
            on: on.parse().unwrap(),
            note: "From started to completed.".to_owned(),
        };
        let recorded = [one(1, "2024-03-01", Some("12")), one(2, "2025-03-01", None)];
        breaks(&recorded, &plan).iter().map(|text| text.pick(Language::En).to_owned()).collect()
    }

    #[test]
    fn a_break_is_named_where_the_selection_reaches_over_it() {
        let both = named(&[]);
        assert_eq!(both.len(), 2);
        assert_eq!(
            both[0],
            "Break in series no. 1 from 2024-03-01, region 12, programme oroshjalpen: From started to completed."
        );
        assert_eq!(named(&[("from", "2024-02-29"), ("to", "2024-12-31")]), both[..1]);
        assert_eq!(named(&[("period", "rolling12")]), both[1..]);
    }

    #[test]
    fn a_break_before_after_or_at_the_first_day_divides_nothing() {
        assert_eq!(named(&[("from", "2025-03-01")]), [""; 0]);
        assert_eq!(named(&[("to", "2024-02-29")]), [""; 0]);
        assert_eq!(named(&[("from", "2024-03-01"), ("to", "2025-02-28")]), [""; 0]);
    }
}
