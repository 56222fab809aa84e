/// kubectl through the chain: requests in, answers out.
module daas::k8s_gateway;

use daas::cluster::{Cluster, ListenerCap};
use daas::grants::UserPermission;
use daas::seal_token::SealToken;
use daas::staking::Stake;
use daas::text;
use std::string::String;
use sui::clock::Clock;
use sui::event;

/// The seal is not valid here: of another cluster, owner or stake, or revoked.
/// Next: make a new seal with daas seal.
const ERROR_INVALID_SEAL: u64 = 1;
/// The stake is not active or not large enough for this command.
/// Next: add to the stake, or make a new one if it was slashed or is being withdrawn.
const ERROR_INSUFFICIENT_STAKE: u64 = 2;
/// The seal does not allow this verb on this resource, or the cluster's tiers do not any more.
/// Next: stake more to reach a higher tier and rotate the seal, or ask the cluster's administrator.
const ERROR_NO_PERMISSION: u64 = 3;
/// The seal is expired.
/// Next: renew it with daas seal.
const ERROR_SEAL_EXPIRED: u64 = 4;
/// The envelope is empty, larger than the cluster allows, of more than 64 chunks, or a chunk is larger than 16 KiB.
/// Next: send less at once; large files go through a session.
const ERROR_INVALID_ENVELOPE: u64 = 5;
/// The request id is not 16 bytes long.
/// Next: give 16 random bytes.
const ERROR_INVALID_REQUEST_ID: u64 = 6;
/// The request id was used before with this seal.
/// Next: look for the answer to the first request; a request is not executed twice.
const ERROR_DUPLICATE_REQUEST: u64 = 7;
/// The priority is above 3.
/// Next: give 0 (interactive), 1 (normal), 2 (low) or 3 (batch).
const ERROR_INVALID_PRIORITY: u64 = 8;
/// The verb, the resource or the namespace has characters or a length that Kubernetes does not know.
/// Next: give the verb in lower case, group/resource, and a DNS label or nothing as namespace.
const ERROR_INVALID_TARGET: u64 = 9;
/// The request has its answer already.
/// Next: nothing is left to do; an answer is never replaced.
const ERROR_ALREADY_ANSWERED: u64 = 10;
/// The request belongs to another cluster.
/// Next: answer with the ListenerCap of the request's cluster.
const ERROR_WRONG_CLUSTER: u64 = 11;
/// The answer is malformed: status outside 100 to 599, hash not 32 bytes, both a body and a location, or too large.
/// Next: send a body within the limit, or only its hash and where it is.
const ERROR_INVALID_RESPONSE: u64 = 12;
/// The request or its answer is still alive.
/// Next: prune it after its time to live.
const ERROR_NOT_EXPIRED: u64 = 13;

/// The grant was taken back, or is over.
/// Next: ask the cluster's administrator for a new one.
const ERROR_GRANT_REVOKED: u64 = 14;
/// The request is past its time to live: it must not be carried out, and no answer is taken.
/// Next: send a new request; choose a lower priority where more time is needed.
const ERROR_REQUEST_EXPIRED: u64 = 15;

const REQUEST_ID_BYTES: u64 = 16;
const MAX_CHUNK_BYTES: u64 = 16_384;
const MAX_PRIORITY: u8 = 3;
const MAX_LOCATION_BYTES: u64 = 512;
const MAX_CHUNKS: u64 = 64;

/// One request and, later, its answer. Shared.
public struct KubectlRequest has key {
    id: UID,
    cluster: ID,
    seal: ID,
    requester: address,
    request_id: vector<u8>,
    /// 0 (interactive) to 3 (batch).
    priority: u8,
    created_at_ms: u64,
    /// It is never executed after this.
    expires_at_ms: u64,
    answered: bool,
    /// HTTP status; 0 until it is answered.
    status: u16,
    responded_at_ms: u64,
    /// When the answer can be pruned.
    response_expires_at_ms: u64,
    /// SHA-256 of the sealed body.
    response_hash: vector<u8>,
}

/// A request for the listener.
public struct K8sAPIRequest has copy, drop {
    request: ID,
    cluster: ID,
    seal: ID,
    /// What the seal was made of: a Stake, or a UserPermission.
    stake: ID,
    requester: address,
    request_id: vector<u8>,
    verb: String,
    resource: String,
    namespace: String,
    priority: u8,
    expires_at_ms: u64,
    permissions: vector<String>,
    envelope: vector<vector<u8>>,
}

