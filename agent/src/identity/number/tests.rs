//! How identity numbers are read, by published and test numbers only.

use std::sync::LazyLock;

use jiff::civil::Date;
use proptest::prelude::*;
use schemas::codelist::CodeLists;
use schemas::record::Sex;
use schemas::rule::Rule;

use super::*;

pub(super) static LISTS: LazyLock<CodeLists> = LazyLock::new(CodeLists::builtin);

pub(super) fn written<'a>(text: &'a str, system: Option<&'a str>, reference: &str) -> IdentityText<'a> {
    IdentityText { text, system, reference: reference.parse().ok() }
}

/// Type and digits, or the rule, with test identities allowed.
fn outcome(text: &str, system: Option<&str>, reference: &str) -> Result<String, Rule> {
    read_identity(&written(text, system, reference), TestIdentities::Allow, &LISTS).map(|number| shown(&number))
}

pub(super) fn shown(number: &IdentityNumber) -> String {
    format!("{} {}", number.kind().type_text(), number.digits())
}

#[test]
fn every_published_number_reads_as_itself_and_reserve_numbers_only_with_their_system() {
    for listed in LISTS.test_identities() {
        let own = format!("{} {}", listed.kind, listed.number);
        if let Some(name) = listed.kind.strip_prefix("LOCAL:") {
            let system = format!("local:{name}");
            assert_eq!(outcome(&listed.number, Some(&system), ""), Ok(own));
            assert_eq!(outcome(&listed.number, None, ""), Err(Rule::IdentityReserve), "{}", listed.number);
        } else {
            assert_eq!(outcome(&listed.number, Some("pnr"), ""), Ok(own));
        }
        let refused = read_identity(
            &written(&listed.number, listed.kind.starts_with("LOCAL").then_some("local:any"), ""),
            TestIdentities::Refuse,
            &LISTS,
        );
        assert_eq!(refused.err(), Some(Rule::IdentityTest), "{}", listed.number);
    }
}

#[test]
fn twelve_digits_read_the_same_in_every_spelling() {
    for text in [
        "191212121212",
        " 191212121212\t",
        "19121212-1212",
        "1912-12-12-1212",
        "19121212 1212",
        "19 12 12 12 12 12",
        "19121212\u{00A0}1212",
        "19121212\u{202F}1212",
        "19121212\u{3000}1212",
        "19121212\u{00AD}1212",
        "19121212\u{2010}1212",
        "19121212\u{2011}1212",
        "19121212–1212",
        "19121212—1212",
        "19121212−1212",
        "19121212－1212",
        "\u{FEFF}191212121212",
        "1912\u{200B}1212\u{200D}1212",
        "\u{202D}19121212-1212\u{202C}",
        "１９１２１２１２１２１２",
        "１９１２１２１２－１２１２",
        "19121212+1212",
        "19121212＋1212",
    ] {
        assert_eq!(outcome(text, None, "").as_deref(), Ok("SE-PNR 191212121212"), "{text:?}");
    }
}

#[test]
fn ten_digits_take_the_youngest_century_not_after_the_reference_date() {
    for (text, reference, expected) in [
        ("121212-9801", "2012-12-12", Ok("SE-PNR 201212129801")),
        ("1212129801", "2026-03-01", Ok("SE-PNR 201212129801")),
        ("121212-9801", "2012-12-11", Ok("SE-PNR 191212129801")),
        ("121212-9801", "1912-12-12", Ok("SE-PNR 191212129801")),
        ("121212-9801", "1912-12-11", Ok("SE-PNR 181212129801")),
        ("121212+9801", "2012-01-01", Ok("SE-PNR 191212129801")),
        ("121212＋9801", "2026-03-01", Ok("SE-PNR 191212129801")),
        ("121212+9801", "2011-12-31", Ok("SE-PNR 181212129801")),
        ("121212 + 9801", "2112-12-12", Ok("SE-PNR 201212129801")),
        ("121272-9816", "2026-03-01", Ok("SE-SAM 201212729816")),
        ("121272-9816", "2012-12-12", Ok("SE-SAM 201212729816")),
        ("121272-9816", "2012-12-11", Ok("SE-SAM 191212729816")),
        ("121272+9816", "2026-03-01", Ok("SE-SAM 191212729816")),
        ("261224-9900", "2026-03-01", Ok("SE-PNR 192612249900")),
        ("261224-9900", "2026-12-24", Ok("SE-PNR 202612249900")),
        ("990101-9860", "2026-03-01", Ok("SE-PNR 199901019860")),
        ("000229-9832", "2026-03-01", Ok("SE-PNR 200002299832")),
        ("000229-9832", "1999-03-01", Err(Rule::IdentityInvalid)),
        ("000229+9832", "2026-03-01", Err(Rule::IdentityInvalid)),
        ("640823-3234", "2026-03-01", Ok("SE-PNR 196408233234")),
        ("701063-2391", "2026-03-01", Ok("SE-SAM 197010632391")),
        ("121212-1212", "1990-03-01", Ok("SE-PNR 191212121212")),
        ("121212+1212", "2026-03-01", Ok("SE-PNR 191212121212")),
        ("000101-2384", "2026-03-01", Ok("SE-PNR 200001012384")),
        ("121212-9801", "", Err(Rule::IdentityInvalid)),
        ("121212+9801", "", Err(Rule::IdentityInvalid)),
    ] {
        assert_eq!(outcome(text, None, reference), expected.map(str::to_owned), "{text} read on {reference}");
    }
}

