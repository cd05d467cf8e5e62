//! Planted faults: each is told by the check that must find it, in the same browser as the walk.

use super::chromium::Chromium;
use super::look;
use super::stage::Stage;
use super::tab::Tab;

/// A fault, as a script that plants it, and what the complaint says of it.
struct Planted {
    script: &'static str,
    told: &'static str,
}

/// Faults in the page itself, beside charts.
const IN_THE_PAGE: [Planted; 7] = [
    Planted { script: "document.querySelector('main').append(document.createElement('img'))", told: "axe image-alt" },
    Planted {
        script: "document.querySelector('h1').setAttribute('style', 'color: var(--line)')",
        told: "log: Applying inline style violates",
    },
    Planted { script: "document.documentElement.lang = ''", told: "axe html-has-lang" },
    Planted {
        script: "document.querySelector('main p').style.color = 'rgb(170, 170, 170)'",
        told: "axe color-contrast",
    },
    Planted {
        script: "document.querySelector('[class^=mark-]').style.fill = getComputedStyle(document.querySelector('.paper')).fill",
        told: "contrast: ",
    },
    Planted { script: "document.querySelector('main p').id = 'main'", told: "id twice: main" },
    Planted { script: "document.querySelector('h1').style.width = '3000px'", told: "overflow at 320: h1" },
];

/// Faults that the page's policy must stop, and the browser must tell of.
const AGAINST_THE_POLICY: [Planted; 4] = [
    Planted {
        script: "{ const s = document.createElement('script'); s.textContent = 'alert(1)'; document.body.append(s) }",
        told: "log: Executing inline script violates",
    },
    Planted {
        script: "document.body.insertAdjacentHTML('beforeend', '<b onclick=alert(1)>x</b>'); document.body.lastChild.click()",
        told: "log: Executing inline event handler violates",
    },
    Planted {
        script: "{ const i = new Image(); i.src = 'https://foreign.example/x.png'; document.body.append(i) }",
        told: "foreign request: https://foreign.example/x.png",
    },
    Planted { script: "console.error('planted')", told: "console: " },
];

/// Other figures in the table than in the chart.
const IN_THE_TABLE: [(&str, &str); 4] = [
    ("/outcomes", "tbody tr:first-child td:nth-of-type(3)"),
    ("/outcomes", "tbody tr:first-child td:nth-of-type(11)"),
    ("/units", "tbody td:nth-of-type(1)"),
    ("/quality", "tbody tr:nth-child(2) td:nth-of-type(3)"),
];

/// Columns that a chart draws, of the tables that can be chosen on a page: other figures in them are told, and their absence is.
const DRAWN: [(&str, &str); 7] = [
    ("/outcomes?show=trajectory", "Medel"),
    ("/outcomes?show=composite", "Tillförlitligtåterhämtade,antal"),
    ("/outcomes?show=deciles", "Värde"),
    ("/outcomes?show=flow", "Fullföljda,antal"),
    ("/outcomes?show=waiting", "Inom90dagar,antal"),
    ("/quality?show=trajectory", "Svarade%"),
    ("/outcomes?show=composite&sex=F&period=year", "Tillförlitligtsämre,antal"),
];

/// A script that does something with each cell of a column.
fn column(head: &str, cell: &str) -> String {
    format!(
        "{{ const heads = [...document.querySelectorAll('main table thead th')];
        const at = heads.findIndex((head) => head.textContent.replace(/\\s/g, '').startsWith('{head}'));
        const column = [heads[at], ...[...document.querySelectorAll('main table tbody tr')].map((row) => row.cells[at])];
        column.forEach((cell) => {cell}) }}"
    )
}

/// What a page that opens anew, with a planted fault, is told of.
fn told(tab: &mut Tab, path: &str, script: &str) -> Vec<String> {
    tab.width(look::WIDE);
    let sign = if path.contains('?') { '&' } else { '?' };
    let mut heard = tab.go(&format!("{path}{sign}lang=sv"));
    assert_eq!((heard.status, heard.complaints.as_slice()), (200, [].as_slice()), "{path}");
    tab.run_as_page(script);
    // The browser tells of a stopped script after the script that wrote it.
    tab.run("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))");
    heard.complaints.extend(tab.heard().complaints);
    look::complaints(tab, heard)
}

#[tokio::test(flavor = "multi_thread")]
async fn each_planted_fault_of_a_page_is_told_by_the_check_that_must_find_it() {
    let stage = Stage::set("", |_| ()).await;
    let (mut chromium, script) = (Chromium::start(), look::script());
    let mut tab = stage.signed_in(&mut chromium, "staff", &script);
    assert_eq!(told(&mut tab, "/units", ""), [""; 0], "nothing is planted");
    for Planted { script, told: wanted } in IN_THE_PAGE.iter().chain(&AGAINST_THE_POLICY) {
        let told = told(&mut tab, "/units", script);
        assert!(told.iter().any(|complaint| complaint.starts_with(wanted)), "{script}: {told:?}");
    }
    for (path, cell) in IN_THE_TABLE {
        let told = told(&mut tab, path, &format!("document.querySelector('{cell}').textContent = '7'"));
        assert!(told.iter().any(|complaint| complaint.starts_with("chart: ")), "{path}: {told:?}");
    }
    for (path, head) in DRAWN {
        assert_eq!(told(&mut tab, path, ""), [""; 0], "{path}: nothing is planted");
        for cell in ["cell.tagName === 'TD' && (cell.textContent = '7')", "cell.remove()"] {
            let told = told(&mut tab, path, &column(head, cell));
            assert!(told.iter().any(|complaint| complaint.starts_with("chart: ")), "{path} {cell}: {told:?}");
        }
    }
    // A dialog would stand in front of the page.
    tab.go("/account");
    tab.run_as_page("alert('planted')");
    assert!(tab.heard().complaints.iter().any(|complaint| complaint == "dialog: planted"));
}
