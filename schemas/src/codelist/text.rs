//! The lists as CSV text, and back, so that a register can hand out exactly the lists that it uses.
//!
//! Promises: what is written reads back to lists of the same hash. Must not know: who writes or reads.

use serde_json::Value;

use super::list::{Line, List};
use super::{Addition, CodeListError, CodeLists, ListName, on_list};

impl CodeLists {
    /// Every list with its CSV text: the header of the built-in file, local additions among the lines.
    #[must_use]
    pub fn texts(&self) -> Vec<(ListName, String)> {
        ListName::ALL.into_iter().map(|name| (name, on_list!(self, name, list => list.text()))).collect()
    }

    /// Lists that hold these texts and nothing of the built-in ones.
    ///
    /// # Errors
    /// A list that is not among them, or what [`CodeLists::with_additions`] refuses.
    pub fn of_texts(texts: &[Addition]) -> Result<Self, CodeListError> {
        if let Some(missing) = ListName::ALL.into_iter().find(|name| texts.iter().all(|text| text.list != *name)) {
            let message = "is missing; every list is needed".to_owned();
            return Err(CodeListError { file: format!("{missing}.csv"), line: 1, column: None, message });
        }
        Self::empty().with_additions(texts)
    }
}

impl<T: Line> List<T> {
    fn text(&self) -> String {
        let header: Vec<&str> = T::BUILTIN.lines().next().unwrap_or_default().split(',').collect();
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(&header).expect("writing to memory does not fail");
        for line in self.iter() {
            let line = serde_json::to_value(line).expect("lines are flat structs");
            writer.write_record(header.iter().map(|name| cell(&line[name]))).expect("writing to memory does not fail");
        }
        String::from_utf8(writer.into_inner().expect("writing to memory does not fail")).expect("cells are UTF-8")
    }
}

fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(parts) => parts.iter().map(cell).collect::<Vec<_>>().join(";"),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn additions(lists: &CodeLists) -> Vec<Addition> {
        let addition = |(list, text): (ListName, String)| Addition { list, file: format!("{list}.csv"), text };
        lists.texts().into_iter().map(addition).collect()
    }

    #[test]
    fn lists_with_local_additions_read_back_from_their_texts_to_the_same_hash() {
        let text = "code,name,kind,condition,aliases,valid_to,successor\n\
                    trygg,\"Trygg, \"\"liten\"\"\",treatment,anxiety,Tryggare; Trygg ung,2024-12-31,oroshjalpen\n";
        let local = Addition { list: ListName::Programmes, file: "local.csv".into(), text: text.into() };
        let lists = CodeLists::builtin().with_additions(&[local]).unwrap();
        let again = CodeLists::of_texts(&additions(&lists)).unwrap();
        assert_eq!(again.hash(), lists.hash());
        assert_eq!(again.programme("trygg"), lists.programme("trygg"));
        assert_ne!(again.hash(), CodeLists::builtin().hash());
    }

    #[test]
    fn a_missing_list_is_told_by_name() {
        let mut texts = additions(&CodeLists::builtin());
        texts.retain(|text| text.list != ListName::EndReasons);
        let error = CodeLists::of_texts(&texts).unwrap_err();
        assert_eq!(error.to_string(), "end-reasons.csv, line 1: is missing; every list is needed");
    }
}