#[test]
fn an_unusable_number_is_refused_with_its_rule() {
    for (text, system, reference, rule) in [
        ("", None, "", Rule::IdentityMissing),
        (" \u{00A0}\u{FEFF} ", None, "", Rule::IdentityMissing),
        ("-", None, "", Rule::IdentityMissing),
        ("  ", Some("local:sll"), "", Rule::IdentityMissing),
        ("\u{200B}", Some("local:sll"), "", Rule::IdentityMissing),
        ("1019801", None, "2026-03-01", Rule::IdentityLostZeros),
        ("10198-43", None, "2026-03-01", Rule::IdentityLostZeros),
        ("01019843", None, "2026-03-01", Rule::IdentityLostZeros),
        ("102039872", None, "2026-03-01", Rule::IdentityLostZeros),
        ("10203-9872", None, "2026-03-01", Rule::IdentityLostZeros),
        ("121212980X", None, "2026-03-01", Rule::IdentityReserve),
        ("640823-T234", None, "2026-03-01", Rule::IdentityReserve),
        ("19810829SU3A", None, "", Rule::IdentityReserve),
        ("ＡＢ", None, "", Rule::IdentityReserve),
        ("okänd", None, "", Rule::IdentityReserve),
        ("198108320014", None, "", Rule::IdentityReserve),
        ("810832-0014", None, "2026-03-01", Rule::IdentityReserve),
        ("810859-0014", None, "2026-03-01", Rule::IdentityReserve),
        ("991981000010", None, "", Rule::IdentityReserve),
        ("001212129801", None, "", Rule::IdentityReserve),
        ("221212129801", None, "", Rule::IdentityReserve),
        ("981212129801", None, "", Rule::IdentityReserve),
        ("171212129801", None, "", Rule::IdentityInvalid),
        ("211212129801", None, "2026-03-01", Rule::IdentityInvalid),
        ("191212129802", None, "", Rule::IdentityInvalid),
        ("1212129802", None, "2026-03-01", Rule::IdentityInvalid),
        ("201212129801", None, "2012-12-11", Rule::IdentityInvalid),
        ("201212729816", None, "2012-12-11", Rule::IdentityInvalid),
        ("190002299832", None, "", Rule::IdentityInvalid),
        ("191213129801", None, "", Rule::IdentityInvalid),
        ("191200129801", None, "", Rule::IdentityInvalid),
        ("191212009801", None, "", Rule::IdentityInvalid),
        ("191212609801", None, "", Rule::IdentityInvalid),
        ("191212929801", None, "", Rule::IdentityInvalid),
        ("12121298010", None, "2026-03-01", Rule::IdentityInvalid),
        ("1912121298010", None, "", Rule::IdentityInvalid),
        ("121212", None, "2026-03-01", Rule::IdentityInvalid),
        ("1212+129801", None, "2026-03-01", Rule::IdentityInvalid),
        ("+1212129801", None, "2026-03-01", Rule::IdentityInvalid),
        ("121212++9801", None, "2026-03-01", Rule::IdentityInvalid),
        ("121212.9801", None, "2026-03-01", Rule::IdentityInvalid),
        ("121212/9801", None, "2026-03-01", Rule::IdentityInvalid),
        ("١٩١٢١٢١٢١٢١٢", None, "", Rule::IdentityInvalid),
        ("191212129801", Some("hsa"), "", Rule::IdentitySystem),
        ("191212129801", Some("local"), "", Rule::IdentitySystem),
        ("191212129801", Some("local: "), "", Rule::IdentitySystem),
        ("191212129801", Some("local:a\0b"), "", Rule::IdentitySystem),
        ("191212129801", Some("1.2.752.129.2.1.3.1"), "", Rule::IdentitySystem),
    ] {
        assert_eq!(outcome(text, system, reference), Err(rule), "{text:?} {system:?} {reference}");
    }
}

