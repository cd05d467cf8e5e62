//! A kill at every point of some courses, two courses at a time.

use std::sync::Mutex;
use std::time::Duration;

use end_to_end::blocking;
use end_to_end::crash::call::{chosen, points};
use end_to_end::crash::course::{self, Course};
use end_to_end::crash::kill::Planted;
use end_to_end::crash::stage::Stage;

/// How many courses are run at once.
const AT_ONCE: usize = 2;
/// A program that was killed is back within this time.
const LONGEST: Duration = Duration::from_secs(5);

/// The course of a name, for the command line.
pub(crate) fn course(name: &str) -> Result<Course, String> {
    let names = || course::COURSES.map(|course| course.name).join(", ");
    course::named(name).ok_or_else(|| format!("is not one of {}", names()))
}

/// Runs courses; a sentence for everything that is not as it must be.
pub(crate) fn courses(courses: &[Course], most: usize) -> Vec<String> {
    let (waiting, found) = (Mutex::new(courses.iter()), Mutex::new(Vec::new()));
    let next = || waiting.lock().ok()?.next();
    std::thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                while let Some(course) = next() {
                    let sentences = match blocking::run(one(*course, most)) {
                        Ok(sentences) => sentences,
                        Err(error) => vec![format!("{}: {error:#}", course.name)],
                    };
                    found.lock().unwrap_or_else(std::sync::PoisonError::into_inner).extend(sentences);
                }
            });
        }
    });
    found.into_inner().unwrap_or_default()
}

async fn one(course: Course, most: usize) -> anyhow::Result<Vec<String>> {
    let mut stage = Stage::set(course).await?;
    let all = points(&stage.calls()?);
    let tried = chosen(&all, most);
    let (mut unmet, mut longest, mut found) = (Vec::new(), Duration::ZERO, Vec::new());
    for point in &tried {
        match stage.kill_at(point, Planted::Nothing).await {
            Ok(came) => {
                if !came.met {
                    unmet.push(point.to_string());
                }
                longest = longest.max(came.back);
                if came.back > LONGEST {
                    found.push(format!("{}, killed at {point}: back only after {:?}", course.name, came.back));
                }
            }
            Err(error) => found.push(format!("{error:#}")),
        }
    }
    println!(
        "{}: {} calls that write; {} tried, {} met and killed; longest until it was back {:.1} s; {} faults",
        course.name,
        all.len(),
        tried.len(),
        tried.len() - unmet.len(),
        longest.as_secs_f64(),
        found.len()
    );
    if !unmet.is_empty() {
        println!("{}: made by another thread this time, and so not met: {}", course.name, unmet.join(", "));
    }
    Ok(found)
}
