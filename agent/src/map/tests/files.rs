//! `mapping.csv`: what a spreadsheet writes, what is refused, and how that is told.

use std::collections::BTreeMap;

use schemas::codelist::CodeLists;

use crate::config::{MapKind, Maps};
use crate::map::{MappingFile, Words};

fn read(bytes: &[u8]) -> Result<MappingFile, String> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("mapping.csv");
    std::fs::write(&path, bytes).unwrap();
    let told = |error: schemas::settings::BadSettings| error.0.replace(&path.display().to_string(), "mapping.csv");
    let file = MappingFile::read(&path).map_err(told)?;
    file.check_codes(&CodeLists::builtin()).map_err(told)?;
    Ok(file)
}

#[test]
fn a_file_is_read_as_spreadsheets_write_it() {
    let expected = vec![
        (2, MapKind::Programme, "Depp, lokal".to_owned(), "depressionshjalpen".to_owned()),
        (4, MapKind::Timepoint, "Före".to_owned(), "pre".to_owned()),
    ];
    for (what, text) in [
        ("commas", "kind,local_value,code\nprogramme,\"Depp, lokal\",depressionshjalpen\n\ntimepoint,Före,pre\n"),
        (
            "semicolons",
            "kind;local_value;code\r\nprogramme;Depp, lokal;depressionshjalpen\r\n;;\r\ntimepoint;Före;pre\r\n",
        ),
        (
            "a byte order mark",
            "\u{feff}kind;local_value;code\nprogramme;Depp, lokal;depressionshjalpen\n\ntimepoint;Före;pre\n",
        ),
        ("tabs", "kind\tlocal_value\tcode\nprogramme\tDepp, lokal\tdepressionshjalpen\n\ntimepoint\tFöre\tpre\n"),
        (
            "other columns in another order, in capitals",
            "Comment;Code;Local_Value;Kind\nx;depressionshjalpen;Depp, lokal;Programme\n\n;pre; Före ;timepoint\n",
        ),
        (
            "rows that still wait for their code",
            "kind,local_value,code,candidates\nprogramme,\"Depp, lokal\",depressionshjalpen,\nprogramme,Oro,,oroshjalpen\ntimepoint,Före,pre,\n",
        ),
        (
            "a word again with the same code",
            "kind,local_value,code\nprogramme,\"Depp, lokal\",depressionshjalpen\n\ntimepoint,Före,pre\ntimepoint,FÖRE,Pre\n",
        ),
    ] {
        let file = read(text.as_bytes()).unwrap_or_else(|error| panic!("{what}: {error}"));
        let rows: Vec<_> =
            file.rows().iter().map(|row| (row.line, row.kind, row.local_value.clone(), row.code.clone())).collect();
        assert_eq!(rows, expected, "{what}");
    }
    for empty in ["kind,local_value,code\n", "", "\u{feff}\r\n"] {
        assert_eq!(read(empty.as_bytes()).unwrap().rows(), []);
    }
}

#[test]
fn each_fault_of_a_file_is_one_sentence_with_its_line() {
    for (text, told) in [
        ("a\n", "mapping.csv, line 1: has no column kind; the header is kind,local_value,code"),
        ("kind,value,code\n", "mapping.csv, line 1: has no column local_value; the header is kind,local_value,code"),
        ("kind,local_value,code,code\n", "mapping.csv, line 1: has the column code twice; keep one"),
        (
            "kind,local_value,code\nprogrammes,Depp,oroshjalpen\n",
            "mapping.csv, line 2: \"programmes\" is no kind of value; write one of programme, instrument,",
        ),
        ("kind,local_value,code\n\nsex,,F\n", "mapping.csv, line 3: has the code F for no local_value; fill it in"),
        (
            "kind,local_value,code\nsex,Tjej,F\nsex,tjej,M\n",
            "mapping.csv, line 3: \"tjej\" stands in line 2 already; keep one of the two",
        ),
        (
            "kind,local_value,code\nprogramme,Depp,depressionshjälp\n",
            "mapping.csv, line 2: depressionshjälp is no programme; the nearest are depressionshjalpen",
        ),
        (
            "kind,local_value,code\ninstrument,PHQ,PHQ-10\n",
            "mapping.csv, line 2: PHQ-10 is no instrument; the nearest are PHQ-9",
        ),
        (
            "kind,local_value,code\ntimepoint,vecka 3,vecka-3\n",
            "mapping.csv, line 2: vecka-3 is no timepoint; the nearest are weekly-3",
        ),
        (
            "kind,local_value,code\nstatus,slut,avslutat\n",
            "mapping.csv, line 2: avslutat is no status; the nearest are completed",
        ),
        (
            "kind,local_value,code\nend_reason,slut,agreed\n",
            "mapping.csv, line 2: agreed is no end_reason; the nearest are agreed_completion",
        ),
        ("kind,local_value,code\nunit,VC Norr,Norr\n", "mapping.csv, line 2: Norr is no unit; write an HSA-id such as"),
        ("kind,local_value,code\nsex,tjej,flickan\n", "mapping.csv, line 2: flickan is no sex; the nearest are F"),
        (
            "kind,local_value,code\ncare_level,VC,primar\n",
            "mapping.csv, line 2: primar is no care_level; the nearest are primary",
        ),
        (
            "kind,local_value,code\nownership,bolag,privately\n",
            "mapping.csv, line 2: privately is no ownership; the nearest are private",
        ),
    ] {
        let error = read(text.as_bytes()).expect_err(text);
        assert!(error.starts_with(told), "{error}");
        assert!(!error.contains('\n'), "{error}");
    }
    let error = read(b"kind,local_value,code\ntimepoint,F\xf6re,pre\n").unwrap_err();
    assert!(error.starts_with("mapping.csv is not UTF-8; save it"), "{error}");
}

