//! What a report is asked for, read from text: the same words on the command line and in an address.
//!
//! Promises: a value that is not understood is an error that names the choices; parameters that a report does not use are kept and
//! listed.

use jiff::civil::Date;
use schemas::codelist::{CodeLists, ListName};

use crate::aggregate::dimension::{Dimension, UnknownDimension};
use crate::aggregate::period::PeriodKind;
use crate::aggregate::plan::{Attribution, Cohort, Follow, Plan, UnknownChoice, choice};
use crate::aggregate::selection::Selection;
use crate::outcome::{Comparison, UnknownComparison};

/// What a report is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parameters {
    /// The dimensions, in the order of the columns.
    pub by: Vec<Dimension>,
    /// Codes of instruments; `None` for all.
    pub instruments: Option<Vec<String>>,
    /// One comparison; `None` for all.
    pub comparison: Option<Comparison>,
    /// Which date decides.
    pub cohort: Cohort,
    /// Which spans of time stand apart.
    pub period: PeriodKind,
    /// First cohort date, included.
    pub from: Option<Date>,
    /// Last cohort date, included.
    pub to: Option<Date>,
    /// Which unit counts after a handover.
    pub attribution: Attribution,
    /// Whether successors take over.
    pub structure: Follow,
    /// Which treatments are kept, by any dimension.
    pub only: Selection,
    /// For whom.
    pub audience: Audience,
}

choice! {
    /// For whom a report is made, and so how much of it is shown.
    Audience, "audience", "internal, research, public",
    /// Exact figures, for someone with access to the server itself.
    Internal = "internal",
    /// For researchers: protected.
    Research = "research",
    /// For everybody: protected.
    Public = "public"
}

/// A parameter that cannot be understood.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ParameterError {
    /// No parameter of that name.
    #[error(
        "a report takes by, instrument, comparison, cohort, period, from, to, attribution, structure, audience, and what to keep of {}",
        names(&Dimension::ALL)
    )]
    UnknownName,
    /// No dimension of that name.
    #[error(transparent)]
    Dimension(#[from] UnknownDimension),
    /// One dimension twice.
    #[error("--by names {0} twice; name each dimension once")]
    Twice(Dimension),
    /// Not in a closed list.
    #[error(transparent)]
    Choice(#[from] UnknownChoice),
    /// No comparison of that name.
    #[error(transparent)]
    Comparison(#[from] UnknownComparison),
    /// Not a date.
    #[error("--{0} is a date such as 2025-09-30")]
    Date(&'static str),
    /// The selection is empty by its own limits.
    #[error("--from is after --to; exchange them")]
    Reversed,
    /// Not among the tables that may leave.
    #[error(
        "for research and public there are the reports outcomes and groups only, undivided or by region or programme, with --period all or year and without --cohort, --comparison, --from, --to, --attribution, --structure, --thresholds and anything to keep such as --programme"
    )]
    NotOnTheList,
    /// Rates of those whom no imported figure counts.
    #[error(
        "no inhabitants by {0} were imported, so there is no rate by it; import them (population import FILE), or name other dimensions: region, programme, programme_version, condition, diagnosis_group, severity"
    )]
    NoInhabitants(Dimension),
    /// The report cannot be narrowed by it.
    #[error("this report cannot be narrowed by {dimension}{}", instead(.given))]
    NotNarrowed {
        /// What was asked for.
        dimension: Dimension,
        /// By what it can be.
        given: &'static [Dimension],
    },
    /// Nobody has this label.
    #[error("there is no such {dimension}{}", suggestion(.near))]
    Label {
        /// Of which dimension.
        dimension: Dimension,
        /// The nearest labels.
        near: Vec<String>,
    },
    /// Not in the code list.
    #[error("there is no such instrument in the code list{}", suggestion(.near))]
    Instrument {
        /// The nearest codes.
        near: Vec<String>,
    },
}

