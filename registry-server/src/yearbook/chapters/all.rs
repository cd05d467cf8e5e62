//! The chapters of a yearbook, in their order.
//!
//! To add a chapter: an entry in `ALL`.

use schemas::language::Text;

use super::desk::{DUPLICATES, FIELDS, SPREADS, WAITS, course, flow};
use super::{Chapter, Columns, Drawing, Kind, Part, Reach, Span};

macro_rules! share {
    ($name:literal) => {
        Columns {
            value: concat!($name, "_p"),
            interval: Some([concat!($name, "_lo"), concat!($name, "_hi")]),
            count: Some(concat!($name, "_d")),
        }
    };
}

const COMPLETED: Text = Text::fixed("Andel fullföljda behandlingar", "Share of completed treatments");
const RATE: Columns =
    Columns { value: "rate_per_1000", interval: Some(["rate_lo", "rate_hi"]), count: Some("n_started") };
/// How scores changed.
pub(super) const CHANGE: Columns =
    Columns { value: "mean_change", interval: Some(["ci_lo", "ci_hi"]), count: Some("n_paired") };
const RATE_LAST: Columns =
    Columns { value: "rate_last", interval: Some(["rate_lo_last", "rate_hi_last"]), count: Some("n_last") };

/// Every pair in one of four outcomes.
pub(super) const OUTCOMES: Kind = Kind::Stack(
    "n_paired",
    &[
        Part {
            what: Text::fixed("tillförlitligt återhämtade", "reliably recovered"),
            of: &["rel_recovery_n"],
            without: &[],
        },
        Part {
            what: Text::fixed("övriga tillförlitligt bättre", "others reliably improved"),
            of: &["rel_improved_n"],
            without: &["rel_recovery_n"],
        },
        Part {
            what: Text::fixed("utan tillförlitlig ändring", "no reliable change"),
            of: &["n_paired"],
            without: &["rel_improved_n", "rel_deteriorated_n"],
        },
        Part {
            what: Text::fixed("tillförlitligt sämre", "reliably deteriorated"),
            of: &["rel_deteriorated_n"],
            without: &[],
        },
    ],
);

const SICK_LEAVE: Kind = Kind::Stack(
    "n_both",
    &[
        Part { what: Text::fixed("mindre än före", "less than before"), of: &["sick_less_n"], without: &[] },
        Part { what: Text::fixed("lika", "the same"), of: &["sick_same_n"], without: &[] },
        Part { what: Text::fixed("mer än före", "more than before"), of: &["sick_more_n"], without: &[] },
    ],
);

