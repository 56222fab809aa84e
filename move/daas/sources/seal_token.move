/// Seal tokens: what a stake allows, bound to the hash of a secret.
module daas::seal_token;

use daas::cluster::Cluster;
use daas::staking::Stake;
use daas::text;
use std::string::String;
use sui::clock::Clock;
use sui::event;

/// The sender is not the staker of the stake.
/// Next: sign with the key of the address that staked.
const E_NOT_STAKER: u64 = 1;
/// The stake is not active: it is being withdrawn or it was slashed.
/// Next: make a new stake.
const E_STAKE_NOT_ACTIVE: u64 = 2;
/// The stake is of another kind than the seal.
/// Next: use a node stake for a worker seal, a user or administrator stake for a user seal.
const E_WRONG_KIND: u64 = 3;
/// The hash of the token is not 32 bytes long.
/// Next: give the SHA-256 of the token.
const E_INVALID_HASH: u64 = 4;
/// The time to live is zero.
/// Next: give a time to live above zero.
const E_ZERO_TTL: u64 = 5;
/// The seal belongs to another cluster.
/// Next: name the cluster of the seal.
const E_WRONG_CLUSTER: u64 = 6;
/// The seal belongs to another stake.
/// Next: name the stake in the seal's field `stake`.
const E_WRONG_STAKE: u64 = 7;
/// The seal belongs to someone else.
/// Next: sign with the key of the seal's owner.
const E_NOT_OWNER: u64 = 8;
/// The administrator revoked the seal.
/// Next: ask the cluster's administrator; a revoked seal cannot be renewed.
const E_REVOKED: u64 = 9;
/// The stake is below the cluster's minimum, which may have risen.
/// Next: add to the stake.
const E_BELOW_MINIMUM: u64 = 10;

/// The seal is expired.
/// Next: make a new one with daas seal.
const E_EXPIRED: u64 = 11;

const NODE: u8 = 0;

/// How many request ids a seal remembers.
const RECENT: u64 = 64;

/// A seal. Owned, and not to be given away.
public struct SealToken has key {
    id: UID,
    cluster: ID,
    owner: address,
    /// What it was made of: a Stake, or a UserPermission.
    stake: ID,
    /// MIST when it was sealed; 0 for a grant.
    stake_amount: u64,
    /// 0 worker, 1 user, 2 administrator, 3 user by a grant, 4 operator of a node.
    kind: u8,
    /// SHA-256 of the secret token.
    token_hash: vector<u8>,
    /// `verb:resource`; none for a worker.
    permissions: vector<String>,
    created_at_ms: u64,
    expires_at_ms: u64,
    /// Counts the rotations.
    revision: u64,
    /// The last 64 request ids, as a ring.
    recent_requests: vector<vector<u8>>,
    /// Counts the requests made with it.
    request_count: u64,
}

/// A stake was sealed.
public struct SealTokenCreated has copy, drop {
    seal: ID,
    cluster: ID,
    owner: address,
    stake: ID,
    kind: u8,
    expires_at_ms: u64,
    created_at_ms: u64,
    stake_amount: u64,
    token_hash: vector<u8>,
    permissions: vector<String>,
}

/// A seal got a new secret and a new time to live.
public struct SealTokenRotated has copy, drop {
    seal: ID,
    cluster: ID,
    revision: u64,
    expires_at_ms: u64,
    stake_amount: u64,
    token_hash: vector<u8>,
    permissions: vector<String>,
}

/// The owner ended a seal.
public struct SealTokenRevoked has copy, drop {
    seal: ID,
    cluster: ID,
}

/// Seals a node's stake: the seal goes to the sender, who must be the staker. `ttl_ms` is cut to the cluster's limit.
public fun create_worker_seal_token(
    cluster: &Cluster,
    stake: &Stake,
    token_hash: vector<u8>,
    ttl_ms: u64,
    clock: &Clock,
    ctx: &mut TxContext,
) {
    assert!(stake.stake_type() == NODE, E_WRONG_KIND);
    create(cluster, stake, token_hash, ttl_ms, clock, ctx)
}

/// Seals a user's or an administrator's stake. As `create_worker_seal_token`.
public fun create_user_seal_token(
    cluster: &Cluster,
    stake: &Stake,
    token_hash: vector<u8>,
    ttl_ms: u64,
    clock: &Clock,
    ctx: &mut TxContext,
) {
    assert!(stake.stake_type() != NODE, E_WRONG_KIND);
    create(cluster, stake, token_hash, ttl_ms, clock, ctx)
}