impl Default for Parameters {
    fn default() -> Self {
        Self {
            by: vec![Dimension::Region, Dimension::Programme],
            instruments: None,
            comparison: Some(Comparison::Paired),
            cohort: Cohort::Ended,
            period: PeriodKind::All,
            from: None,
            to: None,
            attribution: Attribution::Start,
            structure: Follow::AsWas,
            only: Selection::default(),
            audience: Audience::Internal,
        }
    }
}

impl Parameters {
    /// Reads parameters by name, as on the command line without the dashes; what is not named has its default.
    ///
    /// # Errors
    /// The first name or value that is not understood.
    pub fn from_pairs<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<Self, ParameterError> {
        let mut parameters = Self::default();
        for (name, value) in pairs {
            parameters.set(name, value.trim())?;
        }
        if parameters.from.zip(parameters.to).is_some_and(|(from, to)| from > to) {
            return Err(ParameterError::Reversed);
        }
        Ok(parameters)
    }

    fn set(&mut self, name: &str, value: &str) -> Result<(), ParameterError> {
        match name {
            "by" => self.by = dimensions(value)?,
            "instrument" if value == "all" => self.instruments = None,
            "instrument" => self.instruments = Some(value.split(',').map(|code| code.trim().to_owned()).collect()),
            "comparison" if value == "all" => self.comparison = None,
            "comparison" => self.comparison = Some(value.parse()?),
            "cohort" => self.cohort = value.parse()?,
            "period" => self.period = value.parse()?,
            "from" => self.from = Some(value.parse().map_err(|_| ParameterError::Date("from"))?),
            "to" => self.to = Some(value.parse().map_err(|_| ParameterError::Date("to"))?),
            "attribution" => self.attribution = value.parse()?,
            "structure" => self.structure = value.parse()?,
            "audience" => self.audience = value.parse()?,
            name => {
                let dimension = name.parse().map_err(|_| ParameterError::UnknownName)?;
                let labels = value.split(',').map(str::trim).filter(|label| !label.is_empty());
                self.only.keep(dimension, labels.map(str::to_owned).collect());
            }
        }
        Ok(())
    }

    /// Holds the parameters against the code lists.
    ///
    /// # Errors
    /// An instrument that is not in its list, with the nearest codes.
    pub fn check(&self, lists: &CodeLists) -> Result<(), ParameterError> {
        match self.instruments.iter().flatten().find(|code| lists.instrument(code).is_none()) {
            Some(code) => Err(ParameterError::Instrument { near: lists.nearest(ListName::Instruments, code) }),
            None => Ok(()),
        }
    }

    /// Which treatments, split how. A rolling window ends on `--to`, else on the day of the facts.
    #[must_use]
    pub fn plan(&self, as_of: Date) -> Plan {
        Plan {
            by: self.by.clone(),
            cohort: self.cohort,
            period: self.period.up_to(self.to.unwrap_or(as_of)),
            from: self.from,
            to: self.to,
            attribution: self.attribution,
            structure: self.structure,
            only: self.only.clone(),
        }
    }

    /// Whether an instrument is asked for.
    #[must_use]
    pub fn wants(&self, instrument: &str) -> bool {
        self.instruments.as_ref().is_none_or(|codes| codes.iter().any(|code| code == instrument))
    }

    /// Every parameter as text, in a fixed order; nothing where none was given, and what is kept only where something is left out.
    #[must_use]
    pub fn listed(&self) -> Vec<(&'static str, Option<String>)> {
        let Self { by, instruments, comparison, cohort, period, from, to, attribution, structure, only, audience } =
            self;
        let by: Vec<&str> = by.iter().map(|dimension| dimension.name()).collect();
        let all = || "all".to_owned();
        let mut listed = vec![
            ("by", Some(by.join(","))),
            ("instrument", Some(instruments.as_ref().map_or_else(all, |codes| codes.join(",")))),
            ("comparison", Some(comparison.map_or_else(all, |comparison| comparison.to_string()))),
            ("cohort", Some(cohort.to_string())),
            ("period", Some(period.to_string())),
            ("from", from.map(|date| date.to_string())),
            ("to", to.map(|date| date.to_string())),
            ("attribution", Some(attribution.to_string())),
            ("structure", Some(structure.to_string())),
        ];
        listed.extend(only.narrowed().map(|(dimension, labels)| (dimension.name(), Some(labels.join(",")))));
        listed.push(("audience", Some(audience.to_string())));
        listed
    }
}

