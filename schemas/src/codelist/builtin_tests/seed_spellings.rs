//! The spellings of the source documents (the survey of 2018 and Region Kronoberg's page of 2022), typed in as they stand there.
//!
//! Promises: each resolves without any local mapping. Must not know: which region offers what.

use super::*;

#[test]
fn treatment_programmes_resolve_in_the_spellings_of_the_survey() {
    for (spelling, code, version) in [
        ("Depressionshjälpen 2.0", "depressionshjalpen", Some("2.0")),
        ("Depressionshjälpen", "depressionshjalpen", None),
        ("depressionshjälpen", "depressionshjalpen", None),
        ("Oroshjälpen", "oroshjalpen", None),
        ("Stresshjälpen", "stresshjalpen", None),
        ("stresshjälp", "stresshjalpen", None),
        ("Sovhjälpen", "sovhjalpen", None),
        ("Sömnhjälpen", "sovhjalpen", None),
        ("Ångesthjälpen", "angesthjalpen", None),
        ("Ångesthjälpen Ung", "angesthjalpen-ung", None),
        ("Ångesthjälpen ung", "angesthjalpen-ung", None),
        ("Ångesthjälpen Ung (13-19 år)", "angesthjalpen-ung", None),
        ("Depression och nedstämdhet", "depression-och-nedstamdhet", None),
        ("Oro och ångest", "oro-och-angest", None),
        ("Internethjälpen ångest/oro", "oro-och-angest", None),
        ("Internethjälpen vid ångest och oro", "oro-och-angest", None),
        ("Internethjälpen smärta Livanda", "hantera-smarta", None),
        ("Internethjälpen", "internethjalpen", None),
        ("Sömnproblem", "somnproblem", None),
        ("Stresshantering", "stresshantering", None),
        ("Bättre självkänsla", "battre-sjalvkansla", None),
        ("Hantera smärta", "hantera-smarta", None),
        ("UAS sömn", "uas-somn", None),
        ("Egenutvecklat program vid bipolär sjukdom", "egenutvecklat-program-vid-bipolar-sjukdom", None),
        ("vikt nedgång", "viktnedgang", None),
        ("Alkoholprogrammet", "alkoholprogrammet", None),
        ("Cannabisprogrammet 1.2", "cannabisprogrammet", Some("1.2")),
        ("Depressionsprogrammet, egenutvecklat", "depressionsprogrammet", None),
        ("Sömnprogram, egenutvecklat", "somnprogram", None),
        ("Social fobi 2.0", "social-fobi", Some("2.0")),
        (
            "Social fobi 2.0, KBT-behandling med manual från självhjälpsbok av Thomas Furumark",
            "social-fobi",
            Some("2.0"),
        ),
        ("Sömnbehandling för ungdomar", "somnbehandling-for-ungdomar", None),
        ("Sömnbehandling för barn och unga", "somnbehandling-for-ungdomar", None),
        ("Självhjälpsbehandling hetsätning", "sjalvhjalpsbehandling-hetsatning", None),
        ("Demonkampen, spelet om dina känslor (för ungdomar 13-19 år med ångest)", "demonkampen", None),
        ("Internetbehandling för depression", "internetbehandling-for-depression", None),
        ("Viktiga Mammor", "viktiga-mammor", None),
        ("Egenutvecklad Tinnitusbehandling", "tinnitusbehandling", None),
        ("Ångesthjälpen ung föräldrastöd", "angesthjalpen-ung-foraldrastod", None),
        ("ADHD-hjälpen", "adhd-hjalpen", None),
        ("ADHD hjälpen", "adhd-hjalpen", None),
    ] {
        let lists = CodeLists::builtin();
        let found = lists.find_programme(spelling).unwrap_or_else(|| panic!("{spelling} is not found"));
        assert_eq!((found.code.as_str(), found.version.as_deref()), (code, version), "{spelling}");
        assert_eq!(lists.programme(code).unwrap().kind, ProgrammeKind::Treatment, "{spelling}");
    }
}

