//! Reports for whoever has a part of the treatments exactly, and for whoever has only what is published.
//!
//! Promises: what is published is asked of the newest published cut, as everybody may see it; nothing of another unit or sender is
//! shown that the report's own rules for others do not show.

use std::sync::Arc;

use schemas::id::{HsaId, SenderCode};
use schemas::language::Text;

use super::Ask;
use super::fault::Fault;
use super::workshop::Of;
use crate::aggregate::dimension::Dimension;
use crate::aggregate::whose::Whose;
use crate::figure::Figure;
use crate::report::beside::{self, Beside};
use crate::report::parameters::Audience;
use crate::report::{self, Parameters, Report, ReportName, benchmark, funnel};
use crate::store::Cut;

const NOT_PUBLISHED: Text = Text::fixed(
    "Bara egna siffror: för det här urvalet är ingenting publicerat om regionen och riket.",
    "Own figures only: nothing is published of the region and the country for this selection.",
);

impl Ask<'_> {
    /// A report for a sender's reader.
    ///
    /// # Errors
    /// When the parameters name what there is not, or the store fails.
    pub(super) async fn for_sender(
        &self,
        (name, parameters): (&str, Parameters),
        code: &SenderCode,
    ) -> Result<Arc<Report>, Fault> {
        self.made((name, parameters), Of::Beside(code.clone())).await
    }

    /// A report for a unit's reader: its own figures now, region and country as they were published.
    ///
    /// # Errors
    /// As for a sender's; [`Fault::NotReleased`] for a report that tells of others in every row.
    pub(super) async fn for_units(
        &self,
        (name, parameters): (&str, Parameters),
        units: &[HsaId],
    ) -> Result<Arc<Report>, Fault> {
        // What others have stands in every row of these.
        if name == funnel::DEFINITION.name || name == benchmark::DEFINITION.name {
            return Err(Fault::NotReleased);
        }
        let own = self.of_units((name, parameters.clone()), units).await?;
        let (beside, note) = self.published_beside((name, &parameters), units).await?;
        Ok(Arc::new(beside::joined((Arc::unwrap_or_clone(own), &self.desk.registry.lists), beside, note)))
    }

    /// A report over a unit's own treatments alone.
    ///
    /// # Errors
    /// As for a sender's.
    pub(super) async fn of_units(
        &self,
        (name, parameters): (&str, Parameters),
        units: &[HsaId],
    ) -> Result<Arc<Report>, Fault> {
        self.made((name, parameters), Of::Only(Whose::Units(units.to_vec()))).await
    }

    /// A report as everybody may see it.
    ///
    /// # Errors
    /// [`Fault::NotReleased`] when no such table was published, [`Fault::Unreadable`] when it is not published in this selection.
    pub(super) async fn released(&self, name: &str, parameters: Parameters) -> Result<Arc<Report>, Fault> {
        let cut = self.published().await?.ok_or(Fault::NotReleased)?;
        let parsed: ReportName = name.parse().map_err(|_| Fault::NotFound)?;
        let undivided = Parameters { by: Vec::new(), audience: Audience::Public, ..Parameters::default() };
        report::check(parsed, &self.desk.registry.lists, &undivided).map_err(|_| Fault::NotReleased)?;
        self.of_cut(&cut, (name, Parameters { audience: Audience::Public, ..parameters }), Whose::All).await
    }

    /// What is published of a unit's region and of the country, in the columns of the unit's own report.
    async fn published_beside(
        &self,
        (name, parameters): (&str, &Parameters),
        units: &[HsaId],
    ) -> Result<(Vec<Beside>, Text), Fault> {
        let nothing = || (Vec::new(), NOT_PUBLISHED);
        let Some(cut) = self.published().await? else { return Ok(nothing()) };
        let public = Parameters { audience: Audience::Public, ..parameters.clone() };
        let is_split = public.by.iter().any(|dimension| *dimension != Dimension::Programme);
        let Ok(parsed) = name.parse::<ReportName>() else { return Err(Fault::NotFound) };
        if is_split || report::check(parsed, &self.desk.registry.lists, &public).is_err() {
            return Ok(nothing());
        }
        let mut beside: Vec<Beside> = Vec::new();
        if public.by.is_empty() {
            let by_region = Parameters { by: vec![Dimension::Region], ..parameters.clone() };
            let own = self.of_units(("groups", Parameters { instruments: None, ..by_region.clone() }), units).await?;
            let regions = rows_by_region(&own).into_iter().map(|(region, _)| region).collect::<Vec<_>>();
            let by_region = Parameters { audience: Audience::Public, ..by_region };
            let published = self.of_cut(&cut, (name, by_region), Whose::All).await?;
            let published = rows_by_region(&published);
            let theirs = published.into_iter().filter(|(region, _)| regions.contains(region));
            beside.extend(theirs.map(|(_, row)| ("region", row)));
        }
        let country = self.of_cut(&cut, (name, public), Whose::All).await?;
        beside.extend(country.rows.iter().map(|row| ("country", row.clone())));
        Ok((beside, as_published(&cut)))
    }
}

/// The rows of each region without that column.
fn rows_by_region(report: &Report) -> Vec<(Figure, Vec<Figure>)> {
    let Some(place) = report.columns.iter().position(|column| column == "region") else { return Vec::new() };
    let regions = report.rows.iter().filter(|row| !row[place].is_sum()).cloned();
    regions.map(|mut row| (row.remove(place), row)).collect()
}

fn as_published(cut: &Cut) -> Text {
    let (id, name) = (cut.id(), &cut.name);
    Text::made(
        format!(
            "Enhetens siffror är exakta och räknade nu. Regionens och rikets är de publicerade, ur de frysta uppgifterna {id} {name}."
        ),
        format!(
            "The unit's figures are exact and counted now. Those of the region and the country are as published, from the frozen data {id} {name}."
        ),
    )
}
