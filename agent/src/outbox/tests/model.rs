//! Against a model that keeps everything in plain maps: whatever is done to the outbox in whatever order, restarts and damage among
//! it, the register ends with what the source holds, and nothing is in two places or in none.

mod register;
mod source;

use std::collections::BTreeMap;

use proptest::prelude::*;
use schemas::record::Counted;

use super::*;
use crate::episode::Ids;
use crate::map::Cell;
use crate::vanished::State;
use register::{Register, Reply};
use source::{Fate, KEYS, Source, person, pseudonym, wire};

/// One thing that happens.
#[derive(Debug, Clone)]
enum Action {
    /// The source changes; a cycle reads all of it, or what changed.
    Cycle { changes: Vec<(usize, Fate)>, whole: bool },
    /// The oldest batch is sent; of its records those whose place in it fits the pattern are rejected.
    Deliver { rejects: u8, reply: Reply },
    /// The process ends and another begins.
    Restart,
    /// A byte of the oldest batch that waits is flipped on the disk.
    Damage,
    /// The register finds the oldest batch too large.
    Split,
    /// The register holds later versions: another generation, and everything is sent again.
    BeginAnew,
    /// The accounting lines are queued.
    Lines,
    /// A person leaves.
    Leave(usize),
}

fn action() -> impl Strategy<Value = Action> {
    let fate = prop_oneof![
        4 => (0_u8..3).prop_map(Fate::Whole),
        1 => Just(Fate::Held),
        2 => Just(Fate::Corrected),
        1 => Just(Fate::Excluded),
        1 => Just(Fate::Absent),
    ];
    let changes = prop::collection::vec((0..KEYS, fate), 0..5);
    let reply = prop_oneof![3 => Just(Reply::Arrives), 1 => Just(Reply::Lost)];
    prop_oneof![
        6 => (changes, any::<bool>()).prop_map(|(changes, whole)| Action::Cycle { changes, whole }),
        8 => (0_u8..8, reply).prop_map(|(rejects, reply)| Action::Deliver { rejects, reply }),
        2 => Just(Action::Restart),
        1 => Just(Action::Damage),
        1 => Just(Action::Split),
        1 => Just(Action::BeginAnew),
        1 => Just(Action::Lines),
        1 => (0..KEYS / 2).prop_map(Action::Leave),
    ]
}

/// The outbox, what it is held against, and the world around.
struct World {
    folder: TempDir,
    outbox: Option<Outbox>,
    source: Source,
    register: Register,
    generation: u32,
    /// Records that a batch lost before their receipt, and that the next whole reading queues again.
    unsettled: bool,
}

