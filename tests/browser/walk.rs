//! Every page as each role, in both languages, light and dark.
//!
//! Promises: the pages are those of the table of routes; where a path varies, a link on a page that was walked says how it may read, and
//! a page that nothing leads to is a complaint. A page with several tables is walked with each of them, and each of some treatments too;
//! of those a role looks in one of the four ways, and staff in two, so that each is seen in both languages, light and dark.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use registry_server::present::addresses;

use super::chromium::Chromium;
use super::look;
use super::stage::{ROLES, Stage};
use super::tab::Tab;

/// What is no page: files, figures for programs, and steps of a sign-in elsewhere.
const FILES: [&str; 3] = ["/assets/", "/api/", "/sign-in/"];
/// A language and a colour scheme.
type Way = (&'static str, &'static str);
/// Every way to look at a page; each role looks at further tables in one of them, staff in the first two.
const WAYS: [Way; 4] = [("sv", "light"), ("en", "dark"), ("sv", "dark"), ("en", "light")];

/// Tables that can be chosen on a page, each with the languages and schemes in which it was looked at.
type Tables = BTreeSet<(String, &'static str)>;

/// Whether a path is of a file rather than a page.
pub(crate) fn is_table(path: &str) -> bool {
    // The archive of a request, too.
    path.ends_with("/files")
        || Path::new(path)
            .extension()
            .is_some_and(|extension| ["csv", "json", "xlsx"].iter().any(|kind| extension == *kind))
}

/// The paths of pages in the table of routes.
pub(crate) fn pages() -> Vec<&'static str> {
    let read = addresses().filter(|(method, _)| *method == "GET").map(|(_, path)| path);
    let page = |path: &&str| !is_table(path) && !FILES.iter().any(|folder| path.starts_with(folder));
    read.filter(page).collect()
}

/// Whether a path is one of a route's.
fn is_of(path: &str, route: &str) -> bool {
    let path = path.split('?').next().unwrap_or_default();
    let (parts, wanted) = (path.split('/'), route.split('/'));
    parts.clone().count() == wanted.clone().count()
        && parts.zip(wanted).all(|(part, wanted)| part == wanted || wanted.starts_with('{') && !part.is_empty())
}

/// Every table that can be chosen on a page beside its own.
const TABLES: [&str; 8] = [
    "/outcomes?show=composite",
    "/outcomes?show=deciles",
    "/outcomes?show=flow",
    "/outcomes?show=trajectory",
    "/outcomes?show=waiting",
    "/quality?show=duplicates",
    "/quality?show=rules",
    "/quality?show=trajectory",
];

/// The tables that can be chosen on the page that stands in the window.
pub(crate) fn tables(tab: &mut Tab, route: &str) -> BTreeSet<String> {
    let links = tab.lines("checks.links()").into_iter();
    links.filter(|link| link.starts_with(&format!("{route}?show=")) && !link.contains('&')).collect()
}

