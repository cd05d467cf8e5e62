//! A sender that stops delivering, from the first message to the last.
//!
//! Promises: both programs are the built ones, the mail server is a real one. Only the time of the last delivery is made up, in the database.

use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::time::{Duration, Instant};

use end_to_end::active::alter;
use end_to_end::world::World;

/// A mail server that puts every message into a file of its own.
struct Mail {
    process: Child,
    address: SocketAddr,
    folder: PathBuf,
}

impl Mail {
    fn start(folder: &Path) -> Self {
        let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let (listen, folder) = (address.to_string(), folder.join("mail"));
        let arguments = ["-n", "-l", &listen, "-c", "aiosmtpd.handlers.Mailbox"];
        let process = Command::new("aiosmtpd").args(arguments).arg(&folder).spawn().unwrap();
        until("a mail server", || TcpStream::connect(address).is_ok());
        Self { process, address, folder }
    }

    /// Waits until so many messages came.
    fn wait_for(&self, messages: usize) {
        until("the mail", || self.subjects().len() >= messages);
    }

    /// The subjects of what came, in alphabetical order.
    fn subjects(&self) -> Vec<String> {
        let files = std::fs::read_dir(self.folder.join("new")).unwrap();
        let texts = files.map(|file| std::fs::read_to_string(file.unwrap().path()).unwrap());
        let mut subjects: Vec<String> = texts
            .map(|text| text.lines().find_map(|line| line.strip_prefix("Subject: ")).unwrap_or_default().to_owned())
            .collect();
        subjects.sort_unstable();
        subjects
    }
}

impl Drop for Mail {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Waits until something has come about.
#[expect(clippy::disallowed_methods, reason = "a limit for a test that would otherwise hang")]
fn until(what: &str, come_about: impl Fn() -> bool) {
    let begun = Instant::now();
    while !come_about() {
        assert!(begun.elapsed() < Duration::from_mins(2), "{what} did not come");
        std::thread::yield_now();
    }
}

/// Looks at once; gives the alarms that are not over.
fn open(world: &World) -> Vec<String> {
    let alarms = world.registry(&["--json", "alarm", "check"]).unwrap().expect(&[0]).unwrap().json().unwrap();
    let open = alarms["alarms"].as_array().unwrap();
    open.iter().map(|alarm| format!("{} {}", alarm["sender"], alarm["kind"]).replace('"', "")).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_region_that_stops_raises_the_late_alarm_once_by_mail_and_ends_it_by_delivering_nothing_new() {
    const STOPPED: &str = "UPDATE sender SET last_seen_at = strftime('%Y-%m-%dT%H:%M:%SZ', 'now', '-4 days')";
    let folder = tempfile::tempdir().unwrap();
    let mail = Mail::start(folder.path());
    let section = format!(
        "[alarms]\nsmtp = \"smtp://{}\"\nfrom = \"register@example.se\"\nstaff = \"staff@example.se\"\n",
        mail.address
    );
    let mut world = World::start(&section).unwrap();
    let region = world.invent(11, (0, "01"), 5).await.unwrap();
    let person = ["--role", "technical", "--name", "Åsa", "--email", "asa@example.se"];
    world.registry(&[["contact", "add", "01"].as_slice(), &person].concat()).unwrap().expect(&[0]).unwrap();
    region.site.agent(&["once"]).unwrap().expect(&[0, 3]).unwrap();
    assert_eq!(open(&world), [""; 0]);

    assert_eq!(alter(&world.database(), STOPPED).await.unwrap(), 1);
    // Whether the restarted register or the command looks first, one of them tells it.
    world.restart().unwrap();
    assert_eq!(open(&world), ["01 late"]);
    mail.wait_for(1);
    world.restart().unwrap();
    assert_eq!(open(&world), ["01 late"]);
    let seen = ["alarm", "acknowledge", "1", "--by", "Bo", "--note", "ringt driften"];
    world.registry(&seen).unwrap().expect(&[0]).unwrap();
    region.site.agent(&["once"]).unwrap().expect(&[0, 3]).unwrap();
    assert_eq!(open(&world), [""; 0]);
    mail.wait_for(2);
    assert_eq!(mail.subjects(), ["Registret, 01: =?utf-8?b?w7Z2ZXI=?= (leverans sen)", "Registret, 01: leverans sen"]);
}