impl World {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut outbox = Outbox::open(folder.path()).await.unwrap();
        outbox.state_id([9; 16]).await.unwrap();
        outbox.set_generation(1).await.unwrap();
        let (source, register) = (Source::default(), Register::default());
        Self { folder, outbox: Some(outbox), source, register, generation: 1, unsettled: false }
    }

    fn outbox(&mut self) -> &mut Outbox {
        self.outbox.as_mut().expect("it is open but for the moment of a restart")
    }

    async fn apply(&mut self, action: &Action) {
        match action {
            Action::Cycle { changes, whole } => self.cycle(changes, *whole).await,
            Action::Deliver { rejects, reply } => drop(self.deliver(*rejects, *reply).await),
            Action::Restart => {
                drop(self.outbox.take());
                self.outbox = Some(Outbox::open(self.folder.path()).await.unwrap());
            }
            Action::Damage => self.damage().await,
            Action::Split => {
                if let Some(sealed) = self.next().await {
                    let many = sealed.records > 1;
                    assert_eq!(self.outbox().split(sealed.id).await.unwrap(), many);
                }
            }
            Action::BeginAnew => {
                self.outbox().begin_anew().await.unwrap();
                self.generation += 1;
                let (name, generation) = ([self.generation.to_le_bytes()[0]; 16], self.generation);
                self.outbox().state_id(name).await.unwrap();
                self.outbox().set_generation(generation).await.unwrap();
                self.unsettled = true;
            }
            Action::Lines => self.lines().await,
            Action::Leave(who) => self.leave(*who).await,
        }
        self.check().await;
    }

    async fn cycle(&mut self, changes: &[(usize, Fate)], whole: bool) {
        for (key, fate) in changes {
            self.source.change(*key, *fate);
        }
        let read: Vec<usize> = if whole { self.source.all() } else { changes.iter().map(|(key, _)| *key).collect() };
        self.unsettled &= !whole;
        let source = self.source.clone();
        source::cycle(self.outbox(), &source, &read, whole).await;
    }

    /// The oldest batch that is not damaged; those that are go.
    async fn next(&mut self) -> Option<Sealed> {
        loop {
            match self.outbox().next(&sender()).await {
                Ok(sealed) => return sealed,
                Err(OutboxError::Damaged(batch)) => {
                    self.outbox().drop_damaged(batch).await.unwrap();
                    self.unsettled = true;
                }
                Err(error) => panic!("{error}"),
            }
        }
    }

    /// Sends the oldest batch. Answers whether there was one.
    async fn deliver(&mut self, rejects: u8, reply: Reply) -> bool {
        let Some(sealed) = self.next().await else { return false };
        let again = self.outbox().next(&sender()).await.unwrap().unwrap();
        assert_eq!((&again.digest, &again.body), (&sealed.digest, &sealed.body), "a batch was sealed otherwise");
        let (receipt, verdicts) = self.register.take(&sealed, rejects);
        if reply == Reply::Arrives {
            let behind =
                self.outbox().close(sealed.id, (&receipt, b"r"), &verdicts, moment(register::AT)).await.unwrap();
            assert!(!behind, "the register was ahead of its only sender");
        }
        true
    }

    async fn damage(&mut self) {
        let waits = "SELECT count(*) FROM batch WHERE delivered_at IS NULL";
        let waiting: i64 = sqlx::query_scalar(waits).fetch_one(&mut self.outbox().connection).await.unwrap();
        if waiting > 0 {
            let flip = "UPDATE batch SET lines = CAST(substr(lines, 1, 9) || CASE substr(lines, 10, 1) WHEN x'00' THEN x'01' ELSE x'00' END
                || substr(lines, 11) AS BLOB) WHERE id = (SELECT min(id) FROM batch WHERE delivered_at IS NULL)";
            sqlx::query(flip).execute(&mut self.outbox().connection).await.unwrap();
        }
    }

    async fn lines(&mut self) {
        let accounts = self.outbox().accounts().await.unwrap();
        let queued =
            self.outbox().queue_lines(&accounts, schemas::canonical::sha256, moment(register::AT)).await.unwrap();
        let again =
            self.outbox().queue_lines(&accounts, schemas::canonical::sha256, moment(register::AT)).await.unwrap();
        assert_eq!(again, 0, "{queued} lines were queued twice");
    }

    /// A person leaves: at home, and at the register once it is told.
    async fn leave(&mut self, who: usize) {
        // A page that cannot be read goes whole, with the records of others.
        if matches!(self.outbox().next(&sender()).await, Err(OutboxError::Damaged(_))) {
            self.unsettled = true;
        }
        let person = person(who * 2);
        let leaving = Leaving { hash: [u8::try_from(who).unwrap(); 32], person, tell: Tell::IfKnown };
        let purged = self.outbox().purge(&sender(), &[leaving]).await.unwrap();
        self.outbox().take_back_elsewhere(moment(register::AT)).await.unwrap();
        let pseudonym = pseudonym(person);
        if purged.queued > 0 {
            self.register.erase(&pseudonym);
        }
        self.source.leave(person);
        let holds = self.register.active().values().any(|content| content.contains(&pseudonym));
        assert!(!holds, "the register holds who left and is not told");
    }

    /// What must hold at any moment.
    async fn check(&mut self) {
        let expected = self.register.said();
        let keys: Vec<String> = (0..KEYS).map(wire).collect();
        let known = self.outbox().known(&keys.iter().map(String::as_str).collect::<Vec<_>>()).await.unwrap();
        for (key, known) in &known {
            // What a receipt said is known; what is queued besides may come.
            if expected.get(key).is_some_and(|at_register| *at_register) {
                assert!(known.at_register, "{key} is at the register and not known to be");
            }
        }
        if self.unsettled {
            return;
        }
        for account in &self.outbox().accounts().await.unwrap() {
            let behind = self.outbox().unbalanced(account, 9).await.unwrap();
            assert!(account.balances() && behind.is_empty(), "{account:?}\n{behind:?}");
        }
    }

    /// The network is healed, what was rejected is tried again, and three cycles run.
    async fn heal(&mut self) {
        for _ in 0..3 {
            self.outbox().try_again(None).await.unwrap();
            self.cycle(&[], true).await;
            while self.deliver(0, Reply::Arrives).await {}
            self.outbox().forget_taken_back("12").await.unwrap();
        }
        self.check().await;
        let truth = self.source.truth();
        let held = self.source.held();
        let active: BTreeMap<String, String> =
            self.register.active().into_iter().filter(|(key, _)| !held.contains(key)).collect();
        assert_eq!(active, truth, "the register does not hold what the source does");
        let accounts = self.outbox().accounts().await.unwrap();
        let sum = accounts[0].sum(Counted::Treatments).terms;
        assert_eq!((sum.found, sum.pending, sum.rejected), (self.source.all().len() as u64, 0, 0));
        assert_eq!(sum.accepted + sum.unchanged, truth.len() as u64);
        assert_eq!(self.outbox().vanished(None).await.unwrap(), []);
        let left: Vec<String> = self.source.objecting().into_iter().map(wire).collect();
        let left = self.outbox().known(&left.iter().map(String::as_str).collect::<Vec<_>>()).await.unwrap();
        assert_eq!(left.keys().collect::<Vec<_>>(), Vec::<&String>::new(), "what was taken back is still known");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, max_shrink_iters: 400, ..ProptestConfig::default() })]

    #[test]
    fn whatever_happens_the_register_ends_with_what_the_source_holds(actions in prop::collection::vec(action(), 1..40)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let mut world = World::new().await;
            for action in &actions {
                world.apply(action).await;
            }
            world.heal().await;
        });
    }
}
