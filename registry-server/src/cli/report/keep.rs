//! The options that keep some of the treatments, one a dimension.
//!
//! Promises: every dimension has one, under its own name.

use clap::Args;

/// Labels to keep, comma separated; all where nothing is given.
#[derive(Debug, Args)]
#[command(next_help_heading = "Keep only some, comma separated; unknown stands for those without a value")]
pub(super) struct Keep {
    /// County codes of units
    #[arg(long, value_name = "CODE,...")]
    region: Option<String>,
    /// HSA-ids
    #[arg(long, value_name = "HSA-ID,...")]
    unit: Option<String>,
    /// Codes of programmes
    #[arg(long, value_name = "CODE,...")]
    programme: Option<String>,
    /// Versions of programmes
    #[arg(long, value_name = "VERSION,...")]
    programme_version: Option<String>,
    /// What programmes are for
    #[arg(long, value_name = "CODE,...")]
    condition: Option<String>,
    /// Groups of the main diagnosis
    #[arg(long, value_name = "CODE,...")]
    diagnosis_group: Option<String>,
    /// Bands of the first score on the programme's primary instrument
    #[arg(long, value_name = "CODE,...")]
    severity: Option<String>,
    /// F, M
    #[arg(long, value_name = "CODE,...")]
    sex: Option<String>,
    /// Bands of the age in the year of the start
    #[arg(long, value_name = "CODE,...")]
    age_group: Option<String>,
    /// Levels of care
    #[arg(long, value_name = "CODE,...")]
    care_level: Option<String>,
    /// public, private
    #[arg(long, value_name = "CODE,...")]
    ownership: Option<String>,
    /// Why treatments ended
    #[arg(long, value_name = "CODE,...")]
    end_reason: Option<String>,
}

impl Keep {
    /// What was given, by the name of the dimension.
    pub(super) fn pairs(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let given = [
            ("region", &self.region),
            ("unit", &self.unit),
            ("programme", &self.programme),
            ("programme_version", &self.programme_version),
            ("condition", &self.condition),
            ("diagnosis_group", &self.diagnosis_group),
            ("severity", &self.severity),
            ("sex", &self.sex),
            ("age_group", &self.age_group),
            ("care_level", &self.care_level),
            ("ownership", &self.ownership),
            ("end_reason", &self.end_reason),
        ];
        given.into_iter().filter_map(|(name, value)| Some((name, value.as_deref()?)))
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::aggregate::dimension::Dimension;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        keep: Keep,
    }

    #[test]
    fn every_dimension_has_an_option_of_its_own() {
        let options = Dimension::ALL.iter().flat_map(|one| [format!("--{}", one.name().replace('_', "-")), "x".into()]);
        let line = Line::try_parse_from(std::iter::once("report".to_owned()).chain(options)).unwrap();
        let given: Vec<&str> = line.keep.pairs().map(|(name, _)| name).collect();
        assert_eq!(given, Dimension::ALL.map(Dimension::name));
    }
}
