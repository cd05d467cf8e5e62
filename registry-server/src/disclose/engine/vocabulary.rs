//! What a table may be split by: registered dimensions with registered hierarchical code lists, and nothing else.
//!
//! Promises: every code has one place in its hierarchy; the dimensions stand by kind and name, in whatever order they are given, so that no
//! figure depends on that order or on a dimension that a table does not cross; the smallest number of persons that is shown is never set below the
//! register's own, for a dimension or for one of its codes. Source: disclosure, sections 2 and 4.
//! Must not know: persons, tables.

use crate::disclose::engine::means::Measure;
use crate::disclose::engine::table::Shown;
use crate::disclose::engine::{FEW, FEW_WITH_OUTCOMES};

/// What a dimension tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A part of the country.
    Place,
    /// Units or kinds of units, so that a row may be one unit's.
    Units,
    /// Something of a person or a treatment that others may know anyway: age, sex, period.
    Known,
    /// Something that nobody else knows of a person: diagnosis, severity.
    Telling,
    /// How a treatment ended for a person. A measure of a table, not one of its crossings.
    Outcome,
}

/// One place in a hierarchy. The first of a dimension is the whole, which is its own parent.
#[derive(Debug, Clone)]
pub(super) struct Node {
    pub(super) name: String,
    pub(super) parent: usize,
    pub(super) depth: usize,
    pub(super) k: u64,
}

/// A registered dimension.
#[derive(Debug, Clone)]
pub struct Dimension {
    pub(super) name: String,
    pub(super) kind: Kind,
    pub(super) levels: Vec<String>,
    pub(super) nodes: Vec<Node>,
}

/// Why a vocabulary is none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unregistered {
    /// A code list that is no hierarchy.
    #[error("{dimension}: the code {code} has no place in the hierarchy")]
    Code {
        /// The dimension.
        dimension: String,
        /// Its code.
        code: String,
    },
    /// Neither a dimension nor one of its codes.
    #[error("{0} is not registered")]
    Name(String),
    /// A limit that would show more.
    #[error("{dimension} may not be shown from {k} persons: the least is {least}")]
    Loosened {
        /// The dimension.
        dimension: String,
        /// What was asked for.
        k: u64,
        /// What holds.
        least: u64,
    },
}

impl Dimension {
    /// A dimension of these levels, coarsest first, and these codes with the code above each (empty: none), parents first.
    ///
    /// # Errors
    /// A code whose parent is missing, or that stands neither on the finest level nor above another code.
    pub fn new(name: &str, kind: Kind, levels: &[&str], codes: &[(&str, &str)]) -> Result<Self, Unregistered> {
        let k = match kind {
            Kind::Units | Kind::Outcome => FEW_WITH_OUTCOMES,
            Kind::Known | Kind::Place | Kind::Telling => FEW,
        };
        let mut nodes = vec![Node { name: "ALL".to_owned(), parent: 0, depth: 0, k: FEW }];
        let refused = |code: &str| Unregistered::Code { dimension: name.to_owned(), code: code.to_owned() };
        for (code, above) in codes {
            let parent = if above.is_empty() { Some(0) } else { nodes.iter().position(|node| node.name == *above) };
            let parent = parent.filter(|_| nodes.iter().all(|node| node.name != *code)).ok_or_else(|| refused(code))?;
            nodes.push(Node { name: (*code).to_owned(), parent, depth: nodes[parent].depth + 1, k });
        }
        let is_parent = |place: usize| nodes.iter().skip(1).any(|node| node.parent == place);
        let misplaced = (1..nodes.len()).find(|place| is_parent(*place) == (nodes[*place].depth == levels.len()));
        if let Some(place) = misplaced {
            return Err(refused(&nodes[place].name));
        }
        let levels = levels.iter().map(|level| (*level).to_owned()).collect();
        Ok(Self { name: name.to_owned(), kind, levels, nodes })
    }

    /// Shows the dimension, or one code of it, from more persons than the register does.
    ///
    /// # Errors
    /// A code that is not there, or a number below what holds.
    pub fn tighten(mut self, code: Option<&str>, k: u64) -> Result<Self, Unregistered> {
        let is_meant = |node: &Node| code.is_none_or(|code| node.name == code);
        let meant: Vec<usize> = (1..self.nodes.len()).filter(|place| is_meant(&self.nodes[*place])).collect();
        if meant.is_empty() {
            return Err(Unregistered::Name(code.unwrap_or(&self.name).to_owned()));
        }
        for place in meant {
            let least = self.nodes[place].k;
            if k < least {
                return Err(Unregistered::Loosened { dimension: self.name, k, least });
            }
            self.nodes[place].k = k;
        }
        Ok(self)
    }

    /// The name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The levels, coarsest first.
    #[must_use]
    pub fn levels(&self) -> &[String] {
        &self.levels
    }

    /// The place of a code, for the facts.
    #[must_use]
    pub fn code(&self, name: &str) -> Option<usize> {
        self.nodes.iter().skip(1).position(|node| node.name == name).map(|place| place + 1)
    }

    /// The node itself or the one above it that stands on a level.
    pub(super) fn at(&self, mut node: usize, depth: usize) -> usize {
        while self.nodes[node].depth > depth {
            node = self.nodes[node].parent;
        }
        node
    }
}

