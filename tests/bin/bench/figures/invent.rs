//! Invented treatments of 21 regions: as deliveries for a register, and as plain tables for a peer.
//!
//! Promises: everything follows from a treatment's number; five treatments have 63 scores; nobody of them exists.

use std::io::{BufWriter, Write as _};
use std::path::Path;

use jiff::ToSpan as _;
use jiff::civil::{Date, date};
use schemas::canonical;
use schemas::record::{Measurement, Status, Timepoint, Treatment};
use serde_json::json;

use super::Means;

/// The regions' codes.
pub(super) static SENDERS: [&str; 21] = [
    "01", "03", "04", "05", "06", "07", "08", "09", "10", "12", "13", "14", "17", "18", "19", "20", "21", "22", "23",
    "24", "25",
];
const PROGRAMMES: [&str; 6] =
    ["depressionshjalpen", "oroshjalpen", "stresshjalpen", "angesthjalpen", "sovhjalpen", "social-fobi"];
/// Six years of treatments.
const DAYS: u64 = 2_190;
/// Where no other day is asked for, the first of them.
pub(super) const FIRST: Date = date(2019, 1, 1);

/// Numbers that look drawn.
struct Draw(u64);

impl Draw {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % limit
    }
}

/// A treatment, and whose it is.
pub(crate) struct Invented {
    /// The region's code.
    pub(crate) sender: &'static str,
    /// The unit's HSA-id.
    pub(super) unit: String,
    /// Its number.
    pub(crate) number: u32,
    started_on: Date,
    ended_on: Date,
    programme: &'static str,
    completed: bool,
    sex: Option<&'static str>,
    birth_year: i16,
    answers: Vec<(&'static str, Timepoint, Date, u32)>,
}

impl Invented {
    /// The treatment of a number.
    pub(super) fn of(number: u32) -> Self {
        Self::since(FIRST, number)
    }

    /// The treatment of a number among those of the six years from a day on.
    pub(crate) fn since(first: Date, number: u32) -> Self {
        let mut draw = Draw(u64::from(number) << 20);
        let place = |below: u64| usize::try_from(below).unwrap_or_default();
        let sender = SENDERS[place(draw.below(21))];
        let started_on = first.saturating_add(i64::try_from(draw.below(DAYS)).unwrap_or_default().days());
        let ended_on = started_on.saturating_add(70.days());
        let mut answers = Vec::new();
        let mut before = 8 + draw.below(18);
        let mut answer = |timepoint, days: i64, draw: &mut Draw| {
            before = (before + draw.below(5)).saturating_sub(3).min(27);
            let score = u32::try_from(before).unwrap_or_default();
            answers.push(("PHQ-9", timepoint, started_on.saturating_add(days.days()), score));
        };
        answer(Timepoint::Pre, 0, &mut draw);
        for week in 1..=7 {
            answer(Timepoint::Weekly(week), i64::from(week) * 7, &mut draw);
        }
        if draw.below(10) > 0 {
            answer(Timepoint::Post, 70, &mut draw);
        } else {
            answer(Timepoint::Weekly(9), 63, &mut draw);
        }
        for (instrument, most) in
            [("GAD-7", 22), ("ISI", 29)].into_iter().take(if number.is_multiple_of(5) { 1 } else { 2 })
        {
            for (timepoint, days) in [(Timepoint::Pre, 0), (Timepoint::Post, 70)] {
                let score = u32::try_from(draw.below(most)).unwrap_or_default();
                answers.push((instrument, timepoint, started_on.saturating_add(i64::from(days).days()), score));
            }
        }
        Self {
            sender,
            unit: format!("SE99901200{sender}-E{:03}", draw.below(6)),
            number,
            started_on,
            ended_on,
            programme: PROGRAMMES[place(draw.below(6))],
            completed: draw.below(4) > 0,
            sex: [Some("F"), Some("F"), Some("M")][place(draw.below(3))],
            birth_year: 1940 + i16::try_from(draw.below(65)).unwrap_or_default(),
            answers,
        }
    }

