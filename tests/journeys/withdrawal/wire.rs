//! Whoever has left by any way, whatever is lost afterwards: no batch that goes over the wire names them again.

use agent::withdraw;
use end_to_end::active::ActiveSet;
use end_to_end::folder::copy;
use end_to_end::wire::Capture;
use schemas::codelist::CodeLists;

use super::*;

/// The passphrase of the copy.
const PASSPHRASE: &str = "fyra ord utan namn";

/// A delivered region whose agent is heard, and what it did before anybody left.
struct Heard {
    world: World,
    region: Region,
    capture: Capture,
    /// Everything that may name those who leave, under whatever key.
    marks: Vec<String>,
    /// Those who leave: by standard input, by a row, and by the list for two reasons.
    leaving: Vec<(String, Vec<String>)>,
    /// What the register holds of everybody else.
    others: ActiveSet,
    /// Batches that were sent before they left.
    before: usize,
}

impl Heard {
    async fn begin() -> Self {
        let world = World::start("").unwrap();
        let region = world.invent(11, (0, "01"), 40).await.unwrap();
        name_list(&region);
        let capture = Capture::between(&region.site, (&world.authority, world.server.regions)).unwrap();
        once(&region, &[]);
        let ids = |theirs: Vec<&Treatment>| theirs.into_iter().map(|treatment| treatment.id.clone()).collect();
        let leaving = persons(&region).into_iter().step_by(5).take(4).map(|(number, theirs)| (number, ids(theirs)));
        let leaving = leaving.collect();
        let mut heard =
            Self { world, region, capture, marks: Vec::new(), leaving, others: ActiveSet::new(), before: 0 };
        heard.mark();
        let whole = active_set(&heard.world.database()).await.unwrap();
        heard.others = whole
            .iter()
            .filter(|((_, key), _)| !heard.marks.contains(key))
            .map(|(key, row)| (key.clone(), row.clone()))
            .collect();
        assert_eq!(heard.others.len() + heard.leaving.iter().map(|(_, ids)| ids.len()).sum::<usize>(), whole.len());
        heard
    }

    /// Adds the names under the key file that there is now.
    fn mark(&mut self) {
        let keys = self.region.site.keys().unwrap();
        for (number, ids) in &self.leaving {
            let person = withdraw::persons(number, &CodeLists::builtin()).unwrap().remove(0);
            self.marks.push(keys.pseudonym(&person).to_string());
            self.marks.extend(ids.iter().map(|id| keys.record_key("main", id).to_string()));
        }
    }

    /// The batches from a place on, and whether each names somebody who left.
    fn batches(&self) -> Vec<bool> {
        let puts = self.capture.exchanges().into_iter().filter(|exchange| exchange.request.method() == "PUT");
        let names = |body: String| self.marks.iter().any(|mark| body.contains(mark));
        puts.map(|exchange| names(String::from_utf8(exchange.request.content().unwrap()).unwrap())).collect()
    }

    /// Each leaves by a way of their own, and then only the agent remembers it.
    async fn leave(&mut self) {
        assert!(self.batches().contains(&true), "those who were sent are not recognised");
        let [told_by, row, listed, protected] = [0, 1, 2, 3].map(|one| self.leaving[one].clone());
        told(&self.region, &[&told_by.0], &["withdraw"], &[0]);
        list(&self.region, &[(&listed.0, "objection"), (&protected.0, "protected")]);
        self.status(&row.1[0], "vill ej delta i register").await;
        assert_eq!(once(&self.region, &[])["erased"]["persons"], 3);
        list(&self.region, &[]);
        self.status(&row.1[0], "avslutad").await;
        self.before = self.batches().len();
        self.must_stay_out("behind the withdrawals").await;
    }

    async fn status(&self, id: &str, word: &str) {
        let statement = format!(
            r#"UPDATE "moment" SET "läge" = '{word}', "ändrad" = '2099-01-01T00:00:00Z' WHERE "nummer" = '{id}'"#
        );
        assert_eq!(alter(&self.region.source.file(), Box::leak(statement.into_boxed_str())).await.unwrap(), 1);
    }

    /// Reads everything; nobody who left is sent, and nobody else is lost.
    async fn must_stay_out(&self, when: &str) {
        once(&self.region, &["--full"]);
        let batches = self.batches();
        assert!(!batches[self.before..].contains(&true), "{when} somebody who left was sent");
        assert!(
            active_set(&self.world.database()).await.unwrap() == self.others,
            "{when} the register holds something else"
        );
        println!("{when}: {} batches, none of them names anybody who left", batches.len() - self.before);
    }

    /// `objections backup` or `objections restore`.
    fn list_by(&self, command: &str, code: i32) {
        let secret = self.world.folder().join("passphrase");
        std::fs::write(&secret, PASSPHRASE).unwrap();
        let (copy, secret) = (self.world.folder().join("list.copy"), secret.display().to_string());
        let arguments = ["objections", command, &copy.display().to_string(), "--passphrase-file", &secret];
        self.region.site.agent(&arguments).unwrap().expect(&[code]).unwrap();
    }

    /// The run that finds the list short sends nothing.
    fn must_refuse(&self) {
        let before = self.batches().len();
        self.region.site.agent(&["once", "--full"]).unwrap().expect(&[78]).unwrap();
        assert_eq!(self.batches().len(), before, "something was sent without the list");
    }
}

/// Another person key in the file, under the same id, beside the same keys of records and objections.
fn replace_person_key(region: &Region) {
    let file = region.site.folder.join("pseudonym.key");
    let other = region.site.folder.join("other.key");
    region.site.agent(&["key", "new", "--out", &other.display().to_string()]).unwrap().expect(&[0]).unwrap();
    let [own, other] = [&file, &other].map(|path| std::fs::read_to_string(path).unwrap());
    let person = |text: &str| text.lines().find(|line| line.starts_with("person")).unwrap().to_owned();
    assert_ne!(person(&own), person(&other));
    std::fs::write(&file, own.replace(&person(&own), &person(&other))).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_who_left_by_any_way_goes_over_the_wire_again_whatever_is_lost() {
    let mut heard = Heard::begin().await;
    let (state, old) = (heard.region.site.state(), heard.world.folder().join("old"));
    copy(&state, &old).unwrap();
    heard.leave().await;
    heard.list_by("backup", 0);

    std::fs::remove_dir_all(&state).unwrap();
    heard.must_refuse();
    heard.list_by("restore", 0);
    heard.must_stay_out("behind a lost state directory").await;

    // The copy is older than every withdrawal: in it they were delivered, and nobody had said no.
    copy(&old, &state).unwrap();
    heard.must_refuse();
    heard.list_by("restore", 0);
    once(&heard.region, &[]);
    heard.must_stay_out("behind a host made anew from a copy").await;

    replace_person_key(&heard.region);
    heard.mark();
    heard.must_stay_out("behind another person key").await;

    std::fs::remove_dir_all(&state).unwrap();
    std::fs::remove_file(heard.region.site.folder.join("pseudonym.key")).unwrap();
    heard.region.site.agent(&["key", "new"]).unwrap().expect(&[0]).unwrap();
    heard.must_refuse();
    assert!(active_set(&heard.world.database()).await.unwrap() == heard.others);
}
