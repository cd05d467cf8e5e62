//! What two versions of the lists differ in, for a person who is to know what changed.
//!
//! Promises: each line that differs is named once; test identities are counted, never named.

use serde::{Deserialize, Serialize};

use super::{CodeLists, ListName, on_list};

/// What changed in one list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListDifference {
    /// The list's name.
    pub list: String,
    /// Codes that are new.
    pub added: Vec<String>,
    /// Codes that now have a last day.
    pub ended: Vec<String>,
    /// Codes with another change.
    pub changed: Vec<String>,
    /// Codes that are no longer there.
    pub removed: Vec<String>,
}

impl CodeLists {
    /// The lists in which a later version differs from this one.
    #[must_use]
    pub fn difference(&self, later: &Self) -> Vec<ListDifference> {
        ListName::ALL.into_iter().filter_map(|name| difference(name, self, later)).collect()
    }
}

fn difference(name: ListName, earlier: &CodeLists, later: &CodeLists) -> Option<ListDifference> {
    let mut before = on_list!(earlier, name, list => list.content());
    let after = on_list!(later, name, list => list.content());
    let [mut added, mut ended, mut changed] = [const { Vec::new() }; 3];
    for (code, line) in after {
        match before.remove(&code) {
            None => added.push(code),
            Some(old) if old == line => {}
            Some(old) if has_no_end(&old) && !has_no_end(&line) => ended.push(code),
            Some(_) => changed.push(code),
        }
    }
    let removed: Vec<String> = before.into_keys().collect();
    let named = |codes: Vec<String>| match (name, codes.len()) {
        (ListName::TestIdentities, 1..) => vec![format!("{} numbers", codes.len())],
        _ => codes,
    };
    let lines = [added, ended, changed, removed].map(named);
    if lines.iter().all(Vec::is_empty) {
        return None;
    }
    let [added, ended, changed, removed] = lines;
    Some(ListDifference { list: name.to_string(), added, ended, changed, removed })
}

fn has_no_end(line: &serde_json::Value) -> bool {
    line["valid_to"].is_null()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codelist::Addition;

    fn with(list: ListName, text: &str) -> CodeLists {
        let addition = Addition { list, file: "local.csv".into(), text: text.into() };
        CodeLists::builtin().with_additions(&[addition]).unwrap()
    }

    #[test]
    fn added_ended_changed_and_removed_lines_are_each_told_once() {
        let before = CodeLists::builtin();
        let text = "code,name,kind,condition,valid_to\n\
                    trygg,Trygg,treatment,anxiety,\n\
                    oroshjalpen,Oroshjälpen,treatment,worry,2024-12-31\n\
                    sovhjalpen,Sovhjälpen ny,treatment,insomnia,\n";
        let after = with(ListName::Programmes, text);
        let expected = ListDifference {
            list: "programmes".into(),
            added: vec!["trygg".into()],
            ended: vec!["oroshjalpen".into()],
            changed: vec!["sovhjalpen".into()],
            removed: vec![],
        };
        assert_eq!(before.difference(&after), [expected]);
        assert_eq!(after.difference(&before)[0].removed, ["trygg"]);
        assert_eq!(before.difference(&before), []);
    }

    #[test]
    fn test_identities_are_counted_and_not_named() {
        let after = with(ListName::TestIdentities, "number,type,source\n198001019804,SE-PNR,own\n");
        assert_eq!(CodeLists::builtin().difference(&after)[0].added, ["1 numbers"]);
    }
}
