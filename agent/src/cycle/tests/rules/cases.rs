//! The cases, in the order of the rules.

use jiff::civil::date;
use schemas::codelist::CodeLists;
use schemas::record::{Activity, Measurement, Treatment};
use schemas::rule::{self, Rule};
use serde_json::json;

use super::{Case, Row, Source, Tables};
use crate::tests::{born, person};

pub(super) fn all() -> Vec<Case> {
    [identity(), treatment(), of_the_list(), excluded(), optional(), answers(), around(), records()]
        .into_iter()
        .flatten()
        .collect()
}

fn row(columns: &[(&'static str, &str)]) -> Row {
    columns.iter().map(|(name, value)| (*name, (*value).to_owned())).collect()
}

/// Treatments of one region.
fn treatments(rows: &[&[(&'static str, &str)]]) -> Tables {
    Tables { treatments: rows.iter().map(|columns| row(columns)).collect(), ..Tables::default() }
}

/// Broken by one value of a treatment's column, just kept by another; an empty text is no value.
fn column(rule: Rule, name: &'static str, breaks: &str, keeps: &str) -> Case {
    let of = |value: &str| Source::Tables(treatments(&[&[(name, value)]]));
    Case { rule, breaks: of(breaks), keeps: of(keeps) }
}

/// The same for an answer.
fn answer(rule: Rule, name: &'static str, breaks: &str, keeps: &str) -> Case {
    let of = |value: &str| Source::Tables(Tables { answers: vec![row(&[(name, value)])], ..treatments(&[&[]]) });
    Case { rule, breaks: of(breaks), keeps: of(keeps) }
}

/// The same for a unit.
fn unit(rule: Rule, name: &'static str, breaks: &str, keeps: &str) -> Case {
    let of = |value: &str| {
        let good = [("unit_id", "SE9990120000-E001"), ("name", "Norra"), ("care_level", "primary"), ("county", "12")];
        let columns: Vec<_> = good.into_iter().filter(|(other, _)| *other != name).chain([(name, value)]).collect();
        Source::Tables(Tables { units: vec![row(&columns)], ..treatments(&[&[]]) })
    };
    Case { rule, breaks: of(breaks), keeps: of(keeps) }
}

fn tables(rule: Rule, breaks: Tables, keeps: Tables) -> Case {
    Case { rule, breaks: Source::Tables(breaks), keeps: Source::Tables(keeps) }
}

fn identity() -> Vec<Case> {
    let bearer = person(4);
    let mistyped = format!("{}{}", &bearer[..11], (bearer.as_bytes()[11] - b'0' + 1) % 10);
    let young = &born("010203", 7)[2..];
    let reserve = ("person_id", "991981000010");
    let refusing = |person: &[(&'static str, &str)]| Tables {
        config: vec![("allow_test_identities = true", "")],
        ..treatments(&[person])
    };
    vec![
        column(Rule::IdentityMissing, "person_id", "", &bearer[2..]),
        column(Rule::IdentityInvalid, "person_id", &mistyped, &bearer),
        column(Rule::IdentityLostZeros, "person_id", &young[1..], young),
        column(Rule::IdentitySpreadsheet, "person_id", &format!("{bearer}.0"), &bearer),
        tables(Rule::IdentityTest, refusing(&[]), refusing(&[("person_id", "A1"), ("person_id_system", "local:x")])),
        tables(
            Rule::IdentityReserve,
            treatments(&[&[reserve]]),
            treatments(&[&[reserve, ("person_id_system", "local:stockholm")]]),
        ),
        column(Rule::IdentitySystem, "person_id_system", "sap", "pnr"),
        column(Rule::IdentityBirthYear, "birth_year", "1981", "1980"),
    ]
}

fn treatment() -> Vec<Case> {
    let of_sender = |code: &'static str, key: &'static str| Tables {
        config: vec![("region = \"12\"", code), ("r12-g1", key)],
        ..treatments(&[&[]])
    };
    let other = person(5);
    let described = [("unit_id", "SE9990120000-E001"), ("name", "N"), ("county", "13")];
    vec![
        column(Rule::TreatmentIdMissing, "treatment_id", "", "0"),
        tables(Rule::TreatmentIdShared, treatments(&[&[], &[("person_id", &other)]]), treatments(&[&[], &[]])),
        tables(Rule::SenderUnknown, of_sender("region = \"99\"", "r99-g1"), of_sender("region = \"13\"", "r13-g1")),
        column(Rule::UnitMissing, "unit_id", "", "SE9990120000-1"),
        column(Rule::UnitForm, "unit_id", "SE999012000-E001", "SE9990120000-E"),
        tables(
            Rule::UnitUndescribed,
            of_sender("region = \"P01\"", "rP01-g1"),
            Tables { units: vec![row(&described)], ..of_sender("region = \"P01\"", "rP01-g1") },
        ),
        column(Rule::StatusMissing, "status", "", "discontinued"),
        column(Rule::StatusUnknown, "status", "klar", " Completed"),
        column(Rule::FlagUnreadable, "protected_identity", "kanske", "nej"),
        column(Rule::DateMissing, "ended_on", "", "2024-03-20"),
        column(Rule::DateInvalid, "started_on", "2023-02-29", "2024-02-29"),
        column(Rule::DatesReversed, "ended_on", "2024-01-09", "2024-01-10"),
        column(Rule::DateFuture, "ended_on", "2024-06-02", "2024-06-01"),
        column(Rule::DateEarly, "started_on", "1999-12-31", "2000-01-01"),
    ]
}

/// Codes, and the time in which they are in use.
fn of_the_list() -> Vec<Case> {
    let programme = "code,name,kind,condition,valid_to\ngammal,Gammal,treatment,worry,2024-01-31\n";
    let instrument = "instrument,lowest,highest,integer,higher_is_better,valid_from\nNY,0,20,true,false,2024-01-11\n";
    let started_on = |day: &str| Tables {
        codes: Some(("programmes", programme)),
        ..treatments(&[&[("programme", "gammal"), ("started_on", day)]])
    };
    let answered_on = |day: &str| Tables {
        codes: Some(("instruments", instrument)),
        answers: vec![row(&[("instrument", "NY"), ("answered_on", day)])],
        ..treatments(&[&[]])
    };
    vec![
        column(Rule::ProgrammeMissing, "programme", "", "depressionshjalpen"),
        column(Rule::ProgrammeUnknown, "programme", "Depressionshjälpe", "DEPRESSIONSHJÄLPEN"),
        tables(Rule::ProgrammeNotInUse, started_on("2024-02-01"), started_on("2024-01-31")),
        tables(Rule::InstrumentNotInUse, answered_on("2024-01-10"), answered_on("2024-01-11")),
    ]
}

fn excluded() -> Vec<Case> {
    let (own, other) = (("treatment_id", "M-2"), person(5));
    let objecting = ("status", "opted_out");
    vec![
        column(Rule::ProgrammeSupport, "programme", "sjukskrivningskollen", "sovhjalpen"),
        column(Rule::StatusOngoing, "status", "ongoing", "completed"),
        column(Rule::TestPatient, "test_patient", "ja", "nej"),
        column(Rule::ProtectedIdentity, "protected_identity", "1", "0"),
        tables(
            Rule::Objection,
            treatments(&[&[], &[own, objecting]]),
            treatments(&[&[], &[own, ("status", "completed"), ("person_id", &other)]]),
        ),
        tables(
            Rule::ObjectionUnreadable,
            treatments(&[&[objecting, ("person_id", "okänd")]]),
            treatments(&[&[objecting, ("person_id", &other[2..])]]),
        ),
    ]
}

fn optional() -> Vec<Case> {
    vec![
        column(Rule::EndReasonUnknown, "end_reason", "Trött", "moved"),
        column(Rule::OptionalDate, "referred_on", "2024-06-02", "2024-06-01"),
        column(Rule::OptionalNumber, "sick_leave_before", "30", "25"),
        column(Rule::SexUnknown, "sex", "okänt", "k"),
        column(Rule::DiagnosisForm, "diagnosis", "F3", "F32"),
        column(Rule::UnitEndForm, "unit_id_end", "VC Syd", "SE9990120000-E002"),
    ]
}

fn answers() -> Vec<Case> {
    vec![
        answer(Rule::AnswerTreatmentMissing, "treatment_id", "M-2", "M-1"),
        answer(Rule::InstrumentUnknown, "instrument", "Nallemätaren", "phq-9"),
        answer(Rule::TimepointUnknown, "timepoint", "weekly-0", "weekly-1"),
        answer(Rule::AnswerDateMissing, "answered_on", "", "2024-01-09"),
        answer(Rule::AnswerDateInvalid, "answered_on", "2024-06-02", "2024-06-01"),
        answer(Rule::ScoreMissing, "score", "", "0"),
        answer(Rule::ScoreNotNumber, "score", "12 p", "12,0"),
        answer(Rule::ScoreRange, "score", "28", "27"),
        answer(Rule::ScoreFraction, "score", "12.5", "12.0"),
        answer(Rule::ItemsInvalid, "items", "[4,1,1,1,1,1,1,1,1]", "[3,2,1,1,1,1,1,1,1]"),
        answer(Rule::ItemsDisagree, "items", "[3,2,1,1,1,1,1,1,2]", "[3,2,1,1,1,1,1,1,1]"),
    ]
}

/// Units, and what a source may do to any row.
fn around() -> Vec<Case> {
    let head = "treatment_id;person_id;unit_id;programme;status;started_on;ended_on\n";
    let good = format!("{head}M-1;{};SE9990120000-E001;sovhjalpen;completed;2024-01-10;2024-03-20", person(4));
    let file = |end: &[u8]| Source::File([good.as_bytes(), end, b"\n"].concat());
    let second = format!(";{};SE9990120000-E001;sovhjalpen;completed;2024-01-10;2024-03-20", person(5));
    let name = |id: &[u8]| file(&[b"\nM-", id, second.as_bytes()].concat());
    vec![
        Case { rule: Rule::RowShape, breaks: file(b";x"), keeps: file(b"") },
        Case { rule: Rule::TextUndecodable, breaks: name("å".as_bytes().split_at(1).0), keeps: name("å".as_bytes()) },
        unit(Rule::LeakGuard, "name", "Norra, vc@exempel.se", "Norra @ Lund"),
        unit(Rule::CountyUnknown, "county", "99", "Halland"),
        unit(Rule::CareLevelUnknown, "care_level", "slottet", "primary"),
        unit(Rule::OwnershipUnknown, "ownership", "kronan", "private"),
    ]
}

/// What only a faulty agent would send.
fn records() -> Vec<Case> {
    let (lists, sender) = (CodeLists::builtin(), "12".parse().unwrap());
    let context = rule::Context { lists: &lists, today: date(2024, 6, 1), sender: &sender };
    let of = |rule, breaks, keeps| Case { rule, breaks: Source::Record(breaks), keeps: Source::Record(keeps) };
    let answered = |timepoints: [&str; 2]| {
        let answers = timepoints.map(|timepoint| Measurement {
            instrument: "PHQ-9".into(),
            timepoint: timepoint.parse().unwrap(),
            answered_on: date(2024, 1, 11),
            score: 12.0,
        });
        let good = r#"{"pseudonym":"psn1.r12-g1.CVd4_FUzPrEfEBKm0_8I65ropJV8TNLHLskggemvtb0","programme":"sovhjalpen",
            "unit":"SE9990120000-E001","status":"completed","started_on":"2024-01-10","ended_on":"2024-03-20","measurements":[]}"#;
        let treatment: Treatment = serde_json::from_str(good).unwrap();
        rule::check_treatment(&Treatment { measurements: answers.into(), ..treatment }, &context)
    };
    let month = |key: &str| rule::check_activity(&Activity::emptied(key).unwrap(), &context);
    let counted = |numbers: &'static str| Tables {
        config: vec![
            (
                "unit_id AS month, unit_id, unit_id AS programme",
                "'2024-04' AS month, unit_id, 'sovhjalpen' AS programme",
            ),
            ("0 AS started, 0 AS ended, 0 AS ongoing", numbers),
            (" WHERE 1 = 0", ""),
        ],
        units: vec![row(&[("unit_id", "SE9990120000-E001"), ("name", "N"), ("care_level", "primary")])],
        ..Tables::default()
    };
    let sum = |found: u64| {
        let line = json!({
            "cycle": 3, "reading": "full", "counted": "treatments", "month": "2024-04", "unit": "SE9990120000-E001",
            "programme": "sovhjalpen", "found": found, "accepted": 3, "unchanged": 3, "rejected": 1, "held": 1, "excluded": 1,
            "pending": 1,
        });
        rule::check_run(&serde_json::from_value(line).unwrap())
    };
    vec![
        of(Rule::AnswersRepeated, answered(["pre", "pre"]), answered(["pre", "post"])),
        of(
            Rule::MonthForm,
            month("2024-4|SE9990120000-E001|sovhjalpen||"),
            month("2024-04|SE9990120000-E001|sovhjalpen||"),
        ),
        of(
            Rule::CountGroup,
            month("2024-04|SE9990120000-E001|sovhjalpen|F|25-43"),
            month("2024-04|SE9990120000-E001|sovhjalpen|F|25-34"),
        ),
        tables(
            Rule::CountNotWhole,
            counted("1.5 AS started, 0 AS ended, 0 AS ongoing"),
            counted("1 AS started, 0 AS ended, 0 AS ongoing"),
        ),
        of(Rule::AccountingSum, sum(11), sum(10)),
    ]
}
