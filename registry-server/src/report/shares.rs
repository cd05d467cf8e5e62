//! Report `shares`: women and men, public and private care.
//!
//! Promises: the shares of a pair add up to one, because both are of the treatments whose sex, or whose unit's form of ownership, is
//! known; the others are counted beside them.

use schemas::record::{Ownership, Sex};

use super::figure::{Figure, share, share_columns};
use super::{Definition, ParameterError, ReportData, Table, Text, grouping_columns, notes};
use crate::aggregate::Grouping;
use crate::aggregate::structure::Structure;
use crate::aggregate::sum::{Count, Sums};
use crate::indicator::share::Share;
use crate::report::parameters::Parameters;

/// The report.
pub const DEFINITION: Definition = Definition {
    name: "shares",
    version: 1,
    meaning: Text::fixed(
        "Hur behandlingarna fördelar sig på kvinnor och män och på offentlig och privat driftsform.",
        "How treatments divide between women and men and between public and private care.",
    ),
    needs: &[],
    on_screen: &[
        "n_started",
        "women_n",
        "women_p",
        "women_lo",
        "women_hi",
        "men_p",
        "public_n",
        "public_p",
        "private_p",
    ],
    build,
};

/// Treatments, and of these who was treated and by whom.
#[derive(Debug, Clone, Default)]
struct Split {
    all: u64,
    women: u64,
    men: u64,
    public: u64,
    private: u64,
}

impl Count for Split {
    fn add(&mut self, other: &Self) {
        let Self { all, women, men, public, private } = other;
        self.all += all;
        self.women += women;
        self.men += men;
        self.public += public;
        self.private += private;
    }
}

fn build(data: &ReportData, parameters: &Parameters) -> Result<Table, ParameterError> {
    let plan = parameters.plan(notes::day(data));
    let grouping = Grouping::new(&data.facts, data.lists, &plan);
    let structure = Structure::new(&data.facts, data.lists, &plan);
    let sums = Sums::new(&data.facts, &grouping, |split: &mut Split, treatment| {
        split.all += 1;
        match treatment.sex {
            Some(Sex::F) => split.women += 1,
            Some(Sex::M) => split.men += 1,
            None => {}
        }
        match structure.place(treatment).ownership {
            Some(Ownership::Public) => split.public += 1,
            Some(Ownership::Private) => split.private += 1,
            None => {}
        }
    });
    let rows = grouping.groups.iter().map(|group| {
        let mut row: Vec<Figure> = grouping.texts(group).iter().map(Figure::from).collect();
        row.extend(figures(&sums.of(group)));
        row
    });
    let rows = rows.collect();
    let mut columns = grouping_columns(parameters, &[]);
    let keys = columns.len();
    columns.push("n_started".to_owned());
    for (missing, shares) in [("sex_missing", ["women", "men"]), ("ownership_missing", ["public", "private"])] {
        columns.push(missing.to_owned());
        columns.extend(shares.into_iter().flat_map(share_columns));
    }
    let mut notes = notes::selection(&plan, &grouping);
    notes.push(Text::fixed(
        "Andelarna av kvinnor och män räknas av behandlingar med känt kön, de av offentlig och privat drift av behandlingar vid \
         enheter med känd driftsform; övriga räknas för sig.",
        "Shares of women and men are of the treatments whose sex is known, those of public and private care of the treatments at \
         units whose ownership is known; the others are counted apart.",
    ));
    Ok(Table { columns, keys, rows, notes })
}

fn figures(split: &Split) -> Vec<Figure> {
    let Split { all, women, men, public, private } = *split;
    let mut figures = vec![Figure::Count(all)];
    for parts in [[women, men], [public, private]] {
        let known = parts[0] + parts[1];
        figures.push(Figure::Count(all - known));
        figures.extend(parts.into_iter().flat_map(|n| share(Some(Share { n, d: known }))));
    }
    figures
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::tests::invented::{facts, figures_of, report, treatment, unit};

    #[test]
    fn worked_example_three_women_and_a_man_and_one_private_unit() {
        let women = (1..=3).map(|row| treatment(row, "12", "A"));
        let mut others = [treatment(4, "12", "B"), treatment(5, "12", "C")];
        others[0].sex = Some(Sex::M);
        others[1].sex = None;
        let mut facts = facts(women.chain(others).collect());
        facts.units = vec![unit("12", "A", Some(Ownership::Public)), unit("12", "B", Some(Ownership::Private))];
        let report = report(facts, "shares", &[("by", "region")]);
        let row = figures_of(&report, &["ALL", "12"]);
        let count = |name: &str| row[name].clone();
        assert_eq!((count("n_started"), count("sex_missing")), (Figure::Count(5), Figure::Count(1)));
        assert_eq!((count("women_n"), count("women_d")), (Figure::Count(3), Figure::Count(4)));
        assert_eq!((count("women_p"), count("men_p")), (Figure::Number(0.75), Figure::Number(0.25)));
        assert_eq!((count("ownership_missing"), count("public_n")), (Figure::Count(1), Figure::Count(3)));
        assert_eq!((count("private_p"), count("private_d")), (Figure::Number(0.25), Figure::Count(4)));
    }

    #[test]
    fn no_man_is_a_true_zero_and_no_known_ownership_is_undefined() {
        let report = report(facts(vec![treatment(1, "12", "A")]), "shares", &[("by", "sex")]);
        let row = figures_of(&report, &["ALL", "F"]);
        assert_eq!((row["men_n"].clone(), row["men_p"].clone()), (Figure::Count(0), Figure::Number(0.0)));
        assert_eq!((row["public_d"].clone(), row["public_p"].clone()), (Figure::Count(0), Figure::Undefined));
    }
}
