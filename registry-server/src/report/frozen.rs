//! A report from a frozen data set, and what differs between two reports.
//!
//! Promises: a report from a cut names the cut, its hash and how much left it since; of two reports of one definition and the same
//! parameters, every figure that is not the same in both is told, and none that is.

/// What a year's cut has beside it.
mod calendar;

use std::collections::BTreeMap;

use super::figure::Figure;
use super::parameters::Audience;
use super::{Report, Text};
use crate::moment::minute;
use crate::store::Cut;

/// The form of the JSON document of differences.
const SCHEMA: &str = "registry-report-differences/1";

/// Names the cut that a report is made from; `code_lists` is the hash of those that it was made with.
pub fn mark(report: &mut Report, cut: &Cut, code_lists: &str) {
    report.parameters.push(("cut", Some(cut.id())));
    let of_staff = report.parameters.contains(&("audience", Some(Audience::Internal.to_string())));
    report.notes.extend(if of_staff { exactly(cut) } else { roughly(cut) });
    let then = cut.definitions.get(report.report).copied();
    if cut.code_lists != code_lists || then.is_some_and(|version| version != report.definition_version) {
        report.notes.push(Text::fixed(
            "Kodlistor eller rapportens definition har ändrats sedan uppgifterna frystes.",
            "Code lists or the report's definition have changed since the data were frozen.",
        ));
    }
    report.notes.extend(calendar::notes(cut));
}

/// What must stand beside everything that is made from a cut: its name and hash, who left it, its days, signatures and comments.
#[must_use]
pub fn about(cut: &Cut, audience: Audience) -> Vec<Text> {
    let left = if audience == Audience::Internal { exactly(cut) } else { roughly(cut) };
    left.into_iter().chain(calendar::notes(cut)).collect()
}

/// What is frozen and how much of it is gone.
fn exactly(cut: &Cut) -> Vec<Text> {
    let (id, name, treatments, hash) = (cut.id(), &cut.name, cut.treatments, &cut.hash);
    let (persons, withdrawn, replaced) =
        (cut.withdrawn_persons(), cut.withdrawn_treatments(), cut.replaced_treatments());
    let mut notes = vec![
        Text::made(
            format!("Frysta uppgifter: {id} {name}, {treatments} behandlingar, hash {hash}."),
            format!("Frozen data: {id} {name}, {treatments} treatments, hash {hash}."),
        ),
        if withdrawn == 0 {
            Text::fixed(
                "Ingen har dragit tillbaka sitt deltagande eller fått skyddad identitet sedan dess.",
                "Nobody has withdrawn or been given a protected identity since.",
            )
        } else {
            Text::made(
                format!(
                    "Borta sedan dess, efter återkallat deltagande eller skyddad identitet: {withdrawn} behandlingar, {persons} personer."
                ),
                format!(
                    "Gone since, withdrawn or with a protected identity: {withdrawn} treatments, {persons} persons."
                ),
            )
        },
    ];
    if replaced > 0 {
        notes.push(Text::made(
            format!("Ytterligare {replaced} behandlingar är borta, eftersom avsändarens nycklar förlorades."),
            format!("Another {replaced} treatments are gone because their sender's keys were lost."),
        ));
    }
    notes
}

/// The same for others than staff: how many left is few, and is not told.
fn roughly(cut: &Cut) -> Vec<Text> {
    let (id, name, hash) = (cut.id(), &cut.name, &cut.hash);
    let frozen = Text::made(
        format!("Frysta uppgifter: {id} {name}, hash {hash}."),
        format!("Frozen data: {id} {name}, hash {hash}."),
    );
    let some_left = cut.withdrawn_treatments() + cut.replaced_treatments() > 0;
    let left = some_left.then_some(Text::fixed(
        "Några behandlingar har lämnat uppgifterna sedan dess.",
        "Some treatments have left the data since.",
    ));
    std::iter::once(frozen).chain(left).collect()
}

