//! `--name`: who answers for what a command does.

use schemas::attestation::is_name;
use schemas::exit::Exit;

use super::failure::Failure;
use crate::guard;

/// The name as it is written down.
pub(super) fn in_charge(name: &str) -> Result<&str, Failure> {
    let name = name.trim();
    if is_name(name) && guard::looks(name).is_none() {
        return Ok(name);
    }
    let sentence =
        "write --name as the name of a person in charge, in at most 100 characters without numbers or addresses";
    Err(Failure::new(Exit::Usage, sentence))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_line_without_numbers_or_addresses_of_persons() {
        assert_eq!(in_charge(" Anna Exempel ").ok(), Some("Anna Exempel"));
        for wrong in ["", " ", "Anna\nExempel", "19121212-1212", "anna@example.org", &"A".repeat(101)] {
            assert!(in_charge(wrong).is_err(), "{wrong}");
        }
    }
}