#[test]
fn a_word_in_table_and_file_must_have_one_code() {
    let file = read("kind,local_value,code\ntimepoint,FÖRE,pre\nsex,tjej,F\n".as_bytes()).unwrap();
    let table =
        |code: &str| Maps { timepoint: BTreeMap::from([("före".to_owned(), code.to_owned())]), ..Maps::default() };
    let mut maps = table("pre");
    file.add_to(&mut maps).unwrap();
    assert_eq!((maps.timepoint.len(), maps.sex["tjej"].as_str()), (1, "F"));
    let error = file.add_to(&mut table("post")).unwrap_err().0;
    assert!(
        error.ends_with(", line 2: \"FÖRE\" is pre here and post in [map.timepoint]; keep it in one of the two"),
        "{error}"
    );
}

#[test]
fn rows_of_every_kind_lead_to_their_codes_as_in_the_tables() {
    let file = read(
        "kind,local_value,code\nprogramme,Depp,Depressionshjälpen 2.0\ninstrument,PHQ,PHQ-9\ntimepoint,Mätning 1,pre\n\
         status,Klart,completed\nend_reason,Flytt,other\nunit,VC Norr,SE9990120000-E001\nsex,1,M\ncare_level,VC,primary\n\
         ownership,Bolag,private\n"
            .as_bytes(),
    )
    .unwrap();
    let mut maps = Maps::default();
    file.add_to(&mut maps).unwrap();
    let lists = CodeLists::builtin();
    let mut words = Words::new(&lists, &maps);
    for (kind, word, code) in [
        (MapKind::Programme, "DEPP", "depressionshjalpen"),
        (MapKind::Instrument, "phq", "PHQ-9"),
        (MapKind::Timepoint, "mätning 1", "pre"),
        (MapKind::Status, "klart", "completed"),
        (MapKind::EndReason, "flytt", "other"),
        (MapKind::Unit, "vc norr", "SE9990120000-E001"),
        (MapKind::Sex, "1", "M"),
        (MapKind::CareLevel, "vc", "primary"),
        (MapKind::Ownership, "bolag", "private"),
    ] {
        assert_eq!(words.meaning(kind, word), (Some(code.to_owned()), crate::map::Origin::Mapping), "{kind}");
        assert_eq!(words.meaning(kind, "något annat").0, None, "{kind}");
    }
}

#[test]
fn a_row_for_a_programme_covers_the_name_with_a_version_unless_something_knows_the_whole() {
    let mapped = |pairs: &[(&str, &str)]| Maps {
        programme: pairs.iter().map(|(word, code)| ((*word).to_owned(), (*code).to_owned())).collect(),
        ..Maps::default()
    };
    let lists = CodeLists::builtin();
    let maps = mapped(&[("Lugna Stunden", "oroshjalpen"), ("Lugna Stunden 3.0", "stresshjalpen")]);
    let mut words = Words::new(&lists, &maps);
    for (word, code, version) in [
        ("lugna stunden", "oroshjalpen", None),
        ("LUGNA STUNDEN 2.0", "oroshjalpen", Some("2.0")),
        ("Lugna stunden v4", "oroshjalpen", Some("4")),
        ("Lugna stunden 3.0", "stresshjalpen", None),
        ("Depressionshjälpen 2.0", "depressionshjalpen", Some("2.0")),
    ] {
        let found = words.programme(word).unwrap_or_else(|| panic!("{word} is not found"));
        assert_eq!((found.code.as_str(), found.version.as_deref()), (code, version), "{word}");
    }
    let told = words.meaning(MapKind::Programme, "LUGNA STUNDEN 2.0");
    assert_eq!(told, (Some("oroshjalpen".to_owned()), crate::map::Origin::Mapping));
    assert_eq!(words.programme("Lugna timmen 2.0"), None);
}
