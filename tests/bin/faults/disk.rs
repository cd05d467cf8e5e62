//! Each call of the agent on its files refused once, by a broken and by a full disk.

use end_to_end::blocking;
use end_to_end::crash::call::{Point, chosen, points};
use end_to_end::crash::course;
use end_to_end::crash::fail::Said;
use end_to_end::crash::stage::Stage;
use end_to_end::crash::strace::Errno;

/// Lets up to `most` calls fail; a sentence for everything that is not as it must be.
pub(crate) fn fail(most: usize) -> Vec<String> {
    blocking::run(all(most)).unwrap_or_else(|error| vec![format!("disk: {error:#}")])
}

async fn all(most: usize) -> anyhow::Result<Vec<String>> {
    let course = course::COURSES[1];
    let mut stage = Stage::set(course).await?;
    let calls = points(&stage.calls()?);
    let on_files: Vec<Point> = calls.into_iter().filter(|point| point.place.file.is_some()).collect();
    let tried = chosen(&on_files, most);
    let (mut ended, mut found) = (0, Vec::new());
    for point in &tried {
        for errno in [Errno::Io, Errno::NoSpace] {
            match stage.fail_at(point, errno).await {
                Ok(said) => ended += usize::from(said == Said::Failed),
                Err(error) => found.push(format!("{error:#}")),
            }
        }
    }
    let runs = tried.len() * 2;
    println!("{}: {runs} failed calls, {ended} of them ended the run; {} faults", course.name, found.len());
    Ok(found)
}