/// Gives a seal of a stake a new secret and a new time to live, and the permissions of the stake as it is now.
public fun rotate(
    seal: &mut SealToken,
    cluster: &Cluster,
    stake: &Stake,
    token_hash: vector<u8>,
    ttl_ms: u64,
    clock: &Clock,
    ctx: &mut TxContext,
) {
    seal.assert_own(cluster, ctx);
    check(cluster, stake, ctx);
    assert!(seal.stake == object::id(stake), E_WRONG_STAKE);
    assert!(seal.kind == stake.stake_type(), E_WRONG_KIND);
    let permissions = permissions_of(cluster, stake);
    seal.renew(cluster, stake.amount(), permissions, token_hash, expiry(cluster, ttl_ms, clock), ctx)
}

/// Ends a seal.
public fun revoke(seal: SealToken, ctx: &mut TxContext) {
    assert!(seal.owner == ctx.sender(), E_NOT_OWNER);
    let SealToken { id, cluster, .. } = seal;
    event::emit(SealTokenRevoked { seal: id.to_inner(), cluster });
    id.delete();
}

/// Whether the seal allows a verb on a resource (`resource`, or `group/resource`).
public fun has_permission(seal: &SealToken, verb: &String, resource: &String): bool {
    seal.permissions.any!(|permission| text::covers(permission, verb, resource))
}

/// What a stake of an amount allows: all tiers up to it.
public fun calculate_permissions(cluster: &Cluster, amount: u64): vector<String> {
    let mut permissions = vector[];
    cluster.settings().tiers().do_ref!(|tier| {
        if (tier.tier_min_stake() <= amount) {
            tier.tier_permissions().do_ref!(|permission| {
                if (!permissions.contains(permission)) permissions.push_back(*permission);
            });
        };
    });
    permissions
}

/// What a worker needs to find its listener: the URLs for its stake, HPKE key, TLS pin. Only for the owner of a live
/// seal of this cluster.
public fun get_nautilus_info_for_worker(
    cluster: &Cluster,
    seal: &SealToken,
    clock: &Clock,
    ctx: &mut TxContext,
): (vector<String>, vector<u8>, vector<u8>) {
    cluster.assert_version();
    seal.assert_own(cluster, ctx);
    assert!(!seal.is_expired(clock), E_EXPIRED);
    let listener = cluster.listener();
    (listener.urls_for(seal.stake_amount), listener.hpke_key(), listener.tls_pin())
}

/// Makes a seal and gives it to the sender. That they may have it is for the caller to check.
public(package) fun make(
    cluster: &Cluster,
    of: ID,
    stake_amount: u64,
    kind: u8,
    permissions: vector<String>,
    token_hash: vector<u8>,
    expires_at_ms: u64,
    clock: &Clock,
    ctx: &mut TxContext,
) {
    assert!(token_hash.length() == 32, E_INVALID_HASH);
    let seal = SealToken {
        id: object::new(ctx),
        cluster: object::id(cluster),
        owner: ctx.sender(),
        stake: of,
        stake_amount,
        kind,
        token_hash,
        permissions,
        created_at_ms: clock.timestamp_ms(),
        expires_at_ms,
        revision: 0,
        recent_requests: vector[],
        request_count: 0,
    };
    event::emit(SealTokenCreated {
        seal: object::id(&seal),
        cluster: seal.cluster,
        owner: seal.owner,
        stake: of,
        kind,
        expires_at_ms,
        created_at_ms: seal.created_at_ms,
        stake_amount,
        token_hash,
        permissions,
    });
    transfer::transfer(seal, ctx.sender());
}

/// Gives a seal of the sender's a new secret, a new end and new permissions.
public(package) fun renew(
    seal: &mut SealToken,
    cluster: &Cluster,
    stake_amount: u64,
    permissions: vector<String>,
    token_hash: vector<u8>,
    expires_at_ms: u64,
    ctx: &TxContext,
) {
    seal.assert_own(cluster, ctx);
    assert!(token_hash.length() == 32, E_INVALID_HASH);
    seal.token_hash = token_hash;
    seal.stake_amount = stake_amount;
    seal.permissions = permissions;
    seal.expires_at_ms = expires_at_ms;
    seal.revision = seal.revision + 1;
    event::emit(SealTokenRotated {
        seal: object::id(seal),
        cluster: seal.cluster,
        revision: seal.revision,
        expires_at_ms,
        stake_amount,
        token_hash,
        permissions,
    });
}

