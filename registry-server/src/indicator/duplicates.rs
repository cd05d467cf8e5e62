//! Treatments that two senders may both have delivered, worked out from how many like ones each of them has.
//!
//! Meaning: the largest number that may be one and the same treatment. Formula: of one sender, the smaller of its own like treatments and
//! those of all others; of a pair, the smaller of both; of all, those beyond the sender with most. Population: treatments of which sex and
//! year of birth are known. Without a key that links senders nobody can tell which are.

use schemas::language::Text;

use super::definition::Definition;

/// What a possible duplicate means.
pub const DUPLICATES: Definition = Definition {
    name: "n_compared, n_duplicates",
    meaning: Text::fixed(
        "Hur många behandlingar som högst kan vara levererade av två avsändare: samma program, startdag, kön och födelseår.",
        "How many treatments at most may have been delivered by two senders: same programme, day of start, sex and year of birth.",
    ),
    formula: "of like treatments: one sender min(own, others'); a pair min(one, other); all senders sum - max",
    population: Text::fixed(
        "behandlingar med känt kön och födelseår; ingen nyckel förbinder avsändare, så vilka som är samma vet ingen",
        "treatments of known sex and year of birth; no key links senders, so nobody knows which are the same",
    ),
    source: "the register's own rule, the same as that of the command `duplicates`",
    given: Text::fixed(
        "av lika behandlingar har tre avsändare 3, 2 och 2; den första, paret av de två första, alla",
        "of like treatments three senders have 3, 2 and 2; the first, the pair of the first two, all",
    ),
    gives: &[("n_duplicates", Some(3.0)), ("n_duplicates", Some(2.0)), ("n_duplicates", Some(4.0))],
    compute: || {
        let counts = [3, 2, 2];
        [of_sender(3, &counts), of_pair(3, 2), of_all(&counts)].map(|n| Some(n as f64)).to_vec()
    },
};

/// Of a sender's own like treatments those that others may have delivered too; `all` holds every sender's, its own included.
#[must_use]
pub fn of_sender(own: u64, all: &[u64]) -> u64 {
    own.min(all.iter().sum::<u64>() - own)
}

/// Those that two senders may both have delivered.
#[must_use]
pub fn of_pair(one: u64, other: u64) -> u64 {
    one.min(other)
}

/// How many fewer there are at least possible, if all that may be the same are.
#[must_use]
pub fn of_all(all: &[u64]) -> u64 {
    all.iter().sum::<u64>() - all.iter().copied().max().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_one_sender_alone_has_is_no_duplicate() {
        assert_eq!((of_sender(5, &[5]), of_all(&[5]), of_all(&[])), (0, 0, 0));
        assert_eq!((of_sender(5, &[5, 1, 1]), of_sender(1, &[5, 1, 1]), of_all(&[5, 1, 1])), (2, 1, 2));
    }
}
