//! A whole form, and what each fault of one is told as.

use jiff::civil::date;
use schemas::language::Language;

use super::written::LONGEST;
use super::*;

const TODAY: Date = date(2026, 1, 1);

/// A form that lacks nothing.
pub(crate) fn whole() -> Form {
    let line = |text: &str| text.to_owned();
    Form {
        requester: Some(RequesterKind::Researcher),
        principal: line("Uppfunna universitetet"),
        representative: line("Prefekten"),
        investigator: line("Åsa Öst"),
        recipients: vec![line("Åsa Öst")],
        title: line("Uppföljning efter behandling"),
        purpose: line("Hur skattningarna ändras.\nPer region."),
        summary: line("Vi räknar."),
        ends_on: Some(date(2027, 6, 30)),
        ethics_not_needed: line("Bara skyddade tabeller."),
        formats: vec![Format::Csv],
        terms_accepted: true,
        tables: vec![Table { split_by: vec![line("region")], measure: line("persons"), ..Table::default() }],
        ..Form::default()
    }
}

fn given(table: &Table) -> Result<(), Text> {
    if table.measure.is_empty() { Err(Text::fixed("nej", "no")) } else { Ok(()) }
}

fn fields(change: impl Fn(&mut Form)) -> Vec<String> {
    let mut form = whole();
    change(&mut form);
    form.faults(TODAY, given).into_iter().map(|fault| fault.field).collect()
}

#[test]
fn a_whole_form_has_no_fault_and_an_empty_one_is_told_every_field_that_it_needs() {
    assert_eq!(fields(|_| ()), [""; 0]);
    assert_eq!(
        fields(|form| *form = Form::default()),
        [
            "requester",
            "principal",
            "representative",
            "investigator",
            "recipients",
            "title",
            "purpose",
            "summary",
            "ends_on",
            "ethics_decision",
            "formats",
            "terms_accepted",
            "tables"
        ]
    );
}

#[test]
fn each_fault_is_told_at_its_field() {
    assert_eq!(fields(|form| form.summary = "ord ".repeat(201)), ["summary"]);
    assert_eq!(fields(|form| form.summary = "ord ".repeat(200)), [""; 0]);
    assert_eq!(fields(|form| form.title = "a\u{202e}b".to_owned()), ["title"]);
    assert_eq!(fields(|form| form.principal = "a\nb".to_owned()), ["principal"]);
    assert_eq!(fields(|form| form.help = "å".repeat(LONGEST + 1)), ["help"]);
    assert_eq!(fields(|form| form.ends_on = Some(TODAY)), ["ends_on"]);
    assert_eq!(fields(|form| form.ethics_decision = "2026-01".to_owned()), ["ethics_decision"], "one of both");
    assert_eq!(fields(|form| form.recipients.push(String::new())), ["recipients"]);
}

#[test]
fn what_would_not_show_as_it_is_written_is_not_even_written_down() {
    let fields = |change: fn(&mut Form)| -> Vec<String> {
        let mut form = whole();
        change(&mut form);
        form.unwritable().into_iter().map(|fault| fault.field).collect()
    };
    assert_eq!(fields(|_| ()), [""; 0]);
    assert_eq!(fields(|form| *form = Form::default()), [""; 0], "a draft may lack anything");
    assert_eq!(fields(|form| form.title = "a\u{202e}b".to_owned()), ["title"]);
    assert_eq!(fields(|form| form.title = "a\nb".to_owned()), ["title"]);
    assert_eq!(fields(|form| form.purpose = "a\nb".to_owned()), [""; 0]);
    assert_eq!(fields(|form| form.purpose = "a\u{7}b".to_owned()), ["purpose"]);
    assert_eq!(fields(|form| form.help = "å".repeat(LONGEST + 1)), ["help"]);
    assert_eq!(fields(|form| form.processors.push("\u{2067}".to_owned())), ["processors"]);
    assert_eq!(fields(|form| form.tables = vec![form.tables[0].clone(); TABLES + 1]), ["tables"]);
}

#[test]
fn each_kind_of_requester_states_what_the_law_asks_of_it_and_no_more() {
    let of = |kind: RequesterKind, fill: fn(&mut Form)| {
        fields(|form| {
            let table = form.tables[0].clone();
            *form = Form { requester: Some(kind), formats: vec![Format::Csv], tables: vec![table], ..Form::default() };
            fill(form);
        })
    };
    let common = ["principal", "recipients", "title", "purpose"];
    let with = |own: &'static str| [&common[..], &[own, "terms_accepted"]].concat();
    assert_eq!(of(RequesterKind::CareProvider, |_| ()), with("units"));
    assert_eq!(of(RequesterKind::Authority, |_| ()), with("legal_ground"));
    for kind in [RequesterKind::Media, RequesterKind::Other] {
        assert_eq!(of(kind, |_| ()), [""; 0], "what finds the figures is enough");
        assert_eq!(of(kind, |form| form.tables.clear()), ["tables"]);
        assert_eq!(of(kind, |form| form.ends_on = Some(TODAY)), ["ends_on"], "what is written must be right");
        assert!(kind.law().pick(Language::Sv).contains("allmän handling"));
    }
    assert_eq!(of(RequesterKind::Researcher, |_| ()).len(), 10);
    for kind in RequesterKind::ALL {
        let law = kind.law();
        assert!(law.pick(Language::Sv).contains("25 kap. 1 §") && law.pick(Language::Sv).contains("kammarrätten"));
        assert!(law.pick(Language::En).contains("within three weeks"));
    }
}

#[test]
fn a_table_that_is_not_given_is_told_by_its_number() {
    assert_eq!(fields(|form| form.tables.push(Table::default())), ["tables 2"]);
    assert_eq!(fields(|form| form.tables = vec![form.tables[0].clone(); TABLES + 1]), ["tables"]);
}

#[test]
fn a_fault_says_what_to_write_and_repeats_nothing() {
    let mut form = whole();
    form.title = "hemligt\u{7}".to_owned();
    let faults = form.faults(TODAY, given);
    let said = format!("{faults:?}");
    assert!(said.contains("one line of 200 characters") && !said.contains("hemligt"), "{said}");
}

#[test]
fn a_form_is_read_from_a_file_and_an_unknown_field_is_refused() {
    let text = toml::to_string(&whole()).unwrap();
    assert_eq!(toml::from_str::<Form>(&text).unwrap(), whole());
    assert!(toml::from_str::<Form>("shoe_size = 43").is_err());
    assert_eq!(toml::from_str::<Form>("").unwrap(), Form::default(), "a draft may lack anything");
}