/// The answer for the requester.
public struct K8sRequestProcessed has copy, drop {
    request: ID,
    cluster: ID,
    requester: address,
    request_id: vector<u8>,
    status: u16,
    body: vector<vector<u8>>,
    body_hash: vector<u8>,
    body_location: String,
    processed_at_ms: u64,
}

/// A request whose time was over is deleted.
public struct K8sRequestPruned has copy, drop {
    request: ID,
    cluster: ID,
}

/// Asks for a command to be carried out. In clear is only what is judged here; the rest is in the sealed envelope.
/// Checks in this order: paused, seal, stake, permission, size, request id. Many of these fit into one transaction.
public fun execute_kubectl_command_with_id(
    cluster: &Cluster,
    seal: &mut SealToken,
    stake: &Stake,
    request_id: vector<u8>,
    verb: String,
    resource: String,
    namespace: String,
    envelope: vector<vector<u8>>,
    priority: u8,
    clock: &Clock,
    ctx: &mut TxContext,
) {
    cluster.assert_open();
    check_seal(cluster, seal, object::id(stake), clock, ctx);
    check_stake(cluster, stake, &verb);
    check_target(&verb, &resource, &namespace);
    let permitted =
        seal.has_permission(&verb, &resource) && cluster.settings().tiers_allow(stake.amount(), &verb, &resource);
    // The seal of a worker has no permissions: it asks for nothing at all.
    let discovers = !seal.permissions().is_empty() && text::is_discovery(&verb, &resource, &namespace);
    assert!(permitted || discovers, ERROR_NO_PERMISSION);
    submit(cluster, seal, request_id, verb, resource, namespace, envelope, priority, clock, ctx)
}

/// As `execute_kubectl_command_with_id`, with the seal of a grant; the grant's namespaces count as well.
public fun execute_granted_command_with_id(
    cluster: &Cluster,
    seal: &mut SealToken,
    grant: &UserPermission,
    request_id: vector<u8>,
    verb: String,
    resource: String,
    namespace: String,
    envelope: vector<vector<u8>>,
    priority: u8,
    clock: &Clock,
    ctx: &mut TxContext,
) {
    cluster.assert_open();
    check_seal(cluster, seal, object::id(grant), clock, ctx);
    assert!(grant.is_live(clock), ERROR_GRANT_REVOKED);
    check_target(&verb, &resource, &namespace);
    assert!(grant.allows(&verb, &resource, &namespace), ERROR_NO_PERMISSION);
    submit(cluster, seal, request_id, verb, resource, namespace, envelope, priority, clock, ctx)
}

/// The listener answers a request, once and in time: with the sealed body, or with its hash and where it is.
public fun store_k8s_response(
    request: &mut KubectlRequest,
    cluster: &Cluster,
    cap: &ListenerCap,
    status: u16,
    body: vector<vector<u8>>,
    body_hash: vector<u8>,
    body_location: String,
    clock: &Clock,
) {
    cluster.assert_listener(cap);
    assert!(request.cluster == object::id(cluster), ERROR_WRONG_CLUSTER);
    assert!(!request.answered, ERROR_ALREADY_ANSWERED);
    let now = clock.timestamp_ms();
    assert!(now < request.expires_at_ms, ERROR_REQUEST_EXPIRED);
    let is_one_place = body_location.is_empty() || body.is_empty();
    assert!(status >= 100 && status <= 599 && is_one_place, ERROR_INVALID_RESPONSE);
    assert!(body_hash.length() == 32 && body_location.length() <= MAX_LOCATION_BYTES, ERROR_INVALID_RESPONSE);
    assert!(size_of(&body) <= cluster.settings().max_envelope_bytes(), ERROR_INVALID_RESPONSE);
    request.answered = true;
    request.status = status;
    request.responded_at_ms = now;
    request.response_expires_at_ms = now + cluster.settings().response_ttl_ms(request.priority);
    request.response_hash = body_hash;
    event::emit(K8sRequestProcessed {
        request: object::id(request),
        cluster: request.cluster,
        requester: request.requester,
        request_id: request.request_id,
        status,
        body,
        body_hash,
        body_location,
        processed_at_ms: now,
    });
}

/// Deletes a request whose time is over. Anyone may; who does gets the storage rebate.
public fun prune(request: KubectlRequest, clock: &Clock) {
    let end = if (request.answered) request.response_expires_at_ms else request.expires_at_ms;
    assert!(clock.timestamp_ms() >= end, ERROR_NOT_EXPIRED);
    event::emit(K8sRequestPruned { request: object::id(&request), cluster: request.cluster });
    let KubectlRequest { id, .. } = request;
    id.delete();
}

