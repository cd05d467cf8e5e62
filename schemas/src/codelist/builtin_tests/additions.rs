//! A local file laid over the built-in lists: what it adds, what it replaces, and how its faults are told.
//!
//! Promises: every kind of fault is told with its place. Must not know: how a file is parsed.

use super::*;

fn with(list: ListName, text: &str) -> Result<CodeLists, CodeListError> {
    let addition = Addition { list, file: "local.csv".to_owned(), text: text.to_owned() };
    CodeLists::builtin().with_additions(&[addition])
}

#[test]
fn a_local_file_adds_a_line_and_replaces_another_and_keeps_the_rest() {
    let text = "\u{feff}code,name,kind,condition,aliases\n\
                oroshjalpen,Oroshjälpen,treatment,worry,Orosprogrammet ; Oro nu\n\
                trygg,Trygg,treatment,anxiety,\n";
    let lists = with(ListName::Programmes, text).unwrap();
    assert_eq!(lists.programmes().count(), CodeLists::builtin().programmes().count() + 1);
    assert_eq!(lists.find_programme(" orosPROGRAMMET").unwrap().code, "oroshjalpen");
    assert_eq!(lists.programme("oroshjalpen").unwrap().aliases, ["Orosprogrammet", "Oro nu"]);
    assert_eq!(lists.programme("trygg").unwrap().supplier, None);
    assert!(lists.programme("depressionshjalpen").is_some());
}

#[test]
fn a_replaced_line_loses_the_aliases_it_no_longer_names() {
    let lists =
        with(ListName::Programmes, "code,name,kind,condition\nsovhjalpen,Sovhjälpen,treatment,insomnia\n").unwrap();
    assert_eq!(lists.find_programme("Sömnhjälpen"), None);
}

#[test]
fn an_alias_can_move_from_one_line_to_another_in_one_file() {
    let text = "code,name,kind,condition,aliases\n\
                somnhjalpen,Sömnhjälpen,treatment,insomnia,\n\
                sovhjalpen,Sovhjälpen,treatment,insomnia,\n";
    assert_eq!(with(ListName::Programmes, text).unwrap().find_programme("Sömnhjälpen").unwrap().code, "somnhjalpen");
}

#[test]
fn a_fault_is_told_with_file_line_and_column() {
    let head = "code,name,kind,condition";
    for (list, text, told) in [
        (ListName::Programmes, format!("{head}\na,A,treatment,worry\nb,B,course,worry\n"), "local.csv, line 3, column kind: must be one of treatment, support"),
        (ListName::Programmes, format!("{head}\nb,B,treatment,boredom\n"), "local.csv, line 2, column condition: must be one of"),
        (ListName::Programmes, format!("{head}\nB b,B,treatment,worry\n"), "local.csv, line 2, column code: "),
        (ListName::Programmes, format!("{head},alias\n"), "local.csv, line 1, column alias: is not a column of programmes"),
        (ListName::Programmes, "code,name,code\n".to_owned(), "local.csv, line 1, column code: stands twice"),
        (ListName::Programmes, "code,name,kind\nb,B,treatment\n".to_owned(), "local.csv, line 2, column condition: is needed"),
        (ListName::Programmes, format!("{head}\nb,B, and C,treatment,worry\n"), "local.csv, line 2: has 5 fields, the header 4"),
        (ListName::Programmes, format!("{head}\nb,B,treatment,worry\nb,B,support,worry\n"), "local.csv, line 3: b stands twice"),
        (ListName::Programmes, format!("{head},youth\nb,B,support,worry,ja\n"), "line 2, column youth: must be true or false"),
        (ListName::Programmes, format!("{head},valid_to\nb,B,support,worry,2024-13-01\n"), "line 2, column valid_to: "),
        (ListName::Programmes, format!("{head}\nb,OROSHJÄLPEN,treatment,worry\n"), "already a name of oroshjalpen"),
        (
            ListName::Programmes,
            format!("{head},primary_instrument\nb,B,treatment,worry,PHQ-99\n"),
            "local.csv, line 2, column primary_instrument: PHQ-99 is not in its code list",
        ),
        (
            ListName::Instruments,
            "instrument,lowest,highest,integer,higher_is_better\nX,ten,20,true,false\n".to_owned(),
            "local.csv, line 2, column lowest: must be a number",
        ),
        (
            ListName::Instruments,
            "instrument,lowest,highest,integer,higher_is_better\nX,10,NaN,true,false\n".to_owned(),
            "local.csv, line 2, column highest: ",
        ),
        (
            ListName::Instruments,
            "instrument,lowest,highest,integer,higher_is_better,caseness_from\nX,0,20,true,false,21\n".to_owned(),
            "local.csv, line 2, column caseness_from: ",
        ),
        (
            ListName::Instruments,
            "instrument,lowest,highest,integer,higher_is_better,items,item_lowest,item_highest,scoring\nX,0,20,true,false,5,0,3,sum\n"
                .to_owned(),
            "local.csv, line 2, column scoring: ",
        ),
        (ListName::CareLevels, "code,name_sv,name_en\n,Annan,Other\n".to_owned(), "local.csv, line 2: has no code"),
        (ListName::Populations, "region,year,population\n99,2022,1\n".to_owned(), "local.csv, line 2, column region: 99 is not"),
    ] {
        let error = with(list, &text).expect_err(&text).to_string();
        assert!(error.contains(told), "{error}");
    }
}

#[test]
fn the_hash_depends_on_content_and_not_on_order() {
    let year = |lines: &str| with(ListName::Populations, &format!("region,year,population\n{lines}")).unwrap().hash();
    let builtin = CodeLists::builtin().hash();
    assert_eq!(builtin.len(), 64);
    assert_eq!(builtin, CodeLists::builtin().hash());
    assert_eq!(year("01,2022,5\n03,2022,6\n"), year("03,2022,6\n01,2022,5\n"));
    assert_ne!(year("01,2022,5\n03,2022,6\n"), year("01,2022,6\n03,2022,5\n"));
    assert_ne!(year("01,2022,5\n"), builtin);
}

#[test]
fn list_names_are_read_with_hyphen_or_underscore() {
    for name in ListName::ALL {
        assert_eq!(name.as_str().parse(), Ok(name));
        assert_eq!(name.as_str().replace('-', "_").parse(), Ok(name));
    }
    assert!("programme".parse::<ListName>().is_err());
}

#[test]
fn reasons_levels_and_ownership_are_found_by_their_names_and_a_line_without_names_clashes_with_none() {
    let lists = CodeLists::builtin();
    for word in ["agreed_completion", "avslutad enligt ÖVERENSKOMMELSE", "Mutually agreed completion"] {
        assert_eq!(lists.find_end_reason(word).map(|found| found.code.as_str()), Some("agreed_completion"), "{word}");
    }
    for word in ["primärvård", "Primary care"] {
        assert_eq!(lists.find_care_level(word).map(|found| found.code.as_str()), Some("primary"), "{word}");
    }
    for (word, code) in [("Offentlig", "public"), ("offentlig regi", "public"), ("Privat", "private")] {
        assert_eq!(lists.find_ownership(word).map(|found| found.code.as_str()), Some(code), "{word}");
    }
    assert_eq!(lists.nearest_codes(ListName::EndReasons, "Avlidit")[0].code, "deceased");
    let nameless = with(ListName::CareLevels, "code,name_sv,name_en\nx,,\ny,,\n").unwrap();
    assert_eq!(nameless.find_care_level(""), None);
}