/// Where screenshots lie.
fn folder() -> PathBuf {
    let here = std::env::current_exe().unwrap();
    let folder = here.ancestors().find(|folder| folder.ends_with("target")).unwrap().join("screenshots");
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

/// Walks the pages of a role; gives what was seen of which route, and every complaint.
struct Walk<'a, 'b> {
    tab: &'b mut Tab<'a>,
    role: &'b str,
    /// Its place among the roles.
    place: usize,
    folder: &'b Path,
    /// Routes of which a page was seen.
    seen: BTreeSet<&'static str>,
    /// Paths that pages link to.
    links: BTreeSet<String>,
    tables: Tables,
    complaints: Vec<String>,
}

impl Walk<'_, '_> {
    /// Looks at a page in these ways; a page that the role may not open is looked at once.
    fn page(&mut self, (route, name): (&'static str, &str), path: &str, ways: &[Way]) {
        for way in ways {
            let status = self.look(path, *way);
            if status == 403 && !self.seen.insert("403") {
                return;
            }
            if status == 200 {
                self.seen.insert(route);
                self.links.extend(self.tab.lines("checks.links()"));
            }
            self.shoot(name, *way);
        }
    }

    /// Looks at the tables that can be chosen on a page, each also of some treatments; staff, who have the longest lists, take one other
    /// choice of each list.
    fn further(&mut self, route: &'static str) {
        // Some of them only staff may choose.
        let ways = if self.role == "staff" { &WAYS[..2] } else { std::slice::from_ref(&WAYS[self.place % WAYS.len()]) };
        self.tab.go(route);
        let tables = tables(self.tab, route);
        for table in &tables {
            self.tables.extend(
                ways.iter().flat_map(|(language, scheme)| [*language, *scheme]).map(|one| (table.clone(), one)),
            );
        }
        for path in std::iter::once(route.to_owned()).chain(tables) {
            if path != route {
                self.page((route, &path), &path, ways);
            }
            self.tab.go(&path);
            let (narrowed, choices) = (self.tab.lines("checks.narrowed()"), self.tab.lines("checks.choices()"));
            for address in narrowed {
                self.page((route, &format!("{path}-narrowed")), &address, ways);
            }
            if self.role == "staff" {
                for address in choices {
                    self.look(&address, ("sv", "light"));
                }
            }
        }
    }

    /// Opens a page and notes what is wrong with it; gives its status.
    fn look(&mut self, path: &str, (language, scheme): Way) -> u64 {
        self.tab.scheme(scheme);
        let sign = if path.contains('?') { '&' } else { '?' };
        let heard = self.tab.go(&format!("{path}{sign}lang={language}"));
        let status = heard.status;
        let mut found = look::complaints(self.tab, heard);
        if !matches!(status, 200 | 403) {
            found.push(format!("status {status}"));
        }
        let role = self.role;
        self.complaints.extend(found.into_iter().map(|one| format!("{role}: {path} {language} {scheme}: {one}")));
        status
    }

    fn shoot(&mut self, page: &str, (language, scheme): Way) {
        let safe = |text: &str| text.replace(|c: char| !c.is_ascii_alphanumeric(), "-");
        let name = |more: &str| format!("{}{}-{language}-{scheme}{more}.png", safe(self.role), safe(page));
        let (whole, narrow) = (self.folder.join(name("")), self.folder.join(name("-320")));
        std::fs::write(whole, self.tab.screenshot()).unwrap();
        if (language, scheme) == ("sv", "light") {
            self.tab.width(look::NARROW);
            std::fs::write(narrow, self.tab.screenshot()).unwrap();
            self.tab.width(look::WIDE);
        }
    }
}

/// What was seen.
#[derive(Default)]
struct Seen {
    routes: BTreeSet<&'static str>,
    tables: Tables,
    complaints: Vec<String>,
}

/// The pages that somebody may see, and what is wrong with them.
fn walked(stage: &Stage, chromium: &mut Chromium, (role, script): (&str, &str)) -> Seen {
    let mut tab = stage.signed_in(chromium, role, script);
    let folder = folder();
    let (tab, folder) = (&mut tab, folder.as_path());
    let place = ROLES.iter().position(|one| *one == role).unwrap();
    let (seen, links, tables) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    let mut walk = Walk { tab, role, place, folder, seen, links, tables, complaints: Vec::new() };
    let (varying, fixed): (Vec<_>, Vec<_>) = pages().into_iter().partition(|path| path.contains('{'));
    for route in fixed {
        walk.page((route, route), route, &WAYS);
        if walk.seen.contains(route) {
            walk.further(route);
        }
    }
    walk.links.insert(stage.invitation.clone());
    // The page of a request leads there only while its tables are built.
    let is_number = |path: &&String| path.rsplit('/').next().is_some_and(|last| last.parse::<u32>().is_ok());
    let requests = walk.links.iter().filter(|path| is_of(path, "/extracts/{number}")).filter(is_number);
    let followed: Vec<String> = requests.map(|path| format!("{path}/building")).collect();
    walk.links.extend(followed);
    for route in varying {
        if let Some(path) = walk.links.iter().find(|path| is_of(path, route)).cloned() {
            walk.page((route, route), &path, &WAYS);
        }
    }
    Seen { routes: walk.seen, tables: walk.tables, complaints: walk.complaints }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_is_accessible_and_quiet_as_each_role_in_both_languages_light_and_dark() {
    let stage = Stage::set("", |_| ()).await;
    let (mut chromium, script) = (Chromium::start(), look::script());
    let mut all = Seen::default();
    for role in ROLES {
        let seen = walked(&stage, &mut chromium, (role, &script));
        all.routes.extend(seen.routes);
        all.tables.extend(seen.tables);
        all.complaints.extend(seen.complaints);
    }
    let missed = pages().into_iter().filter(|route| !all.routes.contains(route));
    all.complaints.extend(missed.map(|route| format!("nothing leads to {route}")));
    assert!(all.complaints.is_empty(), "{} complaints\n{}", all.complaints.len(), all.complaints.join("\n"));
    let every = TABLES.iter().flat_map(|table| ["dark", "en", "light", "sv"].map(|one| ((*table).to_owned(), one)));
    assert_eq!(all.tables, every.collect(), "tables that a link leads to, and how they were looked at");
}
