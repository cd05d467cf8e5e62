//! Words of persons that a register forgets because it was put back from a copy.

use std::path::{Path, PathBuf};

use super::*;

/// The database's files at this moment, while the register stands.
struct Copied {
    files: Vec<(PathBuf, PathBuf)>,
}

impl Copied {
    fn of(world: &mut World) -> Self {
        world.server.running.kill();
        let folder = world.folder().join("copy");
        std::fs::create_dir_all(&folder).unwrap();
        let database = world.database();
        let there = ["", "-wal"].map(|end| PathBuf::from(format!("{}{end}", database.display())));
        let files: Vec<(PathBuf, PathBuf)> = there
            .into_iter()
            .filter(|file| file.is_file())
            .map(|file| (file.clone(), folder.join(file.file_name().unwrap())))
            .collect();
        for (file, copy) in &files {
            std::fs::copy(file, copy).unwrap();
        }
        world.restart().unwrap();
        Self { files }
    }

    fn put_back(&self, world: &mut World) {
        world.server.running.kill();
        for end in ["", "-wal", "-shm"] {
            std::fs::remove_file(format!("{}{end}", world.database().display())).ok();
        }
        for (file, copy) in &self.files {
            std::fs::copy(copy, Path::new(file)).unwrap();
        }
        world.restart().unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_came_back_stays_though_the_register_is_put_back_to_when_they_were_gone() {
    let (mut world, region) = delivered(30).await;
    let whole = active_set(&world.database()).await.unwrap();
    let (number, theirs) = persons(&region).remove(1);
    told(&region, &[&number], &["withdraw"], &[0]);
    once(&region, &[]);
    let copied = Copied::of(&mut world);
    told(&region, &[&number], &["objections", "lift"], &[0]);
    once(&region, &[]);
    assert!(active_set(&world.database()).await.unwrap() == whole);
    copied.put_back(&mut world);
    assert_eq!(held(&world, &region, &theirs).await, 0);
    for _ in 0..3 {
        region.site.agent(&["once"]).and_then(|ended: Ended| ended.expect(&[3])).unwrap();
    }
    assert!(active_set(&world.database()).await.unwrap() == whole);
}