fn dimensions(value: &str) -> Result<Vec<Dimension>, ParameterError> {
    let mut by = Vec::new();
    for name in value.split(',').map(str::trim).filter(|name| !name.is_empty()) {
        let dimension = name.parse()?;
        if by.contains(&dimension) {
            return Err(ParameterError::Twice(dimension));
        }
        by.push(dimension);
    }
    Ok(by)
}

fn names(dimensions: &[Dimension]) -> String {
    dimensions.iter().map(|dimension| dimension.name()).collect::<Vec<_>>().join(", ")
}

fn instead(given: &[Dimension]) -> String {
    if given.is_empty() { ", nor by anything else".to_owned() } else { format!("; it can be by {}", names(given)) }
}

fn suggestion(near: &[String]) -> String {
    if near.is_empty() { String::new() } else { format!("; the nearest are {}", near.join(", ")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_named_has_the_default_of_the_contract() {
        let listed = Parameters::from_pairs([]).unwrap().listed();
        let given: Vec<(&str, &str)> =
            listed.iter().filter_map(|(name, value)| Some((*name, value.as_deref()?))).collect();
        assert_eq!(
            given,
            [
                ("by", "region,programme"),
                ("instrument", "all"),
                ("comparison", "paired"),
                ("cohort", "ended"),
                ("period", "all"),
                ("attribution", "start"),
                ("structure", "as-was"),
                ("audience", "internal"),
            ]
        );
    }

    #[test]
    fn listed_parameters_read_back_to_the_same() {
        let parameters = Parameters::from_pairs([
            ("by", "unit, sex"),
            ("instrument", "PHQ-9,GAD-7"),
            ("comparison", "all"),
            ("cohort", "started"),
            ("period", "rolling12"),
            ("from", "2024-01-01"),
            ("to", "2025-09-30"),
            ("attribution", "end"),
            ("structure", "current"),
            ("sex", "M, F"),
            ("programme", "sovhjalpen"),
        ])
        .unwrap();
        let listed = parameters.listed();
        let again = listed.iter().map(|(name, value)| (*name, value.as_deref().unwrap()));
        assert_eq!(Parameters::from_pairs(again).unwrap(), parameters);
    }

    #[test]
    fn a_value_that_is_not_understood_is_an_error_that_names_the_choices() {
        for (name, value, says) in [
            ("by", "region,colour", "care_level"),
            ("by", "sex,sex", "twice"),
            ("by", "period", "end_reason"),
            ("comparison", "best", "first_last"),
            ("cohort", "all", "started, ended"),
            ("period", "week", "rolling36"),
            ("from", "2024-13-01", "--from is a date"),
            ("attribution", "middle", "start, end"),
            ("structure", "now", "as-was, current"),
            ("audience", "everybody", "internal"),
            ("colour", "red", "structure"),
        ] {
            let error = Parameters::from_pairs([(name, value)]).unwrap_err().to_string();
            assert!(error.contains(says), "{name}={value}: {error}");
        }
        assert_eq!(
            Parameters::from_pairs([("from", "2025-01-02"), ("to", "2025-01-01")]),
            Err(ParameterError::Reversed)
        );
    }

    #[test]
    fn an_unknown_instrument_is_answered_with_the_nearest() {
        let parameters = Parameters::from_pairs([("instrument", "PHQ9")]).unwrap();
        let error = parameters.check(&CodeLists::builtin()).unwrap_err().to_string();
        assert!(error.contains("PHQ-9"), "{error}");
    }
}
