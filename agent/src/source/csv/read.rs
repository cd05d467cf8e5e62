//! Tables as pages of rows, read on a thread of their own.

use std::cell::RefCell;
use std::collections::HashSet;

use futures_util::stream;
use tokio::sync::mpsc;

use super::table::Table;
use crate::source::{Pages, Rows};

/// Pages that wait between the reading thread and the mapping.
const AHEAD: usize = 4;

/// Which lines are handed on.
pub(super) enum Wanted {
    All,
    Of(HashSet<String>),
    /// Those whose ids stand in no file that was read before.
    Latest {
        before: HashSet<String>,
        here: HashSet<String>,
    },
}

impl Wanted {
    pub(super) fn of(rows: Rows<'_>) -> Self {
        match rows {
            Rows::Since(_) => Self::All,
            Rows::Of(ids) => Self::Of(ids.iter().cloned().collect()),
        }
    }

    fn wants(&mut self, id: &str) -> bool {
        match self {
            Self::All => true,
            Self::Of(ids) => ids.contains(id.trim()),
            Self::Latest { before, here } => {
                let wanted = !before.contains(id.trim());
                if wanted && !here.contains(id.trim()) {
                    here.insert(id.trim().to_owned());
                }
                wanted
            }
        }
    }

    fn end_of_file(&mut self) {
        if let Self::Latest { before, here } = self {
            before.extend(here.drain());
        }
    }
}

/// Reads tables on a thread of their own.
pub(super) fn read(tables: Vec<Table>, wanted: Wanted) -> Pages<'static> {
    let (pages, receiver) = mpsc::channel(AHEAD);
    tokio::task::spawn_blocking(move || {
        let wanted = RefCell::new(wanted);
        for table in &tables {
            let wants = |id: &str| wanted.borrow_mut().wants(id);
            match table.read(wants, |page| pages.blocking_send(Ok(page)).is_ok()) {
                Ok(true) => wanted.borrow_mut().end_of_file(),
                Ok(false) => return,
                Err(error) => {
                    // Nobody hears it when the reader has gone.
                    let _ = pages.blocking_send(Err(error));
                    return;
                }
            }
        }
    });
    Box::pin(stream::unfold(receiver, |mut receiver| async { receiver.recv().await.map(|page| (page, receiver)) }))
}
