//! Whether both ends agree with the script.
//!
//! Promises: the register's rows are compared byte for byte, and each end's own account is looked at besides.

use agent::cycle::Extent;
use agent::push::Delivered;

use super::month::Year;
use super::region::Region;
use super::source::Sums;

/// Kinds of things that happen in the script.
const KINDS: usize = 27;

impl Year {
    /// What the sources say.
    pub(super) fn truth(&self) -> Vec<String> {
        let mut truth: Vec<String> = self.regions.iter().flat_map(|region| region.source.truth()).collect();
        truth.sort_unstable();
        truth
    }

    /// The register holds what the sources say, and both ends account for everything.
    pub(super) async fn must_agree(&self, when: &str) {
        let (truth, held) = (self.truth(), self.register.held().await);
        if truth != held {
            let lacking: Vec<&String> = truth.iter().filter(|line| !held.contains(line)).collect();
            let besides: Vec<&String> = held.iter().filter(|line| !truth.contains(line)).collect();
            panic!(
                "{when} the register lacks {} of {}, such as {:#?}, and has {} besides, such as {:#?}",
                lacking.len(),
                truth.len(),
                lacking.first(),
                besides.len(),
                besides.first()
            );
        }
        for region in &self.regions {
            for line in &region.agent.status().await.accounting {
                assert!(line.balances(), "{when}: {line:?}");
            }
            let account = self.register.account(region.source.sender).await;
            for cycle in account.full.iter().chain(&account.newest) {
                let differences = [cycle.treatments.terms.difference, cycle.answers.terms.difference];
                assert_eq!(differences, [0, 0], "{when}: {cycle:?}");
            }
            assert!(account.full.is_some() && account.sentences.is_empty(), "{when}: {:?}", account.sentences);
        }
        println!("{when}: {} treatments", held.len());
    }

    /// A script in which nothing happens proves nothing.
    pub(super) fn must_have_met_everything(&self) {
        println!("{:?}", self.met);
        assert_eq!(self.met.len(), KINDS);
    }
}

impl Region {
    pub(super) async fn must_run(&self, extent: Extent) {
        let outcome = self.agent.run(extent).await.unwrap();
        assert_eq!(outcome.delivered, Delivered::Everything, "{}", self.source.sender);
    }

    /// The account of the newest reading of everything has its treatments where the rows say.
    pub(super) async fn must_account_for(&self, expected: Sums) {
        let status = serde_json::to_value(self.agent.status().await).unwrap();
        let term = |name: &str| status["accounting"][0]["treatments"][name].as_u64().unwrap();
        let at_register = term("accepted") + term("unchanged");
        let sums = Sums { found: term("found"), at_register, held: term("held"), excluded: term("excluded") };
        assert_eq!((sums, term("pending"), term("rejected")), (expected, 0, 0), "{}", self.source.sender);
    }
}