/// All registered dimensions, and what cannot be.
#[derive(Debug, Clone)]
pub struct Vocabulary {
    /// By kind and name.
    pub(super) dimensions: Vec<Dimension>,
    /// The place of each as it was given: the facts come in that order.
    pub(super) given: Vec<usize>,
    /// Places of two dimensions that exclude each other, as dimension and node.
    pub(super) impossible: Vec<[(usize, usize); 2]>,
    /// Codes that nothing is reported from, as dimension and node.
    pub(super) silent: Vec<(usize, usize)>,
    /// Places of two dimensions where what one of them counts is not defined.
    pub(super) inapplicable: Vec<[(usize, usize); 2]>,
    /// Scores that means may be asked of.
    pub(super) measures: Vec<Measure>,
}

impl Vocabulary {
    /// These dimensions, with nothing impossible.
    #[must_use]
    pub fn new(dimensions: Vec<Dimension>) -> Self {
        let mut ordered: Vec<(usize, Dimension)> = dimensions.into_iter().enumerate().collect();
        ordered.sort_by(|(_, one), (_, other)| (one.kind, &one.name).cmp(&(other.kind, &other.name)));
        let (given, dimensions) = ordered.into_iter().unzip();
        Self {
            dimensions,
            given,
            impossible: Vec::new(),
            silent: Vec::new(),
            inapplicable: Vec::new(),
            measures: Vec::new(),
        }
    }

    /// Two codes, each `(dimension, code)`, that no person can have together: a zero that everybody knows.
    ///
    /// # Errors
    /// A name that is not registered.
    pub fn excluding(mut self, one: (&str, &str), other: (&str, &str)) -> Result<Self, Unregistered> {
        let pair = [self.find(one)?, self.find(other)?];
        self.impossible.push(pair);
        Ok(self)
    }

    /// A code, `(dimension, code)`, that nothing is reported from, as everybody knows.
    ///
    /// # Errors
    /// A name that is not registered.
    pub fn silent(mut self, code: (&str, &str)) -> Result<Self, Unregistered> {
        let place = self.find(code)?;
        self.silent.push(place);
        Ok(self)
    }

    /// Two codes, each `(dimension, code)`, that have nothing to do with each other, such as those who answered an instrument and a programme
    /// that never asks it: not applicable, as everybody knows.
    ///
    /// # Errors
    /// A name that is not registered.
    pub fn inapplicable(mut self, one: (&str, &str), other: (&str, &str)) -> Result<Self, Unregistered> {
        let pair = [self.find(one)?, self.find(other)?];
        self.inapplicable.push(pair);
        Ok(self)
    }

    pub(super) fn find(&self, (dimension, code): (&str, &str)) -> Result<(usize, usize), Unregistered> {
        let place = self.dimensions.iter().position(|known| known.name == dimension);
        let place = place.ok_or_else(|| Unregistered::Name(dimension.to_owned()))?;
        let node =
            self.dimensions[place].code(code).ok_or_else(|| Unregistered::Name(format!("{dimension} {code}")))?;
        Ok((place, node))
    }

    /// A cell by the names of its dimensions and codes, whatever their places.
    pub(super) fn spelled(&self, nodes: &[(usize, usize)]) -> Vec<u8> {
        let mut spelled = Vec::new();
        for (dimension, node) in nodes {
            let known = &self.dimensions[*dimension];
            for word in [&known.name, &known.nodes[*node].name] {
                spelled.extend_from_slice(word.as_bytes());
                spelled.push(0);
            }
        }
        spelled
    }

    /// The mark of a cell, as nodes by dimension, of which everybody knows that it is empty.
    pub(super) fn void(&self, nodes: &[(usize, usize)]) -> Option<Shown> {
        let is_in = |pair: &[(usize, usize); 2]| pair.iter().all(|place| self.lies_in(nodes, *place));
        if self.silent.iter().any(|place| self.lies_in(nodes, *place)) {
            Some(Shown::NotReported)
        } else if self.inapplicable.iter().any(is_in) {
            Some(Shown::NotApplicable)
        } else {
            self.impossible.iter().any(is_in).then_some(Shown::Zero)
        }
    }

    /// The codes of a cell, `ALL` where it is summed over.
    pub(super) fn codes(&self, nodes: impl Iterator<Item = (usize, usize)>) -> Vec<String> {
        nodes.map(|(dimension, node)| self.dimensions[dimension].nodes[node].name.clone()).collect()
    }

    /// Every cell that holds this one and is another, as nodes by dimension.
    pub(super) fn above(&self, name: &[(usize, usize)]) -> Vec<Vec<(usize, usize)>> {
        let mut all = vec![Vec::new()];
        for (dimension, node) in name {
            let known = &self.dimensions[*dimension];
            let above = std::iter::successors(Some(*node), |node| (*node > 0).then(|| known.nodes[*node].parent));
            let place = |node: usize| (node > 0).then_some((*dimension, node));
            let with = |one: &Vec<_>, node| one.iter().copied().chain(place(node)).collect::<Vec<_>>();
            all = above.flat_map(|node| all.iter().map(move |one| with(one, node)).collect::<Vec<_>>()).collect();
        }
        all.retain(|one| one != name);
        all
    }

    fn lies_in(&self, nodes: &[(usize, usize)], (dimension, node): (usize, usize)) -> bool {
        let known = &self.dimensions[dimension];
        nodes.iter().any(|(of, at)| *of == dimension && known.at(*at, known.nodes[node].depth) == node)
    }
}
