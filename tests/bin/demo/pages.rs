//! What the planted faults look like on the pages, read by the two people who may sign in to the demo's register.

use std::collections::BTreeMap;

use end_to_end::pages::Pages;
use end_to_end::people::SignIn;
use end_to_end::platform::Leads;
use end_to_end::world::{Region, World};

use super::checks::Checks;

/// Every region's page shows staff each planted fault with its count; a region reaches its own page and no other.
pub(crate) async fn read(
    world: &World,
    (regions, sign_ins): (&[Region], &[SignIn]),
    checks: &mut Checks,
) -> anyhow::Result<()> {
    println!("Pages, read over HTTPS");
    for person in sign_ins {
        let pages = Pages::open(world, person).await?;
        for (ordinal, region) in regions.iter().enumerate() {
            let sender = &region.site.sender;
            let (path, is_theirs) = (format!("/deliveries/{sender}"), person.role == "staff" || ordinal == 0);
            if !is_theirs {
                let answer = pages.ask(&path).await?.status().as_u16();
                checks.equal(&format!("{} is refused {path}", person.role), (answer, 403));
                continue;
            }
            let page = pages.page(&path).await?;
            let expected = planted(region);
            let rows = expected.keys().filter_map(|row| Some((*row, shown(&page, *row)?)));
            let shown: BTreeMap<Row, u64> = rows.collect();
            println!("  {} sees {} rules at {path}, each with what it kept back", person.role, shown.len());
            checks.equal(&format!("{} sees each planted fault at {path}", person.role), (shown, expected));
        }
    }
    println!();
    Ok(())
}

/// What a row counts, as the page calls it, and the rule that it is of.
type Row = (&'static str, &'static str);

/// How many treatments and answers each rule must keep out.
fn planted(region: &Region) -> BTreeMap<Row, u64> {
    let of =
        |what: &'static str, rules: BTreeMap<&'static str, u64>| rules.into_iter().map(move |(r, n)| ((what, r), n));
    let treatments = [Leads::Held, Leads::Excluded].into_iter().flat_map(|leads| region.plan.expected(leads)).collect();
    of("Behandlingar", treatments).chain(of("Svar", region.plan.expected_answers())).collect()
}

/// The last count of a row: that of everything in the source.
fn shown(page: &str, (what, rule): Row) -> Option<u64> {
    let (head, cell) = (format!("<th scope=\"row\">{what}"), format!("<td>{rule}</td>"));
    let row = page.split("<tr>").find(|row| row.starts_with(&head) && row.contains(&cell))?;
    let count = row.rsplit_once("class=\"n\">")?.1.split('<').next()?;
    count.chars().filter(char::is_ascii_digit).collect::<String>().parse().ok()
}