/// Every figure that is another one now than then, a row each.
#[must_use]
pub fn differences(then: &Report, now: Report) -> Report {
    let keys = now.keys;
    let mut columns: Vec<String> = now.columns[..keys].to_vec();
    columns.extend(["column", "then", "now"].map(str::to_owned));
    let rows = rows(then, &now);
    let count = rows.len();
    let which = |report: &Report| {
        let cut = report.parameters.iter().find_map(|(name, cut)| if *name == "cut" { cut.clone() } else { None });
        (cut.unwrap_or_else(|| "-".to_owned()), minute(report.as_of))
    };
    let ((one, from), (other, to)) = (which(then), which(&now));
    let compared = Text::made(
        format!("Då: {one}, uppgifter per {from}. Nu: {other}, uppgifter per {to}. {count} värden skiljer sig."),
        format!("Then: {one}, data as of {from}. Now: {other}, data as of {to}. {count} figures differ."),
    );
    let mut parameters = now.parameters;
    parameters.push(("compare-cut", Some(one)));
    Report {
        schema: SCHEMA,
        parameters,
        columns,
        keys: keys + 1,
        rows,
        notes: std::iter::once(compared).chain(now.notes).collect(),
        on_screen: &["then", "now"],
        labels: now.labels.into_iter().filter(|((place, _), _)| *place < keys).collect(),
        ..now
    }
}