/// When a seal made now ends: its time to live is cut to the cluster's limit.
public(package) fun expiry(cluster: &Cluster, ttl_ms: u64, clock: &Clock): u64 {
    assert!(ttl_ms > 0, E_ZERO_TTL);
    clock.timestamp_ms() + ttl_ms.min(cluster.settings().max_seal_ttl_ms())
}

/// Remembers a request id; false if it is one of the last 64.
public(package) fun remember(seal: &mut SealToken, request_id: vector<u8>): bool {
    if (seal.recent_requests.contains(&request_id)) return false;
    if (seal.recent_requests.length() < RECENT) {
        seal.recent_requests.push_back(request_id);
    } else {
        *seal.recent_requests.borrow_mut(seal.request_count % RECENT) = request_id;
    };
    seal.request_count = seal.request_count + 1;
    true
}

/// The cluster.
public fun cluster(seal: &SealToken): ID { seal.cluster }
/// Who owns it.
public fun owner(seal: &SealToken): address { seal.owner }
/// What it was made of: a Stake, or a UserPermission.
public fun stake(seal: &SealToken): ID { seal.stake }
/// MIST when it was sealed.
public fun stake_amount(seal: &SealToken): u64 { seal.stake_amount }
/// 0 worker, 1 user, 2 administrator, 3 user by a grant, 4 operator of a node.
public fun kind(seal: &SealToken): u8 { seal.kind }
/// SHA-256 of the token.
public fun token_hash(seal: &SealToken): vector<u8> { seal.token_hash }
/// `verb:resource`.
public fun permissions(seal: &SealToken): vector<String> { seal.permissions }
/// ms since 1970.
public fun expires_at_ms(seal: &SealToken): u64 { seal.expires_at_ms }
/// ms since 1970.
public fun created_at_ms(seal: &SealToken): u64 { seal.created_at_ms }

/// Whether the administrator revoked it, alone or with all that are as old.
public fun is_revoked(seal: &SealToken, cluster: &Cluster): bool {
    cluster.is_revoked(&object::id(seal)) || seal.created_at_ms < cluster.settings().seals_valid_from_ms()
}

/// Counts the rotations.
public fun revision(seal: &SealToken): u64 { seal.revision }
/// Counts the requests made with it.
public fun request_count(seal: &SealToken): u64 { seal.request_count }
/// Whether it is expired.
public fun is_expired(seal: &SealToken, clock: &Clock): bool { clock.timestamp_ms() >= seal.expires_at_ms }

/// Aborts unless the seal is the sender's, of this cluster, and not revoked.
fun assert_own(seal: &SealToken, cluster: &Cluster, ctx: &TxContext) {
    assert!(seal.owner == ctx.sender(), E_NOT_OWNER);
    assert!(seal.cluster == object::id(cluster), E_WRONG_CLUSTER);
    assert!(!seal.is_revoked(cluster), E_REVOKED);
}

fun create(
    cluster: &Cluster,
    stake: &Stake,
    token_hash: vector<u8>,
    ttl_ms: u64,
    clock: &Clock,
    ctx: &mut TxContext,
) {
    check(cluster, stake, ctx);
    let permissions = permissions_of(cluster, stake);
    let expires_at_ms = expiry(cluster, ttl_ms, clock);
    let (id, amount, kind) = (object::id(stake), stake.amount(), stake.stake_type());
    make(cluster, id, amount, kind, permissions, token_hash, expires_at_ms, clock, ctx)
}

fun check(cluster: &Cluster, stake: &Stake, ctx: &TxContext) {
    cluster.assert_open();
    stake.assert_cluster(cluster);
    assert!(stake.staker() == ctx.sender(), E_NOT_STAKER);
    assert!(stake.is_active(), E_STAKE_NOT_ACTIVE);
    assert!(stake.amount() >= cluster.settings().min_stake(stake.stake_type()), E_BELOW_MINIMUM);
}

fun permissions_of(cluster: &Cluster, stake: &Stake): vector<String> {
    if (stake.stake_type() == NODE) vector[] else calculate_permissions(cluster, stake.amount())
}
