//! The regions' endpoints: from HTTP to the steps of [`crate::receive`] and back.
//!
//! Promises: no endpoint is reached but through the gate, so a sender that may not deliver gets one answer whatever it asks for; a
//! panic becomes a blank 500.

use std::any::Any;
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::{Extension, Path, State};
use axum::http::{HeaderMap, HeaderValue, Response, StatusCode, Uri, header};
use axum::middleware::{self, Next};
use axum::routing::{MethodFilter, MethodRouter, on};
use axum::{Router, extract::Request};
use schemas::batch;
use schemas::canonical;
use schemas::contact::{Generation, GenerationRequest, Me};
use schemas::id::{BatchId, SenderCode};
use schemas::problem::ProblemType;
use tower_http::catch_panic::CatchPanicLayer;

use super::admit::admit;
use super::calls::Call;
use super::cases;
use super::checkpoint;
use super::codelists;
use super::connection::Peer;
use super::cuts;
use super::digest;
use super::key_reset;
use super::leftover::{self, Patience};
use super::life::Life;
use super::pause;
use super::person_extract;
use super::skew;
use super::withdrawals;
use crate::body::{Encoding, collect};
use crate::problem::{Refusal, answer};
use crate::receive::{Parcel, receive};
use crate::registry::Registry;
use crate::store::watch::Heard;
use crate::store::{Affairs, SenderStatus};

/// How long an answer that puts a sender off is kept back.
const HOLD_OFF: Duration = Duration::from_millis(800);
/// Largest body of a request that is not a batch, bytes.
const SMALL_BODY: u64 = 4 << 10;

type On = State<Arc<Registry>>;

/// The endpoints, behind the one gate that lets a sender in.
pub(super) fn router(registry: Arc<Registry>) -> Router {
    let panics = Arc::clone(&registry);
    let patience = Patience { limit: registry.limits.body.saturating_mul(2), pace: registry.admission.pace() };
    let gate = middleware::from_fn_with_state(Arc::clone(&registry), gate);
    let routes = Call::ALL.into_iter().fold(Router::new(), |router, call| {
        let (method, path) = call.place();
        router.route(path, endpoint(call, method.filter(), &registry))
    });
    routes
        .fallback(nothing_here)
        .method_not_allowed_fallback(nothing_here)
        .with_state(registry)
        .layer(gate)
        .layer(middleware::map_request(move |request: Request| async move { leftover::watch(request, patience) }))
        .layer(CatchPanicLayer::custom(move |panic: Box<dyn Any + Send>| panicked(&panics, &*panic)))
}

/// What answers a call.
fn endpoint(call: Call, method: MethodFilter, registry: &Registry) -> MethodRouter<Arc<Registry>> {
    match call {
        Call::Batch => on(method, put_batch),
        Call::Receipt => on(method, get_receipt),
        Call::Me => on(method, get_me),
        Call::Digest => on(method, get_digest),
        Call::DigestLines => on(method, get_digest_lines),
        Call::Generation => on(method, post_generation),
        Call::KeyReset => on(method, post_key_reset),
        Call::Checkpoint => on(method, get_checkpoint),
        Call::BeginPause => on(method, post_pause),
        Call::EndPause => on(method, delete_pause),
        Call::Withdrawal => on(method, post_withdrawal),
        Call::Lift => on(method, post_lift),
        Call::PersonExtract => on(method, post_person_extract),
        Call::Case => on(method, post_case),
        Call::Cut => on(method, get_cut),
        Call::Attestation => on(method, post_attestation),
        Call::CodeLists => codelists::route(registry, method),
    }
}

/// Lets a request through when its sender may make it, and tells the endpoints who that is. Who may not deliver keeps no connection.
async fn gate(
    State(registry): On,
    (Extension(peer), Extension(life)): (Extension<Peer>, Extension<Life>),
    mut request: Request,
    next: Next,
) -> Response<Body> {
    match admit(&registry, peer.as_deref()).await {
        Ok(sender) => {
            request.extensions_mut().insert(sender);
            next.run(request).await
        }
        Err(refusal) => {
            if matches!(refusal, Refusal::SenderNotActive | Refusal::Suspended) {
                life.end();
            }
            hold_off(&refusal).await;
            refuse(&registry, &refusal)
        }
    }
}

