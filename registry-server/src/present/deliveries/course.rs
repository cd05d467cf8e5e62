//! A sender's weeks as charts and figures, and what was rejected by which rule.
//!
//! Promises: the charts' figures stand in the tables beside them; counts only.

use std::collections::BTreeMap;

use jiff::{Timestamp, ToSpan as _};
use schemas::batch;
use schemas::contact::SKEW_TOLD_S;
use schemas::language::Language;
use schemas::rule::{Rule, today};

use super::count;
use crate::chart::sparkline::Sparkline;
use crate::chart::strip::{self, Strip};
use crate::chart::{Caption, Mark, Shown};
use crate::fact::SenderFact;
use crate::monitor::course::{self, Week};
use crate::monitor::is_older;
use crate::present::shell::minute;
use crate::present::tables::Table;
use crate::report::participation::standing::{Standing, standing};
use crate::store::SenderStatus;
use crate::store::watch::History;

/// What the table tells of a sender.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::present) struct Row {
    /// Who.
    pub(in crate::present) code: String,
    /// Where it stands with its deliveries.
    pub(in crate::present) standing: &'static str,
    /// Whether somebody should look at that.
    pub(in crate::present) is_wrong: bool,
    /// When its newest batch came.
    pub(in crate::present) seen: String,
    /// The latest end of a treatment that it delivered.
    pub(in crate::present) newest: String,
    /// New treatments by week, drawn.
    pub(in crate::present) sparkline: String,
    /// New treatments of the last whole week.
    pub(in crate::present) added: String,
    /// Rejected records of the last seven days, and all of them.
    pub(in crate::present) rejected: String,
    /// Version of its agent.
    pub(in crate::present) agent: String,
    /// Whether that is older than the register.
    pub(in crate::present) is_old: bool,
    /// The form that its newest batch is written in.
    pub(in crate::present) schema: String,
    /// What is to be said of it where the register now reads another; empty otherwise.
    pub(in crate::present) other_schema: &'static str,
    /// Whether its rules are the register's; nothing before it told.
    pub(in crate::present) rules: Option<bool>,
    /// Days that its certificate has left.
    pub(in crate::present) certificate: Option<i64>,
    /// Seconds that its clock is ahead.
    pub(in crate::present) skew: Option<i64>,
    /// Whether that is too much.
    pub(in crate::present) is_skewed: bool,
}

/// What a rule rejected.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::present) struct Reject {
    /// Its id.
    pub(in crate::present) rule: String,
    /// What it says.
    pub(in crate::present) text: String,
    /// Records of the last seven days.
    pub(in crate::present) week: String,
    /// Records a week in the eight weeks before.
    pub(in crate::present) before: String,
    /// More, fewer, or as before.
    pub(in crate::present) trend: &'static str,
}

/// A word for a standing.
pub(in crate::present) fn standing_word(
    sender: &SenderFact,
    now: Timestamp,
    language: Language,
) -> (&'static str, bool) {
    if &*sender.status == SenderStatus::Suspended.word() {
        return (language.pick("avstängd tills vidare", "suspended"), true);
    }
    if &*sender.status == SenderStatus::Revoked.word() {
        return (language.pick("avslutad", "revoked"), false);
    }
    match standing(sender, now) {
        Standing::Never => (language.pick("inget har kommit än", "nothing came yet"), false),
        Standing::Paused => (language.pick("planerat uppehåll", "planned pause"), false),
        Standing::OnTime => (language.pick("i tid", "on time"), false),
        Standing::Late => (language.pick("sen", "late"), true),
        Standing::Silent => (language.pick("tyst", "silent"), true),
    }
}

/// What the table tells of a sender.
pub(in crate::present) fn row(
    (sender, history): &(SenderFact, History),
    (now, language): (Timestamp, Language),
) -> Row {
    let (standing, is_wrong) = standing_word(sender, now, language);
    let seen = sender.last_seen_at.as_ref().and_then(|seen| seen.parse().ok());
    let ((rejected, records), _) = course::rejects(history, now);
    let (whole_week, _) = course::volumes(history, now);
    let heard = history.heard.as_ref();
    let skew = heard.and_then(|heard| heard.skew_s);
    let is_other = history.schema.as_ref().is_some_and(|schema| schema != batch::SCHEMA);
    Row {
        code: history.sender.to_string(),
        standing,
        is_wrong,
        seen: seen.map_or_else(String::new, minute),
        newest: history.newest_end.clone().unwrap_or_default(),
        sparkline: sparkline(&history.sender.to_string(), &course::weeks(sender, history, now), language),
        added: count(language, whole_week.added),
        rejected: format!("{} / {}", count(language, rejected), count(language, records)),
        agent: history.agent.clone().unwrap_or_default(),
        is_old: history.agent.as_ref().is_some_and(|agent| is_older(agent, env!("CARGO_PKG_VERSION"))),
        schema: history.schema.clone().unwrap_or_default(),
        other_schema: if is_other { language.pick("inte registrets", "not the register's") } else { "" },
        rules: history.rules.as_ref().map(|rules| *rules == schemas::rule::hash()),
        certificate: heard.map(|heard| heard.certificate_until.duration_since(now).as_hours().div_euclid(24)),
        skew,
        is_skewed: skew.is_some_and(|skew| skew.abs() > SKEW_TOLD_S),
    }
}

