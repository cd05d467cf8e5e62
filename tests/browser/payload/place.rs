//! Where texts come in that a page may show: what somebody typed, what another machine told, what a certificate says.
//!
//! Promises: every place stands here with whether a page shows it; besides what the doors let in, each text is written into the database
//! itself, so that a page relies on no door.

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::time::Duration;

use end_to_end::site::Site;
use end_to_end::world::World;
use rcgen::{CertificateParams, DnType, ExtendedKeyUsagePurpose, Issuer, KeyPair, KeyUsagePurpose, SanType};

/// What stands before the name of the place where a text came in.
pub(super) const MARKER: &str = "planted-in-";
/// A formula that is a good address too.
pub(super) const ADDRESS: &str = "=cmd|'/c'!a1@example.se";
/// Why a sender was suspended; the text replaces it in the log.
const REASON: &str = "planned for the walk";

/// Between two looks for a row.
const PAUSE: Duration = Duration::from_millis(50);

/// Where a text comes in.
pub(super) struct Place {
    pub(super) name: &'static str,
    /// Whether a page shows it.
    pub(super) is_shown: bool,
    /// What writes it into the database; empty where it comes in by a door.
    sql: &'static str,
}

const fn shown(name: &'static str, sql: &'static str) -> Place {
    Place { name, is_shown: true, sql }
}

const fn nowhere(name: &'static str, sql: &'static str) -> Place {
    Place { name, is_shown: false, sql }
}

/// Every place.
pub(super) const PLACES: [Place; 35] = [
    shown("unit.name", ""),
    shown("programme.name", ""),
    shown("web_user.email", ""),
    nowhere("certificate.subject", ""),
    shown("contact.name", "UPDATE contact SET name = ?1 WHERE number = (SELECT MIN(number) FROM contact)"),
    shown("contact.email", "UPDATE contact SET email = ?1 WHERE number = (SELECT MIN(number) FROM contact)"),
    shown(
        "alarm.note",
        "INSERT INTO alarm (number, sender, kind, since, raised_at, cleared_at, acknowledged_at, acknowledged_by, note)
        VALUES (9000, '12', 'clock', '2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z', '2026-01-02T00:00:00Z', '2026-01-01T01:00:00Z', 'eva@example.se', ?1)",
    ),
    shown("alarm.acknowledged_by", "UPDATE alarm SET acknowledged_by = ?1 WHERE number = 9000"),
    shown("cut.name", "UPDATE cut SET name = ?1 WHERE number = 1"),
    nowhere("cut.note", "UPDATE cut SET note = ?1 WHERE number = 1"),
    nowhere("cut_calendar.reason", "UPDATE cut_calendar SET reason = ?1"),
    shown(
        "cut_comment.comment",
        "INSERT INTO cut_comment (cut, number, remarked_by, comment, made_at)
        VALUES (1, 900, 'Region 12', ?1, '2026-01-01T00:00:00Z')",
    ),
    shown("cut_comment.remarked_by", "UPDATE cut_comment SET remarked_by = ?1 WHERE number = 900"),
    nowhere("attestation.signed_by", "UPDATE attestation SET signed_by = ?1"),
    shown("audit_review.name", ""),
    shown(
        "audit_review.remark",
        "INSERT INTO audit_review (month, signed_at, web_user, name, remark, sample, events, seed)
        VALUES (strftime('%Y-%m', 'now', 'start of month', '-1 day'), '2026-01-01T00:00:00Z', 1, ?1 || ' planted-in-audit_review.name;', ?1, 0, 0, '00')",
    ),
    shown("audit.reason", "UPDATE audit_leaf SET event = replace(event, '\"planned for the walk\"', json_quote(?1))"),
    shown(
        "series_break.note",
        "INSERT INTO series_break (number, begins_on, note, recorded_at) VALUES (1, '2024-01-01', ?1, '2026-01-01T00:00:00Z')",
    ),
    nowhere(
        "denominator.source",
        "INSERT INTO denominator (region, month, ended, source, counted_on, imported_at)
        VALUES ('01', '2024-01', 100, ?1, '2025-01-01', '2025-01-01T00:00:00Z')",
    ),
    shown("sender.agent", "UPDATE sender SET agent = ?1 WHERE code = '12'"),
    shown("batch.agent", "UPDATE batch SET agent = ?1 WHERE sender = '12'"),
    shown("batch.batch_schema", "UPDATE batch SET batch_schema = ?1 WHERE sender = '12'"),
    shown("batch.payload", "UPDATE batch SET payload = ?1 WHERE sender = '12'"),
    // Of these a page shows the beginning only.
    nowhere("batch.rules", "UPDATE batch SET rules = ?1 WHERE sender = '12'"),
    shown("sender.schedule", "UPDATE sender SET schedule = ?1 WHERE code = '12'"),
    shown("sender.timezone", "UPDATE sender SET timezone = ?1 WHERE code = '12'"),
    nowhere("sender.pause_reason", "UPDATE sender SET pause_reason = ?1, paused_until = '2099-01-01' WHERE code = '12'"),
    nowhere("sender_told.rules", "UPDATE sender_told SET rules = ?1 WHERE sender = '12'"),
    shown("sender_told.newest_end", "UPDATE sender_told SET newest_end = ?1 WHERE sender = '12'"),
    shown("reject_day.rule", "INSERT INTO reject_day (sender, day, rule, records) VALUES ('12', date('now'), ?1, 3)"),
    shown(
        "run.reasons",
        "UPDATE run SET reasons = json_array(json_object('term', 'held', 'rule', ?1, 'n', 1)) WHERE sender = '12'",
    ),
    shown("request_step.comment", "UPDATE request_step SET comment = ?1 WHERE request = 1 AND place = 3"),
    shown(
        "request.title",
        "UPDATE request_step SET form = json_set(form, '$.title', ?1) WHERE request = 1 AND place = 1",
    ),
    shown(
        "request.measure",
        "UPDATE request_step SET form = json_set(form, '$.tables[0].measure', ?1) WHERE request = 1 AND place = 1",
    ),
    nowhere("run.programme", "UPDATE run SET programme = ?1, unit = ?1 WHERE sender = '12'"),
];