/// The cluster.
public fun cluster(request: &KubectlRequest): ID { request.cluster }
/// Who asked.
public fun requester(request: &KubectlRequest): address { request.requester }
/// The seal that it was made with.
public fun seal(request: &KubectlRequest): ID { request.seal }
/// 16 bytes.
public fun request_id(request: &KubectlRequest): vector<u8> { request.request_id }
/// 0 (interactive) to 3 (batch).
public fun priority(request: &KubectlRequest): u8 { request.priority }
/// ms since 1970.
public fun created_at_ms(request: &KubectlRequest): u64 { request.created_at_ms }
/// Whether it has its answer.
public fun is_answered(request: &KubectlRequest): bool { request.answered }
/// HTTP status, or 0.
public fun status(request: &KubectlRequest): u16 { request.status }
/// ms since 1970.
public fun expires_at_ms(request: &KubectlRequest): u64 { request.expires_at_ms }
/// When it was answered, ms since 1970, or 0.
public fun responded_at_ms(request: &KubectlRequest): u64 { request.responded_at_ms }
/// ms since 1970, or 0.
public fun response_expires_at_ms(request: &KubectlRequest): u64 { request.response_expires_at_ms }
/// SHA-256 of the sealed body, or empty.
public fun response_hash(request: &KubectlRequest): vector<u8> { request.response_hash }

fun submit(
    cluster: &Cluster,
    seal: &mut SealToken,
    request_id: vector<u8>,
    verb: String,
    resource: String,
    namespace: String,
    envelope: vector<vector<u8>>,
    priority: u8,
    clock: &Clock,
    ctx: &mut TxContext,
) {
    let size = size_of(&envelope);
    assert!(size > 0 && size <= cluster.settings().max_envelope_bytes(), ERROR_INVALID_ENVELOPE);
    assert!(priority <= MAX_PRIORITY, ERROR_INVALID_PRIORITY);
    assert!(request_id.length() == REQUEST_ID_BYTES, ERROR_INVALID_REQUEST_ID);
    assert!(seal.remember(request_id), ERROR_DUPLICATE_REQUEST);
    let now = clock.timestamp_ms();
    let request = KubectlRequest {
        id: object::new(ctx),
        cluster: object::id(cluster),
        seal: object::id(seal),
        requester: ctx.sender(),
        request_id,
        priority,
        created_at_ms: now,
        expires_at_ms: now + cluster.settings().request_ttl_ms(priority),
        answered: false,
        status: 0,
        responded_at_ms: 0,
        response_expires_at_ms: 0,
        response_hash: vector[],
    };
    event::emit(K8sAPIRequest {
        request: object::id(&request),
        cluster: request.cluster,
        seal: request.seal,
        stake: seal.stake(),
        requester: request.requester,
        request_id,
        verb,
        resource,
        namespace,
        priority,
        expires_at_ms: request.expires_at_ms,
        permissions: seal.permissions(),
        envelope,
    });
    transfer::share_object(request);
}

fun check_seal(cluster: &Cluster, seal: &SealToken, of: ID, clock: &Clock, ctx: &TxContext) {
    assert!(seal.cluster() == object::id(cluster) && seal.stake() == of, ERROR_INVALID_SEAL);
    assert!(seal.owner() == ctx.sender() && !seal.is_revoked(cluster), ERROR_INVALID_SEAL);
    assert!(!seal.is_expired(clock), ERROR_SEAL_EXPIRED);
}

fun check_stake(cluster: &Cluster, stake: &Stake, verb: &String) {
    assert!(stake.is_active(), ERROR_INSUFFICIENT_STAKE);
    let needed = cluster.settings().needed_stake(stake.stake_type(), verb);
    assert!(stake.amount() >= needed, ERROR_INSUFFICIENT_STAKE);
}

fun check_target(verb: &String, resource: &String, namespace: &String) {
    assert!(text::is_verb(verb) && text::is_resource(resource), ERROR_INVALID_TARGET);
    assert!(namespace.is_empty() || text::is_dns_label(namespace), ERROR_INVALID_TARGET);
}

/// Bytes of all chunks; aborts if one is too large, or if they are too many.
fun size_of(chunks: &vector<vector<u8>>): u64 {
    assert!(chunks.length() <= MAX_CHUNKS, ERROR_INVALID_ENVELOPE);
    let mut size = 0;
    chunks.do_ref!(|chunk| {
        assert!(chunk.length() <= MAX_CHUNK_BYTES, ERROR_INVALID_ENVELOPE);
        size = size + chunk.length();
    });
    size
}
