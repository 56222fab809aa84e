/// Seals of grants: for users without a stake.
module daas::granted_seal;

use daas::cluster::Cluster;
use daas::grants::UserPermission;
use daas::seal_token::{Self, SealToken};
use sui::clock::Clock;

/// The grant is for someone else.
/// Next: sign with the key of the address that the grant names.
const E_NOT_GRANTEE: u64 = 1;
/// The grant was taken back, or is over.
/// Next: ask the cluster's administrator for a new one.
const E_GRANT_NOT_LIVE: u64 = 2;
/// The seal belongs to another grant, or to a stake.
/// Next: name the grant in the seal's field `stake`.
const E_WRONG_GRANT: u64 = 3;

const GRANTED: u8 = 3;

/// Makes a seal of a grant: it goes to the sender, whom the grant must name. It ends with the grant at the latest.
public fun create_granted_seal_token(
    cluster: &Cluster,
    grant: &UserPermission,
    token_hash: vector<u8>,
    ttl_ms: u64,
    clock: &Clock,
    ctx: &mut TxContext,
) {
    check(cluster, grant, clock, ctx);
    let end = expiry(cluster, grant, ttl_ms, clock);
    seal_token::make(cluster, object::id(grant), 0, GRANTED, grant.permissions(), token_hash, end, clock, ctx)
}

/// Gives a seal of a grant a new secret and a new time to live.
public fun rotate(
    seal: &mut SealToken,
    cluster: &Cluster,
    grant: &UserPermission,
    token_hash: vector<u8>,
    ttl_ms: u64,
    clock: &Clock,
    ctx: &mut TxContext,
) {
    check(cluster, grant, clock, ctx);
    assert!(seal.stake() == object::id(grant), E_WRONG_GRANT);
    let end = expiry(cluster, grant, ttl_ms, clock);
    seal.renew(cluster, 0, grant.permissions(), token_hash, end, ctx)
}

fun check(cluster: &Cluster, grant: &UserPermission, clock: &Clock, ctx: &TxContext) {
    cluster.assert_open();
    grant.assert_cluster(cluster);
    assert!(grant.user() == ctx.sender(), E_NOT_GRANTEE);
    assert!(grant.is_live(clock), E_GRANT_NOT_LIVE);
}

fun expiry(cluster: &Cluster, grant: &UserPermission, ttl_ms: u64, clock: &Clock): u64 {
    seal_token::expiry(cluster, ttl_ms, clock).min(grant.expires_at_ms())
}