/// Enters texts by the register's commands; tells how many were taken. One that is refused comes to no page either.
pub(super) fn enter(world: &World, payloads: &[&str]) -> usize {
    let contact = |name: &&&str| {
        let add = ["contact", "add", "01", "--role", "technical", "--name", name, "--email", ADDRESS];
        world.registry(&add).unwrap().code == 0
    };
    let cut = |name: &&&str| world.registry(&["cut", "create", name]).unwrap().code == 0;
    let suspended = |reason: &&&str| {
        let code = world.registry(&["region", "suspend", "12", "--reason", reason]).unwrap().code;
        world.registry(&["region", "resume", "12"]).unwrap();
        code == 0
    };
    world.registry(&["region", "suspend", "12", "--reason", REASON]).unwrap().expect(&[0]).unwrap();
    world.registry(&["region", "resume", "12"]).unwrap().expect(&[0]).unwrap();
    payloads.iter().filter(contact).count()
        + payloads.iter().filter(cut).count()
        + payloads.iter().filter(suspended).count()
}

/// Writes a text into every place of the database, with the place's name behind it.
pub(super) fn plant(world: &World, payload: &str) {
    let database = database(world);
    for Place { name, sql, .. } in PLACES.iter().filter(|place| !place.sql.is_empty()) {
        let text = format!("{payload} {MARKER}{name};");
        let mut waited = Duration::ZERO;
        // Until an event that was just noted has its place in the log.
        while database.execute(sql, [&text]).unwrap_or_else(|error| panic!("{name}: {error}")) == 0
            || (*name == "audit.reason" && !is_in_log(&database))
        {
            assert!(waited < Duration::from_secs(30), "{name}: no row takes the text");
            std::thread::park_timeout(PAUSE);
            waited += PAUSE;
        }
    }
}

/// Gives whoever is signed in as a role a harmful address, as a provider's claim might.
pub(super) fn rename(world: &World, (role, payload): (&str, &str)) {
    let sql = "UPDATE web_user SET email = ?1 || number WHERE role = ?2";
    let text = format!("{payload} {MARKER}web_user.email;");
    assert!(database(world).execute(sql, (text, role)).unwrap() > 0, "{role}");
}

/// Delivers under a certificate whose subject is a text; the sender's identity is another name in it.
pub(super) fn deliver_under_another_subject(world: &World, (site, payload): (&Site, &str)) {
    let mut params = CertificateParams::default();
    params.distinguished_name.push(DnType::CommonName, format!("{payload} {MARKER}certificate.subject;"));
    let identity = format!("spiffe://register/test/sender/{}", site.sender);
    params.subject_alt_names = vec![SanType::URI(identity.as_str().try_into().unwrap())];
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
    params.use_authority_key_identifier_extension = true;
    (params.not_before, params.not_after) = (rcgen::date_time_ymd(2020, 1, 1), rcgen::date_time_ymd(2120, 1, 1));
    let read = |file: &str| std::fs::read_to_string(world.authority.folder.join(file)).unwrap();
    let authority = read("ca.pem");
    let issuer = Issuer::from_ca_cert_pem(&authority, KeyPair::from_pem(&read("ca.key")).unwrap()).unwrap();
    let own = KeyPair::generate().unwrap();
    let certificate = params.signed_by(&own, &issuer).unwrap().pem();
    std::fs::write(site.folder.join("region.pem"), format!("{certificate}{authority}")).unwrap();
    write_key(&site.folder.join("region.key"), &own.serialize_pem());
    site.agent(&["once"]).unwrap().expect(&[0, 3]).unwrap();
}

fn write_key(path: &Path, pem: &str) {
    std::fs::write(path, pem).unwrap();
    std::fs::set_permissions(path, Permissions::from_mode(0o600)).unwrap();
}

fn is_in_log(database: &rusqlite::Connection) -> bool {
    let sql = "SELECT COUNT(*) FROM audit_leaf WHERE instr(event, 'planted-in-audit.reason') > 0";
    database.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap() > 0
}

fn database(world: &World) -> rusqlite::Connection {
    let database = rusqlite::Connection::open(world.database()).unwrap();
    database.busy_timeout(Duration::from_secs(30)).unwrap();
    database
}
