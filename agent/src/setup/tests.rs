//! What must fit together before a cycle can begin.

use super::*;
use crate::tests::Region;

/// The sentence with which an altered configuration is refused.
async fn refused(alter: impl FnOnce(&mut Config)) -> String {
    let region = Region::new().await;
    let mut config = region.setup.config.clone();
    alter(&mut config);
    Setup::read(config).err().expect("the configuration is refused").to_string()
}

#[tokio::test]
async fn each_setting_that_cannot_be_meant_is_told_by_its_name() {
    type Alteration = fn(&mut Config);
    let cases: [(Alteration, &str); 10] = [
        (|config| config.pseudonym.key_id = "r12-g2".parse().unwrap(), "[pseudonym] key_id is r12-g2"),
        (|config| config.agent.region = "13".parse().unwrap(), "is not a key of sender 13"),
        (|config| config.source.0[0].timezone = "Europe/Skara".into(), "[source] timezone"),
        (|config| config.source.0[0].overlap = "-3d".into(), "[source] overlap"),
        (|config| config.source.0[0].url = None, "[source] needs either url or url_file"),
        (|config| config.source.0[0].url_file = Some("x".into()), "[source] needs either url or url_file"),
        (|config| config.pseudonym.key_file = None, "[pseudonym] needs either key_file or credential"),
        (|config| config.pseudonym.key_file = Some("none.key".into()), "registry-agent key new"),
        (
            |config| drop(config.codelists.insert("program".into(), "x.csv".into())),
            "[codelists] there is no list program",
        ),
        (
            |config| drop(config.codelists.insert("programmes".into(), "x.csv".into())),
            "[codelists] programmes: cannot read",
        ),
    ];
    for (alter, expected) in cases {
        let sentence = refused(alter).await;
        assert!(sentence.contains(expected), "{sentence}");
    }
}

#[tokio::test]
async fn a_key_file_that_others_can_read_is_refused() {
    use std::os::unix::fs::PermissionsExt as _;
    let region = Region::new().await;
    let file = region.path("pseudonym.key");
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o640)).unwrap();
    let Err(SetupError::Key(error)) = Setup::read(region.setup.config.clone()) else { panic!("not refused") };
    assert_eq!(error.exit(), schemas::exit::Exit::NotAllowed);
    assert!(error.to_string().contains("chmod 600"), "{error}");
}

#[tokio::test]
async fn a_credential_is_read_from_the_folder_that_systemd_names() {
    let region = Region::new().await;
    let mut config = region.setup.config.clone();
    config.pseudonym.key_file = None;
    config.pseudonym.credential = Some("pseudonym.key".into());
    let Err(SetupError::Settings(error)) = Setup::read(config.clone()) else { panic!("read without systemd") };
    assert!(error.0.contains("systemd"), "{error}");
    config.credentials = Some(region.path(""));
    assert_eq!(Setup::read(config).unwrap().keys.id().as_str(), "r12-g1");
}

#[tokio::test]
async fn a_source_address_is_relative_to_the_configuration_and_may_stand_in_a_file() {
    let region = Region::new().await;
    let expected = format!("sqlite://{}", region.path("source.db").display());
    assert_eq!(region.setup.places[0].url.clone().unwrap(), expected);
    std::fs::write(region.path("source.url"), "sqlite://source.db\n").unwrap();
    let mut config = region.setup.config.clone();
    config.source.0[0].url = None;
    config.source.0[0].url_file = Some("source.url".into());
    assert_eq!(Setup::read(config.clone()).unwrap().places[0].url.clone().unwrap(), expected);
    config.source.0[0].url_file = None;
    config.source.0[0].url = Some("sqlite:///srv/sob/export.db".into());
    assert_eq!(Setup::read(config).unwrap().places[0].url.clone().unwrap(), "sqlite:///srv/sob/export.db");
}

#[tokio::test]
async fn a_file_with_a_password_is_for_its_owner_only() {
    use std::os::unix::fs::PermissionsExt as _;
    let region = Region::new().await;
    let mut config = region.setup.config.clone();
    config.source.0[0].url = None;
    config.source.0[0].url_file = Some("source.url".into());
    let file = region.path("source.url");
    for (address, secret) in [
        ("postgres://agent:hemligt@db.example/sob", true),
        ("mysql://agent:h@mligt@db.example:3306/sob?ssl-mode=REQUIRED", true),
        ("postgres:///sob?host=/srv/socket&user=agent&password=hemligt", true),
        ("postgres://agent@db.example:5432/sob", false),
        ("sqlite://source.db", false),
    ] {
        for mode in [0o640, 0o604, 0o600] {
            std::fs::write(&file, address).unwrap();
            std::fs::set_permissions(&file, std::fs::Permissions::from_mode(mode)).unwrap();
            match Setup::read(config.clone()) {
                Ok(_) => assert!(!secret || mode == 0o600, "{address} {mode:o}"),
                Err(error @ SetupError::TooOpen { .. }) => {
                    let sentence = error.to_string();
                    assert!(secret && mode != 0o600, "{address} {mode:o}");
                    assert!(sentence.contains("chmod 600") && !sentence.contains("hemligt"), "{sentence}");
                }
                Err(other) => panic!("{other}"),
            }
        }
    }
}

#[test]
fn today_is_the_day_in_sweden() {
    let today = |moment: &str| schemas::rule::today(moment.parse().unwrap()).to_string();
    assert_eq!(
        (today("2024-06-01T21:59:59Z"), today("2024-06-01T22:00:00Z")),
        ("2024-06-01".into(), "2024-06-02".into())
    );
}
