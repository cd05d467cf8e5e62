//! The worked examples of the definitions as records: what a sender would have to deliver, and where the figures then stand.

use schemas::codelist::Population;
use schemas::record::{Run, Treatment};
use serde_json::{Value, json};

use super::super::deliveries::{alias, arrival, key, treatment};
use crate::fact::Denominator;
use crate::store::Arrival;

/// The unit of the examples.
pub(super) const UNIT: &str = "SE9990120000-E001";

/// Row and column of a figure.
type Cell = (Vec<String>, &'static str);

/// What is given in an example, and where what it comes to stands.
pub(super) struct Shown {
    pub(super) treatments: Vec<Treatment>,
    pub(super) runs: Vec<Run>,
    pub(super) outside: Vec<Denominator>,
    pub(super) inhabitants: Vec<Population>,
    /// The report that publishes the figure.
    pub(super) report: &'static str,
    pub(super) options: Vec<(&'static str, String)>,
    /// A cell for each figure of the example; nothing for one that takes more treatments than a test can deliver.
    pub(super) cells: Vec<Option<Cell>>,
}

impl Shown {
    /// Nothing yet, of a report by region over two years.
    pub(super) fn of(report: &'static str, year: i16) -> Self {
        let days = [("from", format!("{year}-01-01")), ("to", format!("{}-12-31", year + 1))];
        Self {
            treatments: Vec::new(),
            runs: Vec::new(),
            outside: Vec::new(),
            inhabitants: Vec::new(),
            report,
            options: days.into_iter().chain([("by", "region".to_owned())]).collect(),
            cells: Vec::new(),
        }
    }

    fn treated(self, treatments: impl IntoIterator<Item = Treatment>) -> Self {
        Self { treatments: treatments.into_iter().collect(), ..self }
    }

    /// One row holds these columns.
    fn in_row(mut self, key: &[&str], columns: &[&'static str]) -> Self {
        self.cells.extend(columns.iter().map(|column| Some((key.iter().map(ToString::to_string).collect(), *column))));
        self
    }

    fn by_period(mut self, period: &str) -> Self {
        self.options.push(("period", period.to_owned()));
        self
    }
}

/// The example of a figure, in its years.
pub(super) fn shown(name: &str, year: i16) -> Shown {
    let outcomes =
        |columns: &[&'static str]| Shown::of("outcomes", year).in_row(&["ALL", "12", "PHQ-9", "paired"], columns);
    match name {
        "_p, _lo, _hi" => Shown::of("groups", year)
            .treated(ended(year, 10, 9))
            .in_row(&["ALL", "12"], &["completed_p", "completed_lo", "completed_hi"]),
        "rate_per_1000" => rate(year),
        "mean_change" => outcomes(&["mean_change", "sd_change"]).treated(four_changes(year)),
        "ci_lo, ci_hi" => outcomes(&["ci_lo", "ci_hi"]).treated(four_changes(year)),
        "d_pre" => outcomes(&["d_pre"]).treated(ten_pairs(year)),
        "d_pooled" => outcomes(&["d_pooled"]).treated(ten_pairs(year)),
        "d_z" => outcomes(&["d_z"]).treated(ten_pairs(year)),
        "hedges_g" => outcomes(&["hedges_g"]).treated(ten_pairs(year)),
        "hedges_g_exact" => outcomes(&["hedges_g_exact"]).treated(ten_pairs(year)),
        "composite" => {
            Shown::of("composite", year).treated([paired(year, &[("PHQ-9", 15.0, 9.0), ("GAD-7", 12.0, 7.0)])]).in_row(
                &["ALL", "12", "paired", "PHQ-9+GAD-7"],
                &["case_pre_n", "recovery_n", "rel_improved_n", "rel_recovery_n"],
            )
        }
        "lo95, hi95, lo998, hi998" => Shown::of("funnel", year)
            .treated(ended(year, 100, 50))
            .in_row(&["ALL", "region", "", "completed", "12"], &["lo95", "hi998"]),
        "exact_lo95, exact_hi95, exact_lo998, exact_hi998" => {
            Shown::of("funnel", year).treated(ended(year, 20, 10)).in_row(
                &["ALL", "region", "", "completed", "12"],
                &["exact_lo95", "exact_hi95", "exact_lo998", "exact_hi998"],
            )
        }
        "change_previous, change_base, change_n, change_rate" => growth(year),
        "wait_median, wait_p90, within_" => waiting(year),
        "sick_" => sick_leave(year),
        "coverage_" => coverage(year),
        "transfer_" => transfer(year),
        "p10 to p90, n_points, n_few" => deciles(year),
        // Counted by several senders; the report's own worked example and the recount deliver those.
        "n_compared, n_duplicates" => Shown { cells: vec![None, None, None], ..Shown::of("duplicates", year) },
        "valid_, other_, default_, invalid_, missing_" => completeness(year),
        "referral_known, assessment_known, after, followed" => flow(year),
        "mean_score, sd_score, score_lo, score_hi" => Shown::of("trajectory", year)
            .treated([10.0, 12.0, 12.0, 18.0].map(|first| paired(year, &[("PHQ-9", first, 9.0)])))
            .in_row(&["ALL", "12", "PHQ-9", "pre"], &["mean_score", "sd_score", "score_lo", "score_hi"]),
        other => panic!("the worked example of {other} does not stand here as records"),
    }
}

/// A completed treatment of January to March, with some fields otherwise.
fn with(year: i16, fields: &Value) -> Treatment {
    let mut content = json!({
        "pseudonym": format!("psn1.r12-g1.{}", "a".repeat(43)), "programme": "depressionshjalpen", "unit": UNIT,
        "status": "completed", "started_on": format!("{year}-01-10"), "ended_on": format!("{year}-03-20"), "measurements": [],
    });
    for (name, value) in fields.as_object().unwrap() {
        content[name] = value.clone();
    }
    serde_json::from_value(content).unwrap()
}

/// A record of a treatment that no other example has.
pub(super) fn treatment_of((example, place): (usize, usize), content: Treatment) -> Arrival {
    let name = format!("{example} {place}");
    arrival(key("12", &name), 1, treatment(content, alias("12", &name)))
}

/// Pre and post of instruments.
pub(super) fn paired(year: i16, scores: &[(&str, f64, f64)]) -> Treatment {
    let answers = scores.iter().flat_map(|(instrument, first, second)| {
        [("pre", first, "01-10"), ("post", second, "03-20")].map(|(timepoint, score, day)| {
            json!({ "instrument": instrument, "timepoint": timepoint, "answered_on": format!("{year}-{day}"), "score": score })
        })
    });
    with(year, &json!({ "measurements": answers.collect::<Vec<_>>() }))
}

/// So many, of which some were completed.
fn ended(year: i16, all: usize, completed: usize) -> Vec<Treatment> {
    let status = |place| if place < completed { "completed" } else { "discontinued" };
    (0..all).map(|place| with(year, &json!({ "status": status(place) }))).collect()
}

fn four_changes(year: i16) -> Vec<Treatment> {
    [(20.0, 14.0), (18.0, 14.0), (16.0, 12.0), (10.0, 12.0)]
        .map(|(first, second)| paired(year, &[("PHQ-9", first, second)]))
        .to_vec()
}

/// First scores of mean 15 and SD 4, second ones of mean 9 and SD 3, which have nothing to do with each other: the change has SD 5.
fn ten_pairs(year: i16) -> Vec<Treatment> {
    let apart = [(6.0, 4.5), (6.0, -4.5), (-6.0, 4.5), (-6.0, -4.5)];
    let all = apart.into_iter().chain([(0.0, 0.0); 6]);
    all.map(|(first, second)| paired(year, &[("PHQ-9", 15.0 + first, 9.0 + second)])).collect()
}

fn rate(year: i16) -> Shown {
    let lived = Population {
        region: "12".into(),
        year,
        sex: None,
        age_from: None,
        age_to: None,
        population: 2000,
        valid_from: None,
        valid_to: None,
        successor: None,
    };
    let shown = Shown::of("groups", year).treated(ended(year, 5, 5)).by_period("year");
    Shown { inhabitants: vec![lived], ..shown }
        .in_row(&[&year.to_string(), "12"], &["rate_per_1000", "rate_lo", "rate_hi"])
}

fn growth(year: i16) -> Shown {
    let mut shown = Shown::of("growth", year).treated([ended(year, 8, 8), ended(year + 1, 6, 6)].concat());
    shown.cells.push(None);
    shown.in_row(&["ALL", "12"], &["change_base"])
}

fn waiting(year: i16) -> Shown {
    let start: jiff::civil::Date = format!("{year}-01-10").parse().unwrap();
    let waited = [Some(0), Some(30), Some(31), Some(127), Some(-1), None].map(|days: Option<i64>| {
        let referred = days.map(|days| (start - jiff::Span::new().days(days)).to_string());
        with(year, &json!({ "referred_on": referred }))
    });
    Shown::of("waiting", year).treated(waited).in_row(&["ALL", "12"], &["wait_median", "wait_p90", "within_30_p"])
}

/// Three of four with a referral, two assessed, three completed, of whom two answered after and one at a follow-up.
fn flow(year: i16) -> Shown {
    let answer = |timepoint: &str, day: &str| json!({ "instrument": "PHQ-9", "timepoint": timepoint, "answered_on": format!("{year}-{day}"), "score": 9.0 });
    let (post, later) = (answer("post", "03-20"), answer("followup-6m", "09-20"));
    let day = format!("{year}-01-02");
    let treatments = [
        json!({ "referred_on": day, "assessed_on": day, "measurements": [post, later] }),
        json!({ "referred_on": day, "assessed_on": day, "measurements": [post] }),
        json!({ "referred_on": day }),
        json!({ "status": "discontinued", "measurements": [post] }),
    ];
    Shown::of("flow", year)
        .treated(treatments.map(|fields| with(year, &fields)))
        .in_row(&["ALL", "12", "PHQ-9"], &["referral_known_p", "assessment_known_p", "after_p", "followed_p"])
}

/// Ten units, of whose ten treatments one, two ... ten were completed.
fn deciles(year: i16) -> Shown {
    let status = |number, unit| if number <= unit { "completed" } else { "discontinued" };
    let treatments = (0..10).flat_map(|unit| (0..10).map(move |number| (unit, number))).map(|(unit, number)| {
        let unit_id = format!("SE9990120000-D{unit:03}");
        with(year, &json!({ "unit": unit_id, "status": status(number, unit) }))
    });
    let key = ["ALL", "unit", "", "completed"];
    Shown::of("deciles", year).treated(treatments).in_row(&key, &["p10", "p50", "p90"])
}

fn sick_leave(year: i16) -> Shown {
    let extents = [(100, 50), (50, 0), (0, 0), (0, 25)]
        .map(|(before, after)| with(year, &json!({ "sick_leave_before": before, "sick_leave_after": after })));
    Shown::of("sick-leave", year)
        .treated(extents)
        .in_row(&["ALL", "12"], &["sick_before_mean", "sick_change_mean", "sick_less_p", "sick_back_to_zero_p"])
}

/// Three of four in March, and three of two in April.
fn coverage(year: i16) -> Shown {
    let april = || with(year, &json!({ "ended_on": format!("{year}-04-20") }));
    let all = ended(year, 3, 3).into_iter().chain((0..3).map(|_| april()));
    let outside = [("03", 4), ("04", 2)].map(|(month, ended)| Denominator {
        region: "12".into(),
        unit: None,
        programme: None,
        month: format!("{year}-{month}"),
        ended,
        source: "SoB".into(),
        date: format!("{}-01-15", year + 1).parse().unwrap(),
    });
    let shown = Shown::of("coverage", year).treated(all).by_period("month");
    Shown { outside: outside.to_vec(), ..shown }
        .in_row(&[&format!("{year}-03"), "12"], &["coverage_p", "coverage_lo", "coverage_hi"])
        .in_row(&[&format!("{year}-04"), "12"], &["coverage_p"])
}

/// An accounting line of March.
fn line(year: i16, terms: &Value) -> Run {
    let mut line = json!({
        "cycle": 1, "reading": "full", "counted": "treatments", "month": format!("{year}-03"), "unit": UNIT,
        "programme": "depressionshjalpen", "unchanged": 0, "rejected": 0, "held": 0, "excluded": 0, "pending": 0, "reasons": [],
    });
    for (name, value) in terms.as_object().unwrap() {
        line[name] = value.clone();
    }
    serde_json::from_value(line).unwrap()
}

fn reasons(term: &str, rules: &[(&str, u64)]) -> Vec<Value> {
    rules.iter().map(|(rule, n)| json!({ "term": term, "rule": rule, "n": n })).collect()
}

fn transfer(year: i16) -> Shown {
    let left_out = reasons("excluded", &[("test-patient", 4), ("status-ongoing", 5), ("programme-support", 1)]);
    let run = line(year, &json!({ "found": 18, "accepted": 8, "excluded": 10, "reasons": left_out }));
    let shown = Shown::of("coverage", year).treated(ended(year, 6, 6));
    Shown { runs: vec![run], ..shown }.in_row(&["ALL", "12"], &["own_eligible", "transfer_p"])
}

fn completeness(year: i16) -> Shown {
    let why = |place| match place {
        0 => json!("other"),
        1 | 2 => Value::Null,
        _ => json!("agreed_completion"),
    };
    let held = reasons("held", &[("unit-form", 4), ("unit-missing", 1)]);
    let run = line(year, &json!({ "found": 15, "accepted": 10, "held": 5, "reasons": held }));
    let treatments = (0..10).map(|place| with(year, &json!({ "end_reason": why(place) })));
    let shown = Shown::of("data-quality", year).treated(treatments);
    Shown { runs: vec![run], ..shown }
        .in_row(&["ALL", "field", "12", "end_reason"], &["valid_p", "other_p", "missing_p"])
        .in_row(&["ALL", "field", "12", "unit_id"], &["valid_p", "invalid_p", "missing_p"])
}