#[test]
fn the_system_column_decides_how_a_number_is_read() {
    for (text, system, expected) in [
        ("191212129801", Some("pnr"), "SE-PNR 191212129801"),
        ("191212129801", Some(" PNR "), "SE-PNR 191212129801"),
        ("191212129801", Some(""), "SE-PNR 191212129801"),
        (" 19810829su3a ", Some("local:varmland"), "LOCAL:varmland 19810829SU3A"),
        ("１９８１0829ｓｕ3A", Some("LOCAL: varmland"), "LOCAL:varmland 19810829SU3A"),
        ("a-1 b", Some("local:x"), "LOCAL:x A-1 B"),
    ] {
        assert_eq!(outcome(text, system, "").as_deref(), Ok(expected), "{text} {system:?}");
    }
}

#[test]
fn test_numbers_are_refused_unless_allowed_and_no_other_serial_is() {
    let read = |text: &str, tests| read_identity(&written(text, None, "2026-03-01"), tests, &LISTS).err();
    for text in ["191212129801", "121212-9801", "201212729816", "191212121212"] {
        assert_eq!(read(text, TestIdentities::Refuse), Some(Rule::IdentityTest), "{text}");
        assert_eq!(read(text, TestIdentities::Allow), None, "{text}");
    }
    for body in ["19120704238", "19120704239", "19120704979"] {
        assert_eq!(read(&with_check_digit(body), TestIdentities::Refuse), None, "{body}");
    }
}

#[test]
fn sex_and_birth_year_come_from_national_numbers_only() {
    for (text, system, sex, year) in [
        ("191212129801", None, Some(Sex::F), Some(1912)),
        ("201212729816", None, Some(Sex::M), Some(2012)),
        ("197010632391", None, Some(Sex::M), Some(1970)),
        ("200001012384", None, Some(Sex::F), Some(2000)),
        ("191212129801", Some("local:x"), None, None),
    ] {
        let number = read_identity(&written(text, system, ""), TestIdentities::Allow, &LISTS).unwrap();
        assert_eq!((number.sex(), number.birth_year()), (sex, year), "{text}");
    }
}

#[test]
fn an_objection_is_read_in_every_century_that_it_can_mean() {
    for (text, system, reference, expected) in [
        ("121212-9801", None, "", vec!["SE-PNR 191212129801", "SE-PNR 201212129801"]),
        ("121212+9801", None, "", vec!["SE-PNR 181212129801", "SE-PNR 191212129801"]),
        ("121272-9816", None, "", vec!["SE-SAM 191212729816", "SE-SAM 201212729816"]),
        ("000229-9832", None, "", vec!["SE-PNR 200002299832"]),
        ("121212-9801", None, "2026-03-01", vec!["SE-PNR 201212129801"]),
        ("000229-9832", None, "1999-03-01", vec!["SE-PNR 200002299832"]),
        ("20121212-9801", None, "1990-03-01", vec!["SE-PNR 201212129801"]),
        ("191212121212", None, "", vec!["SE-PNR 191212121212"]),
        ("a1", Some("local:x"), "", vec!["LOCAL:x A1"]),
        ("121212-9802", None, "", vec![]),
        ("98240301AA06", None, "", vec![]),
        ("20121212-9801", Some("hsa"), "", vec!["SE-PNR 201212129801"]),
    ] {
        let found: Vec<String> = read_every_century(&written(text, system, reference)).iter().map(shown).collect();
        assert_eq!(found, expected, "{text} {reference}");
    }
}

#[test]
fn debug_output_holds_no_digit() {
    let number = read_identity(&written("191212129801", None, ""), TestIdentities::Allow, &LISTS).unwrap();
    assert_eq!(format!("{number:?}"), "IdentityNumber(SE-PNR, redacted)");
}