async fn put_batch(
    State(registry): On,
    Extension(sender): Extension<SenderCode>,
    Path(digest): Path<String>,
    request: Request,
) -> Response<Body> {
    let received = match parcel(sender, &digest, request) {
        Ok(parcel) => receive(&registry, parcel).await,
        Err(refusal) => Err(refusal),
    };
    if let Err(refusal) = &received {
        hold_off(refusal).await;
    }
    respond(&registry, received)
}

/// Lets whoever is put off wait for that answer too: one who comes again at once, whatever was asked of it, would keep the register busy
/// with nothing but putting it off.
async fn hold_off(refusal: &Refusal) {
    if refusal.kind() == ProblemType::TooManyRequests {
        tokio::time::sleep(HOLD_OFF).await;
    }
}

fn parcel(sender: SenderCode, digest: &str, request: Request) -> Result<Parcel, Refusal> {
    let batch = batch_id(digest)?;
    let (head, body) = request.into_parts();
    let length = header_text(&head.headers, header::CONTENT_LENGTH).and_then(|text| text.parse().ok());
    let encoding = match header_text(&head.headers, header::CONTENT_ENCODING) {
        None | Some("identity") => Encoding::Plain,
        Some("zstd") => Encoding::Zstd,
        Some(_) => return Err(Refusal::BadRequest("Content-Encoding is zstd or none")),
    };
    Ok(Parcel { sender, batch, encoding, length, body })
}

async fn get_receipt(
    State(registry): On,
    Extension(sender): Extension<SenderCode>,
    Path(digest): Path<String>,
) -> Response<Body> {
    let found = async {
        let batch = batch_id(&digest)?;
        registry.store.receipt(&sender, &batch).await?.ok_or(Refusal::NotFound)
    };
    let found = found.await;
    respond(&registry, found)
}

async fn get_me(
    State(registry): On,
    (Extension(sender), Extension(peer)): (Extension<SenderCode>, Extension<Peer>),
    headers: HeaderMap,
) -> Response<Body> {
    let now = registry.environment.now();
    let skew_s = skew::tell(&sender, &headers, now);
    if let Some(peer) = &peer {
        skew::keep(&registry, &sender, Heard { at: now, skew_s, certificate_until: peer.not_after });
    }
    let me = async {
        let generation = registry.store.newest_generation(&sender).await?;
        let keys = registry.store.sender_keys(&sender).await?;
        let Affairs { withdrawn, cases, replaces } = registry.store.affairs(&sender).await?;
        Ok(canonical::bytes(&Me {
            sender,
            environment: registry.stage.clone(),
            status: SenderStatus::Active.word().to_owned(),
            limits: registry.limits,
            schema: batch::SCHEMA.to_owned(),
            rules: registry.rules_hash.clone(),
            codelists: registry.lists_hash.clone(),
            time: registry.environment.now().to_string(),
            generation,
            keys,
            withdrawn,
            cases,
            replaces,
        }))
    };
    let me = me.await;
    respond(&registry, me)
}

async fn post_generation(State(registry): On, Extension(sender): Extension<SenderCode>, body: Body) -> Response<Body> {
    let issued = async {
        let _turn = registry.admission.turn(&sender).await?;
        registry.admission.room(&registry.data_dir)?;
        let body = collect(body, SMALL_BODY, registry.admission.pace()).await?;
        let _place = registry.admission.place().await?;
        let request: GenerationRequest = serde_json::from_slice(&body)
            .map_err(|_| Refusal::BadRequest("the body must be {\"state_id\": 32 hexadecimal digits}"))?;
        let stamp = registry.environment.stamp();
        let generation = registry.store.issue_generation(&sender, &request.state_id, stamp).await?;
        Ok(canonical::bytes(&Generation { generation }))
    };
    let issued = issued.await;
    respond(&registry, issued)
}

async fn post_key_reset(State(registry): On, Extension(sender): Extension<SenderCode>, body: Body) -> Response<Body> {
    let stepped = key_reset::step(&registry, &sender, body).await;
    respond(&registry, stepped)
}

