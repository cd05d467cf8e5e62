//! Honest records, invented by the thousand: none may be stopped.

use jiff::ToSpan as _;
use jiff::civil::Date;
use schemas::batch::line;
use schemas::codelist::{CodeLists, ProgrammeKind};
use schemas::id::Version;
use schemas::record::{Measurement, Sex, Status, Treatment};

use super::*;

/// A release build looks at a million.
const RECORDS: u64 = if cfg!(debug_assertions) { 5_000 } else { 1_000_000 };
const BASE64: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

#[test]
fn no_honest_record_is_stopped() {
    let lists = CodeLists::builtin();
    let mut inventor = Inventor { state: 1, lists: &lists };
    for counter in 1..=RECORDS {
        let treatment = canonical::bytes(&inventor.treatment());
        let key = format!("rec1.12.{}", inventor.hash());
        let whole = line(Kind::Treatment, &key, Version { generation: 1, counter }, &treatment);
        assert_eq!(content(Kind::Treatment, &treatment), Ok(()), "{}", String::from_utf8_lossy(&treatment));
        let whole = [b"{}\n", whole.as_slice()].concat();
        assert_eq!(batch(&whole), Ok(()), "{}", String::from_utf8_lossy(&whole));
    }
}

#[test]
fn no_honest_unit_is_stopped() {
    let lists = CodeLists::builtin();
    let mut inventor = Inventor { state: 2, lists: &lists };
    for number in 0..RECORDS / 10 {
        let described: Unit = serde_json::from_value(json!({
            "name": format!("Vårdcentralen Norra {}, hus {} plan {}", number % 100, inventor.below(20), inventor.below(9)),
            "municipality": "Göteborg",
            "county": "12",
            "care_provider_id": inventor.hsa_id(),
            "valid_from": inventor.day().to_string(),
        }))
        .unwrap();
        assert_eq!(unit(&inventor.hsa_id().parse().unwrap(), &described), Ok(()), "{described:?}");
    }
}

/// Invents records from a state that alone decides which.
struct Inventor<'a> {
    state: u64,
    lists: &'a CodeLists,
}

impl Inventor<'_> {
    /// A number below a bound (xorshift).
    fn below(&mut self, bound: u64) -> u64 {
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        self.state % bound
    }

    fn one<T: Copy>(&mut self, of: &[T]) -> T {
        of[usize::try_from(self.below(of.len() as u64)).unwrap()]
    }

    fn hash(&mut self) -> String {
        (0..43).map(|_| char::from(self.one(BASE64))).collect()
    }

    fn day(&mut self) -> Date {
        Date::constant(2014, 1, 1).checked_add(i64::try_from(self.below(4_000)).unwrap().days()).unwrap()
    }

    /// The organisation numbers of regions, state authorities, companies and associations, and ids as HSA gives them out.
    fn hsa_id(&mut self) -> String {
        let begin = self.one(&["232100", "212000", "202100", "222000", "556677", "559123", "802409", "969600"]);
        let own = self.below(1_000_000_000);
        match self.below(4) {
            0 => format!("SE{begin}{:04}-E{own:012}", own % 10_000),
            1 => format!("SE{begin}{:04}-P{own:012}", own % 10_000),
            2 => format!("SE{begin}{:04}-{:03}G", own % 10_000, own % 1_000),
            _ => format!("SE{begin}{:04}-{}", own % 10_000, own % 100_000_000),
        }
    }

    fn treatment(&mut self) -> Treatment {
        let treatments = self.lists.programmes().filter(|programme| programme.kind == ProgrammeKind::Treatment);
        let programmes: Vec<&str> = treatments.map(|programme| programme.code.as_str()).collect();
        let started_on = self.day();
        let whole = |number: u64| u32::try_from(number).ok();
        Treatment {
            pseudonym: format!("psn1.r12-g1.{}", self.hash()).parse().unwrap(),
            programme: self.one(&programmes).into(),
            programme_version: Some(format!("{}.{}", self.below(9), self.below(99))),
            unit: self.hsa_id(),
            unit_end: Some(self.hsa_id()),
            status: Status::Completed,
            end_reason: Some("agreed_completion".into()),
            referred_on: Some(self.day()),
            assessed_on: None,
            started_on,
            ended_on: self.day(),
            sex: Some(Sex::F),
            birth_year: Some(1980),
            diagnoses: vec![format!("F{:02}.{}", self.below(100), self.below(10)), "F43.8A".into()],
            modules_total: whole(self.below(20)),
            modules_completed: whole(self.below(20)),
            therapist_minutes: whole(self.below(100_000)),
            messages: whole(self.below(1_000)),
            sick_leave_before: Some(50),
            sick_leave_after: None,
            measurements: (0..13).map(|week| self.answer(week, started_on)).collect(),
        }
    }

    /// An answer, every third with a mean of many digits as its score.
    fn answer(&mut self, week: u64, started_on: Date) -> Measurement {
        let timepoint = if week == 0 { "pre".into() } else { format!("weekly-{week}") };
        let score = self.below(1_000) as f64 / if week.is_multiple_of(3) { 11.0 } else { 1.0 };
        Measurement {
            instrument: self.one(&["PHQ-9", "GAD-7", "HSCL-11", "EDE-Q"]).into(),
            timepoint: timepoint.parse().unwrap(),
            answered_on: started_on,
            score,
        }
    }
}
