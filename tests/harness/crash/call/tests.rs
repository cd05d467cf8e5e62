//! A list as `strace` writes it, and choices among its points.

use std::path::Path;

use super::*;

const LIST: &str = r#"
71 mkdir("/s", 0700) = 0
71 pwrite64(9</s/a.db-wal>, ""..., 32, 0) = 32
72 write(1</elsewhere/log>, ""..., 3) = 3
72 write(6<socket:[77]>, ""..., 3 <unfinished ...>
71 pwrite64(9</s/a.db-wal>, ""..., 24, 32) = 24
72 <... write resumed>) = 3
71 fdatasync(9</s/a.db-wal>) = 0
71 pwrite64(8</s/scratch>(deleted), ""..., 24, 32) = 24
72 write(7<anon_inode:[eventfd]>, ""..., 8) = 8
72 write(6<socket:[77]>, ""..., 3) = 3
71 unlinkat(AT_FDCWD</>, "/s/a.db-wal", 0) = 0
71 read(9</s/a.db-wal>, ""..., 3) = 3
71 +++ exited with 0 +++
"#;

fn told(points: &[Point]) -> Vec<String> {
    points.iter().map(ToString::to_string).collect()
}

#[test]
fn calls_below_the_folder_and_to_connections_are_counted_as_strace_counts_them() {
    let made = made(LIST, Path::new("/s"));
    let expected = [
        "mkdir 1 on s",
        "pwrite64 1 on a.db-wal",
        "write 2 on a connection",
        "pwrite64 2 on a.db-wal",
        "fdatasync 1 on a.db-wal",
        "pwrite64 1 on scratch",
        "write 4 on a connection",
        "unlinkat 1 on a.db-wal",
    ];
    assert_eq!(told(&points(&made)), expected);
}

#[test]
fn a_choice_has_the_first_and_the_last_of_each_place_and_as_many_as_are_asked_for() {
    let point = |call: &str, nth| Point { place: Place { call: call.into(), file: None }, nth };
    let all: Vec<Point> =
        (1..=30).map(|nth| point("write", nth)).chain((1..=3).map(|nth| point("fsync", nth))).collect();
    let few = chosen(&all, 0);
    assert_eq!(few, [point("write", 1), point("write", 30), point("fsync", 1), point("fsync", 3)]);
    let more = chosen(&all, 10);
    assert_eq!(more.len(), 10);
    assert!(few.iter().all(|point| more.contains(point)));
    assert_eq!(chosen(&all, 100), all);
}
