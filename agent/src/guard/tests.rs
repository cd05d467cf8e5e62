//! What is stopped, in every field and form, and that nothing honest is.

use super::*;

#[test]
fn an_identity_number_in_a_unit_s_name_is_found() {
    let found = content(Kind::Unit, br#"{"county":"12","name":"Mottagning 191212-1212"}"#);
    assert_eq!(found, Err(Leak { field: "name", looks: Looks::Identity }));
    assert_eq!(content(Kind::Unit, br#"{"county":"12","name":"Mottagning 191212-1213"}"#), Ok(()));
}
