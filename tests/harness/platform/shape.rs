//! How one region's database spells what all of them mean: no two platforms write the same.

/// How identity numbers stand in the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NumberSpelling {
    /// `YYYYMMDDNNNN`
    Twelve,
    /// `YYMMDD-NNNN`
    TenWithHyphen,
    /// `YYYYMMDD NNNN` with a no-break space.
    TwelveWithSpace,
}

/// How dates stand in the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DateSpelling {
    /// `YYYY-MM-DD`
    Iso,
    /// `YYYYMMDD`
    Compact,
    /// `YYYY-MM-DD 00:00:00`
    WithTime,
}

/// A region's own words.
#[derive(Debug, Clone, Copy)]
pub struct Shape {
    /// Identity numbers.
    pub number: NumberSpelling,
    /// Dates.
    pub date: DateSpelling,
    /// Scores with a decimal comma.
    pub comma: bool,
    /// Local programme name and the code it means.
    pub programmes: &'static [(&'static str, &'static str)],
    /// A support programme's local name.
    pub support: &'static str,
    /// Instrument code and its local name.
    pub instruments: &'static [(&'static str, &'static str)],
    /// Timepoint and its local name; others are written as they are.
    pub timepoints: &'static [(&'static str, &'static str)],
    /// Status and its local name.
    pub statuses: &'static [(&'static str, &'static str)],
    /// `[map.programme]` of the region: what the code lists do not know by name or alias.
    pub mapped_programmes: &'static [(&'static str, &'static str)],
}

/// The shapes; a region of a higher ordinal takes the next in turn.
pub const SHAPES: [Shape; 4] = [
    Shape {
        number: NumberSpelling::Twelve,
        date: DateSpelling::Iso,
        comma: false,
        programmes: &[
            ("Depressionshjälpen 2.0", "depressionshjalpen"),
            ("Oroshjälpen", "oroshjalpen"),
            ("Stresshjälpen", "stresshjalpen"),
            ("Ångesthjälpen", "angesthjalpen"),
        ],
        support: "Sjukskrivningskollen",
        instruments: &[("PHQ-9", "PHQ-9"), ("GAD-7", "GAD-7"), ("EQ-VAS", "EQ-VAS")],
        timepoints: &[("pre", "före"), ("post", "efter")],
        statuses: &[
            ("completed", "avslutad"),
            ("discontinued", "avbruten"),
            ("ongoing", "pågående"),
            ("opted_out", "vill ej delta i register"),
        ],
        mapped_programmes: &[],
    },
    Shape {
        number: NumberSpelling::TenWithHyphen,
        date: DateSpelling::Compact,
        comma: true,
        programmes: &[
            ("Depression och nedstämdhet", "depression-och-nedstamdhet"),
            ("Oro och ångest", "oro-och-angest"),
            ("Depr.hjälpen lokal", "depressionshjalpen"),
        ],
        support: "Tobakshjälpen",
        instruments: &[("PHQ-9", "PHQ9"), ("GAD-7", "GAD7"), ("PSWQ", "Penn State")],
        timepoints: &[("pre", "start"), ("post", "slut")],
        statuses: &[
            ("completed", "klar"),
            ("discontinued", "avhopp"),
            ("ongoing", "aktiv"),
            ("opted_out", "spärrad för register"),
        ],
        mapped_programmes: &[("Depr.hjälpen lokal", "depressionshjalpen")],
    },
    Shape {
        number: NumberSpelling::TwelveWithSpace,
        date: DateSpelling::WithTime,
        comma: false,
        programmes: &[
            ("ÅNGESTHJÄLPEN", "angesthjalpen"),
            ("Internetbehandling för depression", "internetbehandling-for-depression"),
            ("oroshjälpen", "oroshjalpen"),
        ],
        support: "Min vårdplan cancer",
        instruments: &[("PHQ-9", "phq-9"), ("GAD-7", "gad-7"), ("MADRS-S", "MADRS-S")],
        timepoints: &[],
        statuses: &[
            ("completed", "completed"),
            ("discontinued", "discontinued"),
            ("ongoing", "ongoing"),
            ("opted_out", "opted_out"),
        ],
        mapped_programmes: &[],
    },
    Shape {
        number: NumberSpelling::TenWithHyphen,
        date: DateSpelling::Iso,
        comma: true,
        programmes: &[
            ("Ångesthjälpen", "angesthjalpen"),
            ("Depressionshjälpen", "depressionshjalpen"),
            ("Sömnhjälpen (region)", "sovhjalpen"),
        ],
        support: "Tobakshjälpen",
        instruments: &[("PHQ-9", "PHQ-9"), ("GAD-7", "GAD-7"), ("ISI", "ISI")],
        timepoints: &[("pre", "före"), ("post", "vid avslut")],
        statuses: &[
            ("completed", "slutförd"),
            ("discontinued", "avbruten"),
            ("ongoing", "pågår"),
            ("opted_out", "har avböjt"),
        ],
        mapped_programmes: &[("Sömnhjälpen (region)", "sovhjalpen")],
    },
];

impl Shape {
    /// The local word for a meaning, or the meaning itself.
    #[must_use]
    pub fn word<'a>(list: &[(&'a str, &'a str)], meaning: &'a str) -> &'a str {
        list.iter().find(|(code, _)| *code == meaning).map_or(meaning, |(_, word)| word)
    }

    /// The meaning of a local word, or the word itself.
    #[must_use]
    pub fn meaning<'a>(list: &[(&'a str, &'a str)], word: &'a str) -> &'a str {
        list.iter().find(|(_, local)| *local == word).map_or(word, |(code, _)| code)
    }
}
