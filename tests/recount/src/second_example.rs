//! The maker of the second fixture: invented treatments that show what the worked example cannot.
//!
//! Promises: the same text on every machine; identity numbers are test numbers; the size of each unit and how many of
//! its treatments were completed are chosen so that every flag of a funnel occurs. It must not know how figures are
//! counted.

mod calendar;
mod random;
mod person;
mod scale;
mod course;
mod peculiar;

use std::collections::BTreeMap;

use crate::input::{Input, InputError, instruments_from_csv, populations_from_csv, rows_from_csv};
use crate::second_example::calendar::Day;
use crate::second_example::course::{Given, answers};
use crate::second_example::person::Person;
use crate::second_example::random::Random;
use crate::second_example::scale::PROGRAMMES;
use crate::{Cohort, Period, Report, Selection, recount};

const SEED: u64 = 20_191_020;

const HEADER: [&str; 15] = [
    "treatment_id",
    "person",
    "region",
    "unit",
    "programme",
    "started",
    "ended",
    "status",
    "sex",
    "birth_year",
    "instrument",
    "timepoint",
    "date",
    "score",
    "updated_at",
];

/// Region, number within the region, treatments, completed among them; together about 70 % are completed.
const UNITS: [(&str, u8, usize, usize); 10] = [
    ("01", 1, 45, 44),
    ("01", 2, 40, 38),
    ("12", 1, 45, 39),
    ("12", 2, 40, 32),
    ("14", 1, 50, 35),
    ("14", 2, 40, 27),
    ("18", 1, 45, 24),
    ("18", 2, 40, 24),
    ("24", 1, 45, 19),
    ("24", 2, 40, 18),
];

const REGIONS: [&str; 21] = [
    "01", "03", "04", "05", "06", "07", "08", "09", "10", "12", "13", "14", "17", "18", "19", "20", "21", "22", "23",
    "24", "25",
];

/// Regions without a line for 2018, and for 2020.
const MISSING: [(u32, [&str; 2]); 2] = [(2018, ["09", "12"]), (2020, ["03", "14"])];

/// One treatment before it becomes rows.
struct Case {
    person: Person,
    region: &'static str,
    unit: u8,
    programme: &'static str,
    started: Day,
    ended: Day,
    completed: bool,
    answers: Vec<Given>,
}

/// The programme whose own anxiety measure is not GAD-7.
#[must_use]
pub fn anxiety() -> BTreeMap<String, String> {
    BTreeMap::from([("oro-och-angest".to_owned(), "PSWQ".to_owned())])
}

/// Every file of the fixture by name: the input, and each report for both cohorts by year, which holds the totals
/// over all.
///
/// # Errors
/// When the instruments' constants cannot be read.
pub fn files(instruments: &str) -> Result<BTreeMap<String, String>, InputError> {
    let (treatments, populations) = (treatments(), populations());
    let input = Input {
        rows: rows_from_csv(&treatments)?,
        instruments: instruments_from_csv(instruments)?,
        populations: populations_from_csv(&populations)?,
        anxiety: anxiety(),
    };
    let inputs = [("treatments-long.csv", treatments), ("populations.csv", populations)];
    let mut files: BTreeMap<String, String> = inputs.map(|(name, text)| (name.to_owned(), text)).into();
    for (cohort, name) in [(Cohort::Started, "started"), (Cohort::Ended, "ended")] {
        let reports = recount(&input, Selection { cohort, period: Period::Year })?;
        for report in Report::ALL {
            files.insert(format!("expected-{}-{name}.csv", report.name()), reports.table(report).to_csv());
        }
    }
    Ok(files)
}

/// `treatments-long.csv`: one row a score, a treatment without scores as one row with an empty instrument.
fn treatments() -> String {
    let mut random = Random::new(SEED);
    let mut people = Vec::new();
    let mut cases = Vec::new();
    for (region, unit, size, completed) in UNITS {
        for completed in random.shuffled((0..size).map(|at| at < completed).collect()) {
            let number = cases.len();
            cases.push(ordinary(&mut random, &mut people, number, Case::at(region, unit, completed)));
        }
    }
    cases.extend(peculiar::cases(&mut random, &mut people));
    let lines = cases.iter().enumerate().flat_map(|(at, case)| lines(at + 1, case));
    text(std::iter::once(HEADER.map(str::to_owned).to_vec()).chain(lines))
}

/// `populations.csv`: invented inhabitants of two years, with a year missing here and there.
fn populations() -> String {
    let header = ["region", "year", "sex", "age_from", "age_to", "population"];
    let mut lines = vec![header.map(str::to_owned).to_vec()];
    for (year, missing) in MISSING {
        for (at, region) in (0..).zip(REGIONS).filter(|(_, region)| !missing.contains(region)) {
            let inhabitants = 60_000 + (at * 7_919 + 1) % 17 * 41_039 + (year - 2018) * 613;
            let cells = [region, &year.to_string(), "", "", "", &inhabitants.to_string()];
            lines.push(cells.map(str::to_owned).to_vec());
        }
    }
    text(lines.into_iter())
}

impl Case {
    fn at(region: &'static str, unit: u8, completed: bool) -> Self {
        let epoch = Day::first();
        let person = Person::unknown();
        Self { person, region, unit, programme: "", started: epoch, ended: epoch, completed, answers: Vec::new() }
    }
}

/// Fills in person, programme, dates and answers; every seventh treatment is of a person seen before, in any region.
fn ordinary(random: &mut Random, people: &mut Vec<Person>, number: usize, mut case: Case) -> Case {
    case.person =
        if number % 7 == 6 { people[random.index(people.len())].clone() } else { Person::new(random, people) };
    let (programme, scales) = PROGRAMMES[random.weighted(&[30, 40, 15, 15])];
    case.programme = programme;
    case.started = Day::first().after(random.below(731));
    case.ended = case.started.after(20 + random.below(140));
    if number % 23 != 7 {
        for (scale, chance) in scales {
            if random.below(100) < *chance {
                case.answers.extend(answers(random, scale, number, (case.started, case.ended, case.completed)));
            }
        }
    }
    case
}

fn lines(number: usize, case: &Case) -> Vec<Vec<String>> {
    let status = if case.completed { "completed" } else { "discontinued" };
    let head = [
        format!("S{number:05}"),
        case.person.number.clone(),
        case.region.to_owned(),
        format!("SE9990{0}0000-E{0}{1}", case.region, case.unit),
        case.programme.to_owned(),
        case.started.to_string(),
        case.ended.to_string(),
        status.to_owned(),
        case.person.sex.to_owned(),
        case.person.birth_year.to_string(),
    ];
    if case.answers.is_empty() {
        return vec![[head.as_slice(), &[const { String::new() }; 5]].concat()];
    }
    let answer = |given: &Given| {
        let cells = [
            given.instrument.to_owned(),
            given.timepoint.clone(),
            given.day.to_string(),
            given.score.to_string(),
            given.updated_at.to_owned(),
        ];
        [head.as_slice(), &cells].concat()
    };
    case.answers.iter().map(answer).collect()
}

fn text(lines: impl Iterator<Item = Vec<String>>) -> String {
    lines.map(|cells| cells.join(",") + "\n").collect()
}
