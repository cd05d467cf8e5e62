//! Threshold sets: the cut-offs that outcome figures are computed with. Two defensible sets can differ, so a figure names its set.
//!
//! Promises: a set never changes an instrument's scale, only what is read from it. Must not know: any score.

mod response_share;

use std::collections::BTreeMap;

use super::CodeLists;
use super::error::CodeListError;
use super::instrument::Instrument;
use super::read::read;

/// The columns of the cut-offs.
const CUT_OFFS: [&str; 4] = ["caseness_from", "remission_to", "reliable_change", "reliability"];

/// Instruments with the cut-offs of one set.
#[derive(Debug, Clone, PartialEq)]
pub struct ThresholdSet {
    /// The name that stands beside figures.
    pub name: String,
    /// The share of the first score, above the lowest possible, that an improvement must reach to be a response.
    pub response_share: f64,
    instruments: BTreeMap<String, Instrument>,
}

impl ThresholdSet {
    /// The instrument with a code.
    #[must_use]
    pub fn instrument(&self, code: &str) -> Option<&Instrument> {
        self.instruments.get(code)
    }

    /// All instruments by code.
    pub fn instruments(&self) -> impl Iterator<Item = &Instrument> {
        self.instruments.values()
    }

    /// This set with the lines of a file in place of its own: the header of `instruments.csv`, named after the file without folder
    /// and ending. One more column may stand there, `response_share`, with one value for the whole set.
    ///
    /// # Errors
    /// When the file cannot be read as such, lacks the column of a cut-off, names an unknown instrument, gives one another scale or the
    /// set two response shares.
    pub fn overlaid(mut self, file: &str, text: &str) -> Result<Self, CodeListError> {
        let (share, instruments) = response_share::take(file, text)?;
        check_cut_offs(file, &instruments)?;
        self.response_share = share.unwrap_or(self.response_share);
        for (line, from_file) in read::<Instrument>(file, &instruments)? {
            let fault = |column: &str, message: &str| CodeListError {
                file: file.to_owned(),
                line,
                column: Some(column.to_owned()),
                message: message.to_owned(),
            };
            let known = self
                .instruments
                .get_mut(&from_file.code)
                .ok_or_else(|| fault("instrument", "is not in the code list; add it there first"))?;
            if !known.has_scale_of(&from_file) {
                return Err(fault("lowest", "range, whole numbers and direction must be those of the code list"));
            }
            known.caseness_from = from_file.caseness_from;
            known.remission_to = from_file.remission_to;
            known.reliable_change = from_file.reliable_change;
            known.reliability = from_file.reliability;
            known.standing = from_file.standing;
            known.source = from_file.source;
        }
        let base = file.rsplit(['/', '\\']).next().unwrap_or(file);
        base.rsplit_once('.').map_or(base, |(stem, _)| stem).clone_into(&mut self.name);
        Ok(self)
    }
}

/// A column that is not there is an oversight: it would take the cut-off away from every instrument.
fn check_cut_offs(file: &str, text: &str) -> Result<(), CodeListError> {
    let header = text.trim_start_matches('\u{feff}').lines().next().unwrap_or_default();
    let columns: Vec<&str> = header.split(',').map(|column| column.trim().trim_matches('"')).collect();
    match CUT_OFFS.into_iter().find(|column| !columns.contains(column)) {
        None => Ok(()),
        Some(column) => Err(CodeListError {
            file: file.to_owned(),
            line: 1,
            column: Some(column.to_owned()),
            message: "is missing; add it, and leave it empty for an instrument without such a cut-off".to_owned(),
        }),
    }
}

impl CodeLists {
    /// The register's own set, `siber-2026`: the cut-offs that stand in the instrument list, and half of the first score.
    #[must_use]
    pub fn thresholds(&self) -> ThresholdSet {
        ThresholdSet {
            name: "siber-2026".to_owned(),
            response_share: 0.5,
            instruments: self.instruments().map(|instrument| (instrument.code.clone(), instrument.clone())).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: &str =
        "instrument,lowest,highest,integer,higher_is_better,caseness_from,remission_to,reliable_change,reliability";

    #[test]
    fn a_file_replaces_cut_offs_and_gives_the_set_its_name() {
        let own = CodeLists::builtin().thresholds();
        assert_eq!((own.name.as_str(), own.response_share.to_bits()), ("siber-2026", 0.5_f64.to_bits()));
        let set = own
            .clone()
            .overlaid("sets/bischoff-2020.csv", &format!("{HEADER}\nGAD-7,0,21,true,false,10,,6,0.87\n"))
            .unwrap();
        let gad = set.instrument("GAD-7").unwrap();
        assert_eq!((gad.caseness_from, gad.remission_to, gad.reliable_change), (Some(10.0), None, Some(6.0)));
        assert_eq!((set.name.as_str(), gad.items), ("bischoff-2020", Some(7)));
        assert_eq!(set.instrument("PHQ-9"), own.instrument("PHQ-9"));
    }

    #[test]
    fn a_file_may_give_the_set_another_response_share() {
        let overlaid = |lines: &str| {
            CodeLists::builtin().thresholds().overlaid("a.csv", &format!("response_share,{HEADER}\n{lines}"))
        };
        let share = |lines| overlaid(lines).unwrap().response_share.to_bits();
        assert_eq!(share("0.3,GAD-7,0,21,true,false,8,,4,\n,PHQ-9,0,27,true,false,10,4,6,0.89\n"), 0.3_f64.to_bits());
        assert_eq!(share(",GAD-7,0,21,true,false,8,,4,\n"), 0.5_f64.to_bits());
        for lines in [
            "half,GAD-7,0,21,true,false,8,,4,\n",
            "0,GAD-7,0,21,true,false,8,,4,\n",
            "1.1,GAD-7,0,21,true,false,8,,4,\n",
            "NaN,GAD-7,0,21,true,false,8,,4,\n",
        ] {
            let error = overlaid(lines).unwrap_err();
            assert_eq!((error.line, error.column.as_deref()), (2, Some("response_share")), "{lines}");
        }
        let two = "0.3,GAD-7,0,21,true,false,8,,4,\n0.4,PHQ-9,0,27,true,false,10,4,6,0.89\n";
        assert_eq!(overlaid(two).unwrap_err().line, 3);
        let later = overlaid("0.3,GAD-7,0,21,true,false,8,,4,\n,PHQ-9,0,27,true,false,many,4,6,0.89\n").unwrap_err();
        assert_eq!((later.line, later.column.as_deref()), (3, Some("caseness_from")));
    }

    #[test]
    fn a_file_that_lacks_a_column_takes_no_cut_off_away() {
        for missing in CUT_OFFS {
            let header: Vec<&str> = HEADER.split(',').filter(|column| *column != missing).collect();
            let text = format!("{}\nGAD-7,0,21,true,false,8,4,4\n", header.join(","));
            let error = CodeLists::builtin().thresholds().overlaid("a.csv", &text).unwrap_err();
            assert_eq!((error.line, error.column.as_deref()), (1, Some(missing)), "{error}");
        }
    }

    #[test]
    fn a_file_cannot_change_a_scale_or_name_an_unknown_instrument() {
        let overlaid = |line: &str| CodeLists::builtin().thresholds().overlaid("a.csv", &format!("{HEADER}\n{line}\n"));
        for line in ["GAD-7,0,20,true,false,8,,4,", "GAD-7,0,21,true,true,8,,4,", "GAD-8,0,21,true,false,8,,4,"] {
            let error = overlaid(line).unwrap_err();
            assert_eq!((error.file.as_str(), error.line), ("a.csv", 2), "{line}");
        }
    }
}