#[test]
fn support_programmes_resolve_in_the_spellings_of_the_documents() {
    let lists = CodeLists::builtin();
    for spelling in [
        "\"Ast – vad är det?\"",
        "Ast – vad är det?",
        "Digital SIP",
        "Min vårdplan cancer",
        "Min vårdplan Cancer (tjocktarm)",
        "Min vårdplan huvud- halscancer",
        "Gravid:12-veckorsstödet (Familjecentral)",
        "Kostregistrering (Dietist Bariatrisk Mottagning)",
        "Inför Samtal",
        "Inför samtal (Samtalsterapeut)",
        "Astmakollen (Vårdcentral)",
        "Rehabilitering vid knäprotesoperation (Fysioterapeut)",
        "Rehabilitering inför knäprotesoperation",
        "Sjukskrivningskollen",
        "Eget program för smärtrehabilitering",
        "Registrerar mående",
        "Registrera mående",
        "Sömn och sömnbesvär",
        "Ångest och oro",
        "Ångest eller oro?",
        "Besök smärtenheten",
        "Hälsoenkät arm/axel/hand",
        "Livsstilsenkät för gravida",
        "MADRS självskattning",
        "MADRS",
        "Matdagbok",
        "Matdagbok med symtomregistrering",
        "Stressad?",
        "Koll på Aspberger/Scope",
        "Efter hjärtinfarkten",
        "ADHD-center: Utvärdering av grundkurser",
        "Internethabiliteringen",
        "HälsoProfilen",
        "Uppföljning Affektiva behandlingsenheten (personalutbildning)",
        "Västerbottens hälsundersökning",
        "Hur mår du?",
        "Leva-metoden",
        "FaR",
        "Artrosskola",
        "artrosskolan",
        "Barn med språkstörning – stöd från logopeden",
        "Lära-känna-programmet",
        "MADRA-S",
        "MADRA-S och EQ-5D vid ECT",
        "Tobakshjälpen",
        "Hjärtskola för dig med kranskärlssjukdom",
        "Matdagboken",
        "Ny vikt på sikt",
    ] {
        let found = lists.find_programme(spelling).unwrap_or_else(|| panic!("{spelling} is not found"));
        assert_eq!(lists.programme(&found.code).unwrap().kind, ProgrammeKind::Support, "{spelling}");
    }
}

#[test]
fn regions_resolve_in_the_spellings_of_the_survey() {
    let lists = CodeLists::builtin();
    for (spelling, code) in [
        ("Stockholms läns landsting", "01"),
        ("Region Uppsala", "03"),
        ("Landstinget Sörmland", "04"),
        ("Östergötland", "05"),
        ("Region Östergötland", "05"),
        ("Region Jönköpings län", "06"),
        ("Kronobergs län", "07"),
        ("Landstinget Kalmar", "08"),
        ("Region Kalmar", "08"),
        ("Landstinget i Kalmar län", "08"),
        ("Region Gotland", "09"),
        ("Landstinget Blekinge", "10"),
        ("Region Skåne", "12"),
        ("Region Halland", "13"),
        ("VGR", "14"),
        ("Västra Götalandsregionen", "14"),
        ("Landstinget i Värmland", "17"),
        ("Region Örebro län", "18"),
        ("Region Västmanland", "19"),
        ("Landstinget Dalarna", "20"),
        ("Region Gävleborg", "21"),
        ("Landstinget Västernorrland", "22"),
        ("Region Jämtland Härjedalen", "23"),
        ("Västerbottens Läns Landsting", "24"),
        ("Region Norrbotten", "25"),
        ("12", "12"),
    ] {
        assert_eq!(lists.find_region(spelling).map(|region| region.code.as_str()), Some(code), "{spelling}");
    }
}

#[test]
fn what_is_only_similar_is_not_found_but_proposed() {
    let lists = CodeLists::builtin();
    for (value, nearest) in [
        ("Oroshjlpen", "Oroshjälpen"),
        ("Angesthjalpen Ungdom", "Ångesthjälpen Ung"),
        ("Depr.hjälpen lokal", "Depressionshjälpen"),
    ] {
        assert_eq!(lists.find_programme(value), None, "{value}");
        let proposed = lists.nearest(ListName::Programmes, value);
        assert!(proposed.len() <= 3 && proposed.iter().any(|name| name == nearest), "{value}: {proposed:?}");
    }
    assert_eq!(lists.nearest(ListName::Instruments, "PHQ9").first().map(String::as_str), Some("PHQ-9"));
    assert_eq!(lists.nearest(ListName::Programmes, "xyz"), Vec::<String>::new());
    assert_eq!(lists.find_instrument(" ｐｈｑ-9 ").map(|instrument| instrument.code.as_str()), Some("PHQ-9"));
}