fn with_check_digit(body: &str) -> String {
    let complete = |check: u8| format!("{body}{check}");
    (0..10).map(complete).find(|number| check_digit_holds(&number.as_bytes()[2..])).unwrap()
}

/// A valid number with a test serial, born 1890 to 2025.
fn test_number() -> impl Strategy<Value = String> {
    (1890i16..2026, 1i8..13, 1i8..29, 980u16..1000, prop_oneof![Just(0), Just(60)]).prop_map(
        |(year, month, day, serial, offset)| {
            with_check_digit(&format!("{year:04}{month:02}{:02}{serial:03}", day + offset))
        },
    )
}

fn full_width(text: &str) -> String {
    text.chars().map(|c| char::from_u32(u32::from(c) + 0xFEE0).unwrap()).collect()
}

proptest! {
    #[test]
    fn no_text_makes_the_reader_panic(
        text in prop_oneof![".{0,40}", "[0-9+ –-]{0,16}", "[0-9]{7,13}"], system in prop::option::of(".{0,10}"),
    ) {
        for reference in ["", "2026-03-01"] {
            let _ = outcome(&text, system.as_deref(), reference);
            let _ = read_every_century(&written(&text, system.as_deref(), reference));
        }
    }

    #[test]
    fn every_spelling_of_a_number_gives_its_own_digits(
        number in test_number(), noise in prop::collection::vec("[ \u{A0}\u{AD}\u{200B}–−-]{0,2}", 13), wide in any::<bool>(),
    ) {
        let digits = if wide { full_width(&number) } else { number.clone() };
        let spelled: String = noise.iter().zip(digits.chars().map(Some).chain([None])).flat_map(|(noise, digit)| noise.chars().chain(digit)).collect();
        let read = outcome(&spelled, None, "2026-03-01").map(|shown| shown[7..].to_owned());
        prop_assert_eq!(read, Ok(number));
    }

    #[test]
    fn ten_digits_with_the_right_sign_and_a_reference_give_the_same_number_as_twelve(number in test_number()) {
        let born: i16 = number[..4].parse().unwrap();
        let (date, serial) = number[2..].split_at(6);
        let sign = if 2026 - born >= 100 { '+' } else { '-' };
        prop_assert_eq!(outcome(&format!("{date}{sign}{serial}"), None, "2026-12-31"), outcome(&number, None, "2026-12-31"));
    }

    #[test]
    fn a_number_with_one_wrong_digit_among_the_last_ten_is_refused(number in test_number(), place in 2usize..12, shift in 1u8..10) {
        let mut digits = number.into_bytes();
        digits[place] = b'0' + (digits[place] - b'0' + shift) % 10;
        let wrong = String::from_utf8(digits).unwrap();
        prop_assert!(outcome(&wrong, None, "").is_err());
    }

    #[test]
    fn a_wrong_digit_of_the_century_gives_no_number_or_one_of_another_year(number in test_number(), place in 0usize..2, shift in 1u8..10) {
        // The check digit covers the last ten digits only; a birth year that is given as well finds this fault.
        let mut digits = number.clone().into_bytes();
        digits[place] = b'0' + (digits[place] - b'0' + shift) % 10;
        let wrong = String::from_utf8(digits).unwrap();
        if let Ok(read) = read_identity(&written(&wrong, None, "2026-03-01"), TestIdentities::Allow, &LISTS) {
            prop_assert_ne!(read.birth_year(), number[..4].parse().ok());
        }
    }

    #[test]
    fn reading_what_was_read_changes_nothing(text in "[0-9]{6}[-+–]?(98|99)[0-9]{2}|[0-9 ]{12}|[a-zåA-Z0-9-]{1,12}", local in any::<bool>()) {
        let system = local.then_some("local:x");
        if let Ok(once) = read_identity(&written(&text, system, "2026-03-01"), TestIdentities::Allow, &LISTS) {
            prop_assert_eq!(outcome(once.digits(), system, "2026-03-01"), Ok(shown(&once)));
        }
    }

    #[test]
    fn no_number_is_born_after_its_reference_date(number in test_number(), year in 1950i16..2030) {
        let reference = Date::constant(year, 6, 15);
        for text in [&number[..], &number[2..]] {
            let identity = IdentityText { text, system: None, reference: Some(reference) };
            if let Ok(read) = read_identity(&identity, TestIdentities::Allow, &LISTS) {
                prop_assert!(read.birth_year().is_some_and(|born| born <= year));
            }
        }
    }
}