async fn get_digest(State(registry): On, Extension(sender): Extension<SenderCode>, uri: Uri) -> Response<Body> {
    let digest = digest::whole(&registry, &sender, &uri).await;
    respond(&registry, digest)
}

async fn get_digest_lines(
    State(registry): On,
    Extension(sender): Extension<SenderCode>,
    Path(buckets): Path<String>,
) -> Response<Body> {
    let lines = digest::part(&registry, &sender, &buckets).await;
    let mut response = respond(&registry, lines);
    if response.status() == StatusCode::OK {
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    }
    response
}

async fn get_checkpoint(
    State(registry): On,
    Extension(sender): Extension<SenderCode>,
    uri: axum::http::Uri,
) -> Response<Body> {
    let proved = checkpoint::checkpoint(&registry, &sender, &uri).await;
    respond(&registry, proved)
}

async fn post_pause(State(registry): On, Extension(sender): Extension<SenderCode>, body: Body) -> Response<Body> {
    let begun = pause::begin(&registry, &sender, body).await;
    respond(&registry, begun)
}

async fn delete_pause(State(registry): On, Extension(sender): Extension<SenderCode>) -> Response<Body> {
    let ended = pause::end(&registry, &sender).await;
    respond(&registry, ended)
}

async fn post_withdrawal(State(registry): On, Extension(sender): Extension<SenderCode>, body: Body) -> Response<Body> {
    let erased = withdrawals::withdraw(&registry, &sender, body).await;
    respond(&registry, erased)
}

async fn post_lift(State(registry): On, Extension(sender): Extension<SenderCode>, body: Body) -> Response<Body> {
    let lifted = withdrawals::lift(&registry, &sender, body).await;
    respond(&registry, lifted)
}

async fn post_person_extract(
    State(registry): On,
    Extension(sender): Extension<SenderCode>,
    body: Body,
) -> Response<Body> {
    let extract = person_extract::extract(&registry, &sender, body).await;
    respond(&registry, extract)
}

async fn post_case(
    State(registry): On,
    Extension(sender): Extension<SenderCode>,
    Path(number): Path<String>,
    body: Body,
) -> Response<Body> {
    let answered = cases::answer(&registry, (sender, &number), body).await;
    respond(&registry, answered)
}

async fn get_cut(
    State(registry): On,
    Extension(sender): Extension<SenderCode>,
    Path(year): Path<String>,
) -> Response<Body> {
    let shown = cuts::of_year(&registry, &sender, &year).await;
    respond(&registry, shown)
}

async fn post_attestation(
    State(registry): On,
    (Extension(sender), Extension(peer)): (Extension<SenderCode>, Extension<Peer>),
    body: Body,
) -> Response<Body> {
    let kept = match peer.as_deref() {
        Some(peer) => cuts::attest(&registry, (&sender, peer), body).await,
        None => Err(Refusal::SenderNotActive),
    };
    respond(&registry, kept)
}

async fn nothing_here(State(registry): On) -> Response<Body> {
    refuse(&registry, &Refusal::NotFound)
}

fn respond(registry: &Registry, result: Result<Vec<u8>, Refusal>) -> Response<Body> {
    match result {
        Ok(bytes) => {
            let mut response = Response::new(Body::from(Bytes::from(bytes)));
            response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
            response
        }
        Err(refusal) => refuse(registry, &refusal),
    }
}

fn refuse(registry: &Registry, refusal: &Refusal) -> Response<Body> {
    registry.metrics.refused(refusal.kind().status());
    let response = answer(refusal, registry.environment.random());
    if refusal.is_fatal() {
        registry.broken.cancel();
    }
    response
}

/// The panic's own text may hold anything, so only its place in the code is told, by the panic hook.
fn panicked(registry: &Registry, _: &(dyn Any + Send)) -> Response<Body> {
    refuse(registry, &Refusal::Unexpected("a panic".to_owned()))
}

fn batch_id(digest: &str) -> Result<BatchId, Refusal> {
    digest
        .parse()
        .map_err(|_| Refusal::BadRequest("the address must end in a SHA-256, 64 lower-case hexadecimal digits"))
}

fn header_text(headers: &HeaderMap, name: header::HeaderName) -> Option<&str> {
    headers.get(name).map(|value| value.to_str().unwrap_or("?"))
}
