//! Answers of a running register, held against the description.
//!
//! Promises: status, headers that are promised, kind and form of every answer to an address of the tables; what differs is told by its
//! place and never by its value.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use jsonschema::Validator;
use serde_json::{Value, json};

/// The document, which is the committed one (a test says so).
static DOCUMENT: LazyLock<Value> = LazyLock::new(super::document);
/// What checks answers, by place in the document.
static VALIDATORS: LazyLock<Mutex<HashMap<String, Arc<Validator>>>> = LazyLock::new(Mutex::default);

/// An answer.
pub(crate) struct Answered<'a> {
    pub(crate) method: &'a str,
    /// Without what stands behind the question mark.
    pub(crate) path: &'a str,
    pub(crate) status: u16,
    /// Empty for none.
    pub(crate) media: &'a str,
    pub(crate) retry_after: bool,
    pub(crate) body: &'a [u8],
}

/// Fails when an answer is not as the description says; an address of no table is passed over.
pub(crate) fn check(answered: &Answered<'_>) {
    if let Some(complaint) = complaint(answered) {
        panic!("{} {} {}: {complaint}", answered.method, answered.path, answered.status);
    }
}

/// What is not as the description says.
pub(super) fn complaint(answered: &Answered<'_>) -> Option<String> {
    let path = template(answered.path)?;
    let operation = DOCUMENT["paths"][path].get(answered.method.to_lowercase())?;
    let exact = answered.status.to_string();
    let range = format!("{}XX", answered.status / 100);
    let Some((key, response)) =
        [exact, range].into_iter().find_map(|key| Some((key.clone(), operation["responses"].get(&key)?)))
    else {
        return Some("the status is not described".to_owned());
    };
    if response["headers"].get("Retry-After").is_some() != answered.retry_after {
        return Some("Retry-After is described and missing, or the other way round".to_owned());
    }
    let media = answered.media.split(';').next().unwrap_or_default().trim();
    let content = response.get("content")?;
    let Some(told) = content.get(media) else { return Some(format!("{media:?} is not described")) };
    if !media.ends_with("json") {
        return None;
    }
    let place = format!("{} {path} {key} {media}", answered.method);
    let validator = validator(place, &told["schema"]);
    let Ok(value) = serde_json::from_slice::<Value>(answered.body) else { return Some("it is no JSON".to_owned()) };
    let error = validator.iter_errors(&value).next()?;
    Some(format!("{} is against {}", error.instance_path(), error.schema_path()))
}

/// The path of the description that an address is of; one without anything that varies goes first.
fn template(address: &str) -> Option<&'static str> {
    let is_of = |path: &str| {
        let (parts, wanted) = (address.split('/'), path.split('/'));
        parts.clone().count() == wanted.clone().count()
            && parts.zip(wanted).all(|(part, wanted)| part == wanted || wanted.starts_with('{'))
    };
    let paths = DOCUMENT["paths"].as_object()?.keys();
    paths.map(String::as_str).filter(|path| is_of(path)).min_by_key(|path| path.matches('{').count())
}

fn validator(place: String, schema: &Value) -> Arc<Validator> {
    let mut known = VALIDATORS.lock().unwrap_or_else(PoisonError::into_inner);
    let made = || {
        let whole = json!({ "allOf": [schema], "components": DOCUMENT["components"] });
        Arc::new(
            jsonschema::options().should_validate_formats(true).build(&whole).expect("the described forms compile"),
        )
    };
    Arc::clone(known.entry(place).or_insert_with(made))
}
