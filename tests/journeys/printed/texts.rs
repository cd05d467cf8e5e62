//! The texts for people, in Swedish and in English; what reads the same in both is frozen once.

use end_to_end::world::Region;

use super::region::region;
use super::{frozen, steady};

/// Commands as they follow on each other in an administrator's day: arguments, exit code, name of the text.
const DAY: [(&[&str], i32, &str); 20] = [
    (&["version"], 0, "version"),
    (&["key", "id"], 0, "key id"),
    (&["config", "show", "--effective"], 0, "config show"),
    (&["check"], 0, "check"),
    (&["check", "--connect"], 0, "check with connect"),
    (&["map"], 3, "map"),
    (&["map", "suggest"], 0, "map suggest"),
    (&["schedule", "preview"], 0, "schedule preview"),
    (&["status"], 4, "status before the first run"),
    (&["held", "list"], 0, "held list before the first run"),
    (&["preview", "--limit", "1"], 0, "preview before the first run"),
    (&["once"], 3, "once"),
    (&["preview"], 0, "preview after the first run"),
    (&["held", "list"], 0, "held list"),
    (&["worklist"], 0, "worklist"),
    (&["held", "retry"], 3, "held retry"),
    (&["pause", "--until", "2090-12-24", "--reason", "new servers"], 0, "pause"),
    (&["status"], 4, "status in a pause"),
    (&["resume"], 0, "resume"),
    (&["resume"], 0, "resume without a pause"),
];
/// Commands that change something are run once and not once a language, and in which.
const CHANGING: [(&str, &str); 4] = [("once", "en"), ("held retry", "sv"), ("pause", "en"), ("resume", "en")];

#[tokio::test(flavor = "multi_thread")]
async fn every_text_for_people_is_what_was_agreed_in_swedish_and_in_english() {
    let (world, region) = region().await;
    for (arguments, exit, name) in DAY {
        let command = arguments.join(" ");
        let in_language = |language: &str| {
            let text = steady(&printed(&region, (arguments, exit), language), Some(world.folder()));
            (format!("$ registry-agent --language {language} {command} -> {exit}\n{text}"), text)
        };
        let changing = CHANGING.iter().find(|(changing, _)| name.starts_with(changing));
        let text = if let Some((_, language)) = changing {
            in_language(language).0
        } else {
            let ((sv, swedish), (en, english)) = (in_language("sv"), in_language("en"));
            if swedish == english {
                format!("$ registry-agent {command} -> {exit}\n{english}")
            } else {
                format!("{sv}\n{en}")
            }
        };
        frozen(&format!("text of {name}"), &text, None);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_status_with_faults_names_them_before_what_else_there_is() {
    let (world, region) = region().await;
    for lost in ["pseudonym.key", "region.pem"] {
        std::fs::remove_file(region.site.folder.join(lost)).unwrap();
    }
    let text = printed(&region, (&["status"], 5), "en");
    frozen("text of status with faults", &format!("$ registry-agent status -> 5\n{text}"), Some(world.folder()));
}

fn printed(region: &Region, (arguments, exit): (&[&str], i32), language: &str) -> String {
    region.site.agent(&[&["--language", language], arguments].concat()).unwrap().expect(&[exit]).unwrap().stdout
}