    /// The treatment as it travels.
    pub(super) fn treatment(&self) -> anyhow::Result<Treatment> {
        let mut treatment: Treatment = serde_json::from_value(json!({
            "pseudonym": format!("psn1.r{}-g1.{}", self.sender, "a".repeat(43)), "programme": self.programme, "unit": self.unit,
            "status": "discontinued", "started_on": self.started_on, "ended_on": self.ended_on, "sex": self.sex,
            "birth_year": self.birth_year, "diagnoses": ["F32.1"], "measurements": [],
        }))?;
        if self.completed {
            treatment.status = Status::Completed;
        }
        treatment.measurements = self.answers.iter().map(measurement).collect();
        // As a batch must have them.
        treatment
            .measurements
            .sort_by(|one, other| (&one.instrument, one.timepoint).cmp(&(&other.instrument, other.timepoint)));
        Ok(treatment)
    }

    /// The same of a person whom no other treatment is of.
    pub(crate) fn treatment_of_its_own(&self) -> anyhow::Result<Treatment> {
        // The last letter of 32 bytes has two bits that are 0.
        let person = format!("psn1.r{}-g1.{}0", self.sender, &self.digest()[..42]);
        Ok(Treatment { pseudonym: person.parse()?, ..self.treatment()? })
    }

    /// The record's key.
    pub(crate) fn key(&self) -> String {
        format!("rec1.{}.{}", self.sender, &self.digest()[..43])
    }

    fn digest(&self) -> String {
        canonical::sha256_hex(&self.number.to_be_bytes())
    }
}

fn measurement((instrument, timepoint, answered_on, score): &(&str, Timepoint, Date, u32)) -> Measurement {
    Measurement {
        instrument: (*instrument).to_owned(),
        timepoint: *timepoint,
        answered_on: *answered_on,
        score: f64::from(*score),
    }
}

/// Writes the tables of a size: `treatments.csv` and `measurements.csv`.
pub(super) fn write(folder: &Path, size: u32) -> anyhow::Result<()> {
    let file = |name: &str| Ok::<_, std::io::Error>(BufWriter::new(std::fs::File::create(folder.join(name))?));
    let (mut treatments, mut measurements) = (file("treatments.csv")?, file("measurements.csv")?);
    for number in 0..size {
        let one = Invented::of(number);
        let Invented { sender, unit, started_on, ended_on, programme, sex, birth_year, .. } = &one;
        let sex = sex.unwrap_or("");
        writeln!(treatments, "{number},{sender},{unit},{programme},{started_on},{ended_on},{sex},{birth_year}")?;
        for (instrument, timepoint, on, score) in &one.answers {
            writeln!(measurements, "{number},{instrument},{timepoint},{on},{score}")?;
        }
    }
    treatments.flush()?;
    measurements.flush().map_err(Into::into)
}

/// Whether two answers have the same groups, the same numbers of pairs and, to 1e-9, the same means.
pub(super) fn close(one: &Means, other: &Means) -> bool {
    let near = |a: &(u64, f64), b: &(u64, f64)| a.0 == b.0 && (a.1 - b.1).abs() < 1e-9;
    !one.is_empty()
        && one.len() == other.len()
        && one.iter().all(|(group, mean)| other.get(group).is_some_and(|found| near(mean, found)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_mean_or_group_is_not_close() {
        let group = |name: &str| vec![name.to_owned()];
        let means = |mean: f64| Means::from([(group("01"), (3, mean)), (group("12"), (2, 1.0))]);
        assert!(close(&means(0.5), &means(0.5)));
        assert!(!close(&means(0.5), &means(0.500_001)));
        assert!(!close(&means(0.5), &Means::from([(group("01"), (3, 0.5))])));
        assert!(!close(&Means::new(), &Means::new()));
    }

    #[test]
    fn five_treatments_have_63_scores() {
        assert_eq!((0..5).map(|number| Invented::of(number).answers.len()).sum::<usize>(), 63);
    }
}