fn rows(then: &Report, now: &Report) -> Vec<Vec<Figure>> {
    let keys = now.keys;
    let key = |row: &[Figure]| format!("{:?}", &row[..keys]);
    let mut before: BTreeMap<String, &Vec<Figure>> = then.rows.iter().map(|row| (key(row), row)).collect();
    let nothing = vec![Figure::Undefined; now.columns.len()];
    let mut pairs: Vec<(&[Figure], &[Figure], &[Figure])> = Vec::new();
    for row in &now.rows {
        let was = before.remove(&key(row)).unwrap_or(&nothing);
        pairs.push((&row[..keys], was, row));
    }
    pairs.extend(before.into_values().map(|was| (&was[..keys], was.as_slice(), nothing.as_slice())));
    pairs.sort_by(|(a, ..), (b, ..)| a.iter().map(Figure::rank).cmp(b.iter().map(Figure::rank)));
    let mut rows = Vec::new();
    for (group, was, is) in pairs {
        for (column, name) in now.columns.iter().enumerate().skip(keys) {
            if was[column] != is[column] {
                let told = [Figure::text(name), was[column].clone(), is[column].clone()];
                rows.push(group.iter().cloned().chain(told).collect());
            }
        }
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{Calendar, CutComment, CutShare, CutSignature, Publication};

    fn report(rows: &[(&str, u64, Figure)]) -> Report {
        let row = |(region, n, mean): &(&str, u64, Figure)| vec![Figure::text(region), Figure::Count(*n), mean.clone()];
        Report {
            schema: "registry-report/1",
            report: "outcomes",
            definition_version: 1,
            as_of: "2026-01-01T00:00:00Z".parse().unwrap(),
            parameters: vec![("by", Some("region".to_owned())), ("audience", Some("internal".to_owned()))],
            columns: ["region", "n", "mean"].map(str::to_owned).to_vec(),
            keys: 1,
            rows: rows.iter().map(row).collect(),
            notes: Vec::new(),
            on_screen: &["n"],
            labels: BTreeMap::new(),
        }
    }

    fn cut() -> Cut {
        let share = CutShare {
            sender: "12".into(),
            treatments: 9,
            hash: String::new(),
            withdrawn_persons: 1,
            withdrawn_treatments: 2,
            replaced_treatments: 0,
        };
        Cut {
            number: 3,
            name: "year".into(),
            note: None,
            made_at: "2026-01-01T00:00:00Z".parse().unwrap(),
            treatments: 9,
            hash: "ab".into(),
            code_lists: "lists".into(),
            thresholds: "set".into(),
            definitions: BTreeMap::from([("outcomes".to_owned(), 1)]),
            shares: vec![share],
            calendar: None,
            comments: Vec::new(),
            signatures: Vec::new(),
        }
    }

    fn notes(report: &Report) -> Vec<&str> {
        report.notes.iter().map(|note| note.pick(schemas::language::Language::En)).collect()
    }

    #[test]
    fn a_report_from_a_cut_names_it_and_tells_who_left_and_what_changed_since() {
        let mut report = self::report(&[]);
        mark(&mut report, &cut(), "lists");
        assert_eq!(report.parameters.last().unwrap(), &("cut", Some("c3".to_owned())));
        let frozen = "Frozen data: c3 year, 9 treatments, hash ab.";
        let gone = "Gone since, withdrawn or with a protected identity: 2 treatments, 1 persons.";
        assert_eq!(notes(&report), [frozen, gone]);
        let mut public = self::report(&[]);
        public.parameters[1].1 = Some("public".to_owned());
        mark(&mut public, &cut(), "lists");
        assert_eq!(notes(&public), ["Frozen data: c3 year, hash ab.", "Some treatments have left the data since."]);
        let mut later = self::report(&[]);
        mark(&mut later, &cut(), "other lists");
        assert!(notes(&later)[2].contains("have changed"));
        let mut defined_anew = Report { definition_version: 2, ..self::report(&[]) };
        mark(&mut defined_anew, &cut(), "lists");
        assert!(notes(&defined_anew)[2].contains("have changed"));
    }

    #[test]
    fn a_report_from_a_year_s_cut_tells_its_days_who_has_not_signed_what_was_remarked_and_its_publication() {
        let [stop, comments_until] = ["2026-03-01", "2026-04-01"].map(|day| day.parse().unwrap());
        let calendar = Calendar { year: 2025, stop, comments_until, published: None };
        let comment = CutComment { of: "12".into(), comment: "two units merged".into(), at: cut().made_at, by: None };
        let year = Cut { calendar: Some(calendar.clone()), comments: vec![comment], ..cut() };
        let told = |cut: &Cut| {
            let mut report = self::report(&[]);
            mark(&mut report, cut, "lists");
            notes(&report)[2..].iter().map(|note| (*note).to_owned()).collect::<Vec<_>>()
        };
        let days = "Data of 2025: data stop 2026-03-01, comments until 2026-04-01.";
        let remarked = "Comment by 12: two units merged";
        assert_eq!(told(&year), [days, "Not published.", "Not signed by: 12.", remarked]);
        let signature = CutSignature { sender: "12".into(), signed_by: "A".into(), at: cut().made_at };
        let published = Publication { at: cut().made_at, reason: Some("asked for".into()) };
        let published = Calendar { published: Some(published), ..calendar };
        let done = Cut { calendar: Some(published), signatures: vec![signature], ..year };
        assert_eq!(told(&done), [days, "Published 2026-01-01 01:00 CET (asked for).", remarked]);
    }

    #[test]
    fn every_figure_that_differs_is_told_and_no_other() {
        let then = report(&[("01", 5, Figure::Number(1.5)), ("12", 6, Figure::Hidden), ("14", 7, Figure::Undefined)]);
        let now =
            report(&[("01", 5, Figure::Number(1.25)), ("03", 0, Figure::Undefined), ("12", 6, Figure::Undefined)]);
        let told = differences(&then, now);
        let csv = crate::report::render::csv(&told).unwrap();
        let expected = "region,column,then,now\n01,mean,1.5,1.25\n03,n,,0\n12,mean,*,\n14,n,7,\n";
        assert_eq!((csv.as_str(), told.keys), (expected, 2));
        assert!(notes(&told)[0].ends_with("4 figures differ."));
        let same = differences(&then, then.clone());
        assert_eq!((same.rows.len(), notes(&same)[0].ends_with("0 figures differ.")), (0, true));
    }
}