/// New treatments of the whole weeks, from the oldest on.
fn sparkline(code: &str, weeks: &[Week], language: Language) -> String {
    let title = format!("{code}: {}", language.pick("nya behandlingar per vecka", "new treatments by week"));
    let mark = |week: &Week| {
        if week.state == strip::State::BeforeEnrolment {
            return Mark::Undefined;
        }
        let text = format!("{} ({})", count(language, week.came.added), week.monday);
        Mark::Shown(Shown { value: week.came.added as f64, interval: None, text })
    };
    let whole = weeks.split_last().map_or(&[][..], |(_, whole)| whole);
    let marks: Vec<Mark> = whole.iter().map(mark).collect();
    Sparkline { title: &title, language, marks: &marks }.svg()
}

/// How the weeks of these senders went, drawn; of one sender its own name stands for its code.
pub(in crate::present) fn strip(
    known: &[(SenderFact, History)],
    (now, language): (Timestamp, Language),
    title: Option<&str>,
) -> String {
    let each: Vec<(String, Vec<Week>)> = known
        .iter()
        .map(|(sender, history)| (history.sender.to_string(), course::weeks(sender, history, now)))
        .collect();
    let Some((_, first)) = each.first() else { return String::new() };
    let name = |week: &Week| week.monday.strftime(language.pick("v%V", "w%V")).to_string();
    let names: Vec<String> = first.iter().map(name).collect();
    let cell = |week: &Week| {
        let records = format!("{} {}", count(language, week.came.records), language.pick("poster", "records"));
        strip::Week { state: week.state, note: (week.came.batches > 0).then_some(records) }
    };
    let senders: Vec<strip::Sender> = each
        .iter()
        .map(|(label, weeks)| strip::Sender { label: label.clone(), weeks: weeks.iter().map(cell).collect() })
        .collect();
    let caption = Caption {
        title: title
            .unwrap_or(language.pick("Kom varje vecka det som väntades?", "Did every week bring what was expected?")),
        description: language.pick(
            "En rad per avsändare och en ruta per vecka, den nuvarande sist. Tidsplanen är den som agenten har nu.",
            "A row a sender and a cell a week, the present one last. The schedule is the one that the agent has now.",
        ),
        axis: language.pick("vecka", "week"),
        language,
    };
    Strip { caption, weeks: &names, senders: &senders }.svg()
}

/// How the weeks of these senders went, as the drawing shows it: how, how many records came, how many new treatments.
pub(in crate::present) fn weeks(known: &[(SenderFact, History)], (now, language): (Timestamp, Language)) -> Table {
    let each: Vec<(String, Vec<Week>)> = known
        .iter()
        .map(|(sender, history)| (history.sender.to_string(), course::weeks(sender, history, now)))
        .collect();
    let heads = each.first().map_or_else(Vec::new, |(_, weeks)| {
        let from = language.pick("vecka från", "week from");
        weeks.iter().map(|week| format!("{from} {}", week.monday)).collect()
    });
    let (records, added) = language.pick(("poster", "nya behandlingar"), ("records", "new treatments"));
    let told = |week: &Week| {
        let state = week.state.text().pick(language);
        let (came, new) = (count(language, week.came.records), count(language, week.came.added));
        if week.came.batches > 0 { format!("{state}, {came} {records}, {new} {added}") } else { state.to_owned() }
    };
    let title =
        language.pick("Kom varje vecka det som väntades?", "Did every week bring what was expected?").to_owned();
    let rows = each.iter().map(|(code, weeks)| (code.clone(), weeks.iter().map(told).collect())).collect();
    Table { title, columns: heads, rows }
}

/// What was rejected in the last seven days or in the eight weeks before, by rule, most of it first.
pub(in crate::present) fn rejects<'a>(
    histories: impl Iterator<Item = &'a History>,
    (now, language): (Timestamp, Language),
) -> Vec<Reject> {
    let tomorrow = today(now).checked_add(1.day()).unwrap_or(today(now));
    let back = |days: i64| tomorrow.checked_sub(days.days()).unwrap_or(tomorrow);
    let (week, first) = (back(7), back(63));
    let mut found: BTreeMap<&str, (u64, u64)> = BTreeMap::new();
    for history in histories {
        for ((day, rule), records) in history.rejects.iter().filter(|((day, _), _)| *day >= first) {
            let sums = found.entry(rule).or_default();
            if *day >= week { sums.0 += records } else { sums.1 += records }
        }
    }
    let mut found: Vec<(&str, (u64, u64))> = found.into_iter().collect();
    found.sort_by_key(|(rule, (new, old))| (std::cmp::Reverse((*new, *old)), *rule));
    let told = |(rule, (new, old)): (&str, (u64, u64))| Reject {
        rule: rule.to_owned(),
        text: rule_text(rule, language),
        week: count(language, new),
        before: language.number(old as f64 / 8.0, 1),
        trend: match (new * 8).cmp(&old) {
            std::cmp::Ordering::Greater => language.pick("fler", "more"),
            std::cmp::Ordering::Less => language.pick("färre", "fewer"),
            std::cmp::Ordering::Equal => language.pick("lika många", "as many"),
        },
    };
    found.into_iter().map(told).collect()
}

/// What a rule says; nothing of one that a newer version knows.
pub(in crate::present) fn rule_text(rule: &str, language: Language) -> String {
    let known = Rule::by_id(rule).map(Rule::describe);
    known.map_or_else(String::new, |known| language.pick(known.sv, known.en).to_owned())
}
