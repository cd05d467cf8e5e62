//! `GET /v1/cuts/{year}` and `POST /v1/attestations`: a sender sees its part of a year's frozen data, and signs it.
//!
//! Promises: a signature is kept only when it is by the key of the connection's own certificate, and over exactly what the register shows
//! this sender.

use axum::body::Body;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use schemas::attestation::{Attestation, SCHEMA, Statement, YearCut};
use schemas::canonical;
use schemas::id::SenderCode;

use crate::authenticate::key;
use crate::authenticate::region::RegionIdentity;
use crate::body::collect;
use crate::problem::Refusal;
use crate::registry::Registry;
use crate::store::{Cut, CutStep, Signed};

/// Largest body: two hashes, a name, a signature of the longest key.
const BODY: u64 = 8 << 10;

/// What the sender is to sign.
pub(super) async fn of_year(registry: &Registry, sender: &SenderCode, year: &str) -> Result<Vec<u8>, Refusal> {
    let year = year.parse().map_err(|_| Refusal::NotFound)?;
    let _turn = registry.admission.turn(sender).await?;
    let _place = registry.admission.place().await?;
    Ok(canonical::bytes(&shown(&newest(registry, year).await?, sender)?))
}

/// Keeps a signature, and answers with what the sender would be shown now.
pub(super) async fn attest(
    registry: &Registry,
    (sender, peer): (&SenderCode, &RegionIdentity),
    body: Body,
) -> Result<Vec<u8>, Refusal> {
    const FORM: &str = "the body must be an attestation as schemas/ describes it, with a name of one line";
    const OTHER: &str = "the statement is not what GET /v1/cuts/{year} shows this sender; look again, then sign";
    const KEY: &str =
        "the signature is not by the key of this connection's certificate over the statement and the name";
    let _turn = registry.admission.turn(sender).await?;
    registry.admission.room(&registry.data_dir)?;
    let body = collect(body, BODY, registry.admission.pace()).await?;
    let _place = registry.admission.place().await?;
    let attestation: Attestation =
        serde_json::from_slice(&body).ok().filter(Attestation::has_name).ok_or(Refusal::BadRequest(FORM))?;
    let Attestation { statement, signed_by, scheme, signature } = attestation;
    let cut = newest(registry, statement.year).await?;
    if shown(&cut, sender)?.statement != statement {
        return Err(Refusal::BadRequest(OTHER));
    }
    let signature = URL_SAFE_NO_PAD.decode(signature).map_err(|_| Refusal::BadRequest(FORM))?;
    let message = Attestation::signed(&statement, &signed_by);
    if !key::signed(&peer.key, scheme, (&message, &signature)) {
        return Err(Refusal::BadRequest(KEY));
    }
    let public_key = peer.key.clone();
    let signed = Signed { sender: sender.clone(), signed_by, statement: message, scheme, public_key, signature };
    registry.store.step_cut(cut.number, &CutStep::Sign(signed), registry.environment.stamp()).await?;
    Ok(canonical::bytes(&shown(&newest(registry, statement.year).await?, sender)?))
}

/// The newest cut of a year.
async fn newest(registry: &Registry, year: i16) -> Result<Cut, Refusal> {
    let of_year = |cut: &Cut| cut.calendar.as_ref().is_some_and(|calendar| calendar.year == year);
    registry.store.cuts().await?.into_iter().rfind(of_year).ok_or(Refusal::NotFound)
}

fn shown(cut: &Cut, sender: &SenderCode) -> Result<YearCut, Refusal> {
    let calendar = cut.calendar.as_ref().ok_or(Refusal::NotFound)?;
    let share = cut.shares.iter().find(|share| share.sender == sender.as_str()).ok_or(Refusal::NotFound)?;
    let signature = cut.signatures.iter().find(|signature| signature.sender == sender.as_str());
    Ok(YearCut {
        statement: Statement {
            schema: SCHEMA.to_owned(),
            cut: cut.id(),
            year: calendar.year,
            hash: cut.hash.clone(),
            sender: sender.clone(),
            treatments: share.treatments,
            share: share.hash.clone(),
        },
        name: cut.name.clone(),
        made_at: cut.made_at.to_string(),
        stop: calendar.stop,
        comments_until: calendar.comments_until,
        left: share.withdrawn_treatments + share.replaced_treatments,
        signed_by: signature.map(|signature| signature.signed_by.clone()),
    })
}