/// A chart whose rows are those of one dimension.
const fn rows(name: &'static str, what: Text, of: &'static [&'static str], kind: Kind) -> Drawing {
    Drawing { name, what, of, only: &[], kind }
}

const REGION: &[&str] = &["region"];
const PROGRAMME: &[&str] = &["programme"];

/// Every chapter.
pub(super) const ALL: &[Chapter] = &[
    Chapter {
        report: "participation",
        by: "region",
        period: "all",
        title: Text::fixed("Deltagande", "Participation"),
        reach: Reach::Staff,
        span: Span::Every,
        charts: &[],
    },
    Chapter {
        report: "coverage",
        by: "region",
        period: "year",
        title: Text::fixed("Täckningsgrad per region", "Coverage by region"),
        reach: Reach::Staff,
        span: Span::Every,
        charts: &[rows("coverage", Text::fixed("Täckningsgrad", "Coverage"), REGION, Kind::Bars(share!("coverage")))],
    },
    Chapter {
        report: "catalogue",
        by: "",
        period: "all",
        title: Text::fixed("Program som används", "Programmes in use"),
        reach: Reach::Staff,
        span: Span::Every,
        charts: &[],
    },
    Chapter {
        report: "data-quality",
        by: "",
        period: "year",
        title: Text::fixed("Datakvalitet", "Data quality"),
        reach: Reach::Staff,
        span: Span::Published,
        charts: &[FIELDS],
    },
    Chapter {
        report: "duplicates",
        by: "",
        period: "all",
        title: Text::fixed("Möjliga dubbletter", "Possible duplicates"),
        reach: Reach::Staff,
        span: Span::Every,
        charts: &[DUPLICATES],
    },
    Chapter {
        report: "usage",
        by: "",
        period: "month",
        title: Text::fixed("Behandlingar månad för månad", "Treatments month by month"),
        reach: Reach::Staff,
        span: Span::Every,
        charts: &[Drawing {
            name: "months",
            what: Text::fixed(
                "Påbörjade, avslutade och pågående behandlingar",
                "Started, ended and ongoing treatments",
            ),
            of: &[],
            only: &[],
            kind: Kind::Trend(&["n_started", "n_ended", "n_ongoing"]),
        }],
    },
    Chapter {
        report: "growth",
        by: "programme",
        period: "year",
        title: Text::fixed("Utveckling över tid", "Growth over time"),
        reach: Reach::Staff,
        span: Span::Every,
        charts: &[Drawing {
            name: "years",
            what: Text::fixed("Avslutade behandlingar i registret", "Ended treatments in the register"),
            of: &[],
            only: &[("programme", crate::aggregate::ALL)],
            kind: Kind::Trend(&["n_started"]),
        }],
    },
    Chapter {
        report: "persons",
        by: "sex,age_group",
        period: "year",
        title: Text::fixed("Personer efter kön och ålder", "Persons by sex and age"),
        reach: Reach::Staff,
        span: Span::Every,
        charts: &[rows(
            "persons",
            Text::fixed("Personer", "Persons"),
            &["sex", "age_group"],
            Kind::Bars(Columns { value: "n_persons", interval: None, count: None }),
        )],
    },
    Chapter {
        report: "groups",
        by: "region",
        period: "year",
        title: Text::fixed("Behandlingar per region", "Treatments by region"),
        reach: Reach::Everybody,
        span: Span::Every,
        charts: &[
            rows("completed", COMPLETED, REGION, Kind::Bars(share!("completed"))),
            rows(
                "rate",
                Text::fixed("Behandlingar per 1000 invånare", "Treatments per 1000 inhabitants"),
                REGION,
                Kind::Bars(RATE),
            ),
        ],
    },
    Chapter {
        report: "groups",
        by: "programme",
        period: "year",
        title: Text::fixed("Behandlingar per program", "Treatments by programme"),
        reach: Reach::Everybody,
        span: Span::Every,
        charts: &[rows("completed", COMPLETED, PROGRAMME, Kind::Bars(share!("completed")))],
    },
    Chapter {
        report: "rates",
        by: "region",
        period: "year",
        title: Text::fixed("Tre år sida vid sida", "Three years side by side"),
        reach: Reach::Staff,
        span: Span::Every,
        charts: &[rows(
            "last-year",
            Text::fixed("Behandlingar per 1000 invånare, sista året", "Treatments per 1000 inhabitants, last year"),
            REGION,
            Kind::Bars(RATE_LAST),
        )],
    },
    Chapter {
        report: "shares",
        by: "region",
        period: "year",
        title: Text::fixed("Kvinnor och män, offentligt och privat", "Women and men, public and private"),
        reach: Reach::Staff,
        span: Span::Every,
        charts: &[rows("women", Text::fixed("Andel kvinnor", "Share of women"), REGION, Kind::Bars(share!("women")))],
    },
    Chapter {
        report: "waiting",
        by: "region",
        period: "year",
        title: Text::fixed("Väntetider", "Waiting times"),
        reach: Reach::Staff,
        span: Span::Every,
        charts: &[
            rows("waits", Text::fixed("Väntan från remiss till start", "Wait from referral to start"), REGION, WAITS),
            rows(
                "within-90",
                Text::fixed("Andel som började inom 90 dagar", "Share who started within 90 days"),
                REGION,
                Kind::Bars(share!("within_90")),
            ),
        ],
    },
    Chapter {
        report: "sick-leave",
        by: "region",
        period: "year",
        title: Text::fixed("Sjukskrivning före och efter", "Sick leave before and after"),
        reach: Reach::Staff,
        span: Span::Every,
        charts: &[rows(
            "change",
            Text::fixed("Sjukskrivning efter behandling", "Sick leave after treatment"),
            REGION,
            SICK_LEAVE,
        )],
    },
    Chapter {
        report: "outcomes",
        by: "region",
        period: "year",
        title: Text::fixed("Behandlingsresultat per region", "Outcomes by region"),
        reach: Reach::Everybody,
        span: Span::Every,
        charts: &[rows("outcomes", Text::fixed("Utfall", "Outcomes"), REGION, OUTCOMES)],
    },
    Chapter {
        report: "outcomes",
        by: "programme",
        period: "year",
        title: Text::fixed("Behandlingsresultat per program", "Outcomes by programme"),
        reach: Reach::Everybody,
        span: Span::Every,
        charts: &[
            rows("change", Text::fixed("Medeländring", "Mean change"), PROGRAMME, Kind::Forest(CHANGE)),
            rows("outcomes", Text::fixed("Utfall", "Outcomes"), PROGRAMME, OUTCOMES),
        ],
    },
    Chapter {
        report: "trajectory",
        by: "programme",
        period: "year",
        title: Text::fixed("Skattningar före, efter och vid uppföljning", "Scores before, after and at follow-up"),
        reach: Reach::Staff,
        span: Span::Every,
        charts: &[course(&[("programme", crate::aggregate::ALL)])],
    },
    Chapter {
        report: "flow",
        by: "programme",
        period: "year",
        title: Text::fixed("Från remiss till uppföljning", "From referral to follow-up"),
        reach: Reach::Staff,
        span: Span::Every,
        charts: &[flow(&[("programme", crate::aggregate::ALL)])],
    },
    Chapter {
        report: "deciles",
        by: "",
        period: "year",
        title: Text::fixed(
            "Spridningen mellan enheter och regioner över tid",
            "The spread of units and regions over time",
        ),
        reach: Reach::Staff,
        span: Span::Every,
        charts: &SPREADS,
    },
    Chapter {
        report: "composite",
        by: "region",
        period: "year",
        title: Text::fixed("Depression och ångest tillsammans", "Depression and anxiety together"),
        reach: Reach::Staff,
        span: Span::Every,
        charts: &[rows(
            "reliable-recovery",
            Text::fixed("Andel tillförlitligt återhämtade", "Share reliably recovered"),
            REGION,
            Kind::Bars(share!("rel_recovery")),
        )],
    },
    Chapter {
        report: "funnel",
        by: "",
        period: "year",
        title: Text::fixed("Skillnader större än slumpen", "Differences larger than chance"),
        reach: Reach::Staff,
        span: Span::Published,
        charts: &[
            Drawing {
                name: "completed",
                what: Text::fixed(
                    "Andel fullföljda behandlingar och slumpens gränser",
                    "Share of completed treatments and the limits of chance",
                ),
                of: &["point"],
                only: &[("level", "region"), ("measure", "completed")],
                kind: Kind::Funnel,
            },
            Drawing {
                name: "improved",
                what: Text::fixed(
                    "Andel tillförlitligt bättre och slumpens gränser",
                    "Share reliably improved and the limits of chance",
                ),
                of: &["point"],
                only: &[("level", "region"), ("measure", "rel_improved")],
                kind: Kind::Funnel,
            },
        ],
    },
    Chapter {
        report: "benchmark",
        by: "",
        period: "year",
        title: Text::fixed("Enheter bredvid region och riket", "Units beside region and country"),
        reach: Reach::Staff,
        span: Span::Published,
        charts: &[],
    },
];
