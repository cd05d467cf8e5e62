//! The list as `strace` writes it, and what a small file comes to.

use super::*;

fn hex(text: &str) -> String {
    let bytes: Vec<String> = text.bytes().map(|byte| format!("\\x{byte:02x}")).collect();
    bytes.concat()
}

fn steps(lines: &[(&str, &str, &str)]) -> Vec<Step> {
    let line = |(call, file, rest): &(&str, &str, &str)| format!("7 1700000000.000002 {call}(3<{}>{rest}\n", hex(file));
    recorded(&lines.iter().map(line).collect::<String>(), Path::new("/s"))
}

fn after(steps: &[Step], keep: bool) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut disk = Disk::default();
    for step in steps {
        disk.take(step);
    }
    disk.without_power(&mut || keep)
}

#[test]
fn only_what_was_flushed_is_certain_and_a_name_only_with_its_folder() {
    let text = format!(", \"{}\", 3, 2) = 3", hex("abc"));
    let written = ("pwrite64", "/s/a", text.as_str());
    let flushed = ("fsync", "/s/a", ") = 0");
    let folder = ("fsync", "/s", ") = 0");
    let there = BTreeMap::from([(PathBuf::from("/s/a"), b"\0\0abc".to_vec())]);
    assert_eq!(steps(&[written])[0].at, 1_700_000_000_000_002);
    assert_eq!(after(&steps(&[written]), true), there);
    assert_eq!(after(&steps(&[written]), false), BTreeMap::new());
    assert_eq!(after(&steps(&[written, flushed]), false), BTreeMap::new());
    assert_eq!(after(&steps(&[written, folder]), false), BTreeMap::from([("/s/a".into(), Vec::new())]));
    assert_eq!(after(&steps(&[written, flushed, folder]), false), there);
    let cut = ("ftruncate", "/s/a", ", 1) = 0");
    assert_eq!(after(&steps(&[written, flushed, folder, cut]), false), there);
    assert_eq!(after(&steps(&[written, flushed, folder, cut]), true), BTreeMap::from([("/s/a".into(), vec![0])]));
}

#[test]
fn a_flush_that_was_interrupted_counts_when_it_has_ended_and_other_folders_do_not_count() {
    let file = hex("/s/a");
    let list = format!(
        "7 1.000001 fdatasync(3<{file}> <unfinished ...>\n8 1.000002 fsync(3<{}>) = 0\n7 1.000003 <... fdatasync resumed>) = 0\n",
        hex("/t/b")
    );
    let expected = Step { at: 1_000_003, file: "/s/a".into(), what: What::Flush };
    assert_eq!(recorded(&list, Path::new("/s")), [expected]);
}
