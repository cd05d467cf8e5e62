//! What to look at, a sentence each: key and certificate, and what the state holds.

use jiff::Timestamp;
use schemas::language::Language;
use schemas::rule::Rule;

use super::Status;
use crate::check::certificate;
use crate::config::Config;
use crate::outbox::{ComparedNote, HeldRow};
use crate::pseudonymise::Keys;
use crate::release;

/// Days left on the certificate below which it is told.
const CERTIFICATE_WARNING_DAYS: i64 = 14;

/// The person key of the key file; a fault where that cannot be read.
pub(super) fn key_id(config: &Config, faults: &mut Vec<String>) -> Option<String> {
    let file = config.pseudonym.key_file.as_ref()?;
    match Keys::read(&config.path(file)) {
        Ok(keys) => Some(keys.id().to_string()),
        Err(error) => {
            faults.push(error.to_string());
            None
        }
    }
}

/// Days until the certificate ends, and what there is to say of them.
pub(super) fn certificate_days(
    (config, now): (&Config, Timestamp),
    (faults, warnings): (&mut Vec<String>, &mut Vec<String>),
    language: Language,
) -> Option<i64> {
    let days = match certificate(config) {
        Ok(certificate) => Some(certificate.days_left(now)),
        Err(error) => {
            faults.push(error.to_string());
            None
        }
    };
    if let Some(days) = days.filter(|days| *days < CERTIFICATE_WARNING_DAYS) {
        let list = if days < 0 { faults } else { warnings };
        list.push(language.pick(
            format!("certifikatet har {days} dagar kvar; be registret om ett nytt certifikat"),
            format!("the certificate has {days} days left; ask the register for a new certificate"),
        ));
    }
    days
}

/// What the state tells to look at.
pub(super) fn warnings(status: &Status, language: Language) -> Vec<String> {
    let pick = |sv: String, en: String| language.pick(sv, en);
    let mut warnings = Vec::new();
    if let Some(failure) = &status.last_failure {
        let (exit, sentence) = (failure.exit, &failure.sentence);
        warnings.push(pick(
            format!("den senaste körningen slutade med {exit}: {sentence}"),
            format!("the newest run ended with {exit}: {sentence}"),
        ));
    }
    warnings.extend(status.held.iter().map(|row| held(row, language)));
    if let Some(n) = status.compared.as_ref().map(ComparedNote::differences).filter(|n| *n > 0) {
        warnings.push(pick(
            format!("{n} behandlingar hos registret är inte som de levererades; `registry-agent reconcile` visar och rättar dem"),
            format!("{n} treatments at the register are not as they were delivered; `registry-agent reconcile` names and mends them"),
        ));
    }
    warnings.extend(status.rejected.iter().map(|(rule, n)| {
        pick(
            format!("{n} poster avvisas av registret ({rule}); `registry-agent held list` visar varför"),
            format!("{n} records rejected by the register ({rule}); `registry-agent held list` tells why"),
        )
    }));
    if !status.left_out.is_empty() {
        let names = status.left_out.join(", ");
        warnings.push(pick(
            format!(
                "fält som är nya i den här versionen lämnas utanför till `registry-agent release --fields`: {names}"
            ),
            format!("fields new in this version are left out until `registry-agent release --fields`: {names}"),
        ));
    }
    warnings.extend(status.pending.first().map(|hash| release::waits(hash, language)));
    warnings.extend(to_be_delivered(status.outbox.free, language));
    warnings
}

fn held(row: &HeldRow, language: Language) -> String {
    let HeldRow { rule, field, n, standing, .. } = row;
    let what = scope(&row.scope, *n, language);
    let text = Rule::by_id(rule).map_or("", |rule| language.pick(rule.describe().sv, rule.describe().en));
    let (sv, en) = match standing {
        0 => (String::new(), String::new()),
        _ => (
            format!(", varav {standing} med en mottagen version som står kvar hos registret"),
            format!(", {standing} of them with an accepted version that stands at the register"),
        ),
    };
    language.pick(
        format!("{n} {what} hålls kvar av {rule} ({field}){sv}: {text}"),
        format!("{n} {what} held by {rule} ({field}){en}: {text}"),
    )
}

fn to_be_delivered(n: i64, language: Language) -> Option<String> {
    let (sv, en) = match n {
        ..=0 => return None,
        1 => ("1 post väntar".to_owned(), "1 record waits".to_owned()),
        _ => (format!("{n} poster väntar"), format!("{n} records wait")),
    };
    Some(language.pick(
        format!("{sv} på att levereras; kör `registry-agent check --connect` om ingen körning pågår"),
        format!("{en} to be delivered; run `registry-agent check --connect` if no run is going on"),
    ))
}

/// What is held, as so many of it are called.
pub(super) fn scope(scope: &str, n: i64, language: Language) -> &'static str {
    let [one, more] = match scope {
        "treatment" => language.pick(["behandling", "behandlingar"], ["treatment", "treatments"]),
        "answer" => language.pick(["skattning", "skattningar"], ["answer", "answers"]),
        _ => language.pick(["enhet", "enheter"], ["unit", "units"]),
    };
    if n == 1 { one } else { more }
}
