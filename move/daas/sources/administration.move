/// What the administrator of a cluster can set, each act an event.
module daas::administration;

use daas::cluster::{AdminCap, Cluster};
use std::string::String;
use sui::clock::Clock;

/// The time is later than now.
/// Next: give a time that is over; seals made from now on are not to be revoked.
const E_IN_THE_FUTURE: u64 = 1;

const WHAT_MINIMUMS: u8 = 1;
const WHAT_SLASH_BPS: u8 = 2;
const WHAT_TREASURY: u8 = 3;
const WHAT_TIERS: u8 = 4;
const WHAT_TTLS: u8 = 5;
const WHAT_PAUSED: u8 = 6;
const WHAT_VERB_MINIMUM: u8 = 7;
const WHAT_UNBONDING: u8 = 8;
const WHAT_KEY_OVERLAP: u8 = 9;
const WHAT_SEALS_REVOKED: u8 = 10;

/// Sets the least stakes (node, user, administrator), how long they are locked, and what writing needs.
public fun set_minimums(
    cluster: &mut Cluster,
    cap: &AdminCap,
    min_stake: vector<u64>,
    lock_ms: vector<u64>,
    write_min_stake: u64,
) {
    cluster.assert_admin(cap);
    cluster.settings_mut().set_minimums(min_stake, lock_ms, write_min_stake);
    cluster.updated(WHAT_MINIMUMS);
}

/// Sets what a single verb needs, beside the other minimums; 0 takes that back.
public fun set_verb_minimum(cluster: &mut Cluster, cap: &AdminCap, verb: String, min_stake: u64) {
    cluster.assert_admin(cap);
    cluster.settings_mut().set_verb_minimum(verb, min_stake);
    cluster.updated(WHAT_VERB_MINIMUM);
}

/// Sets how long a stake stays after `request_unstake`, at most 30 days.
public fun set_unbonding(cluster: &mut Cluster, cap: &AdminCap, unbonding_ms: u64) {
    cluster.assert_admin(cap);
    cluster.settings_mut().set_unbonding(unbonding_ms);
    cluster.updated(WHAT_UNBONDING);
}

/// Sets the share of a stake that a slash takes, in 1/10000.
public fun set_slash_bps(cluster: &mut Cluster, cap: &AdminCap, slash_bps: u64) {
    cluster.assert_admin(cap);
    cluster.settings_mut().set_slash_bps(slash_bps);
    cluster.updated(WHAT_SLASH_BPS);
}

/// Sets who gets what is slashed.
public fun set_treasury(cluster: &mut Cluster, cap: &AdminCap, treasury: address) {
    cluster.assert_admin(cap);
    cluster.settings_mut().set_treasury(treasury);
    cluster.updated(WHAT_TREASURY);
}

/// Sets the tiers: `permissions[i]` are for stakes of at least `min_stakes[i]`. Ascending.
public fun set_tiers(
    cluster: &mut Cluster,
    cap: &AdminCap,
    min_stakes: vector<u64>,
    permissions: vector<vector<String>>,
) {
    cluster.assert_admin(cap);
    cluster.settings_mut().set_tiers(min_stakes, permissions);
    cluster.updated(WHAT_TIERS);
}

/// Sets how long requests, answers and seals live, and how large an envelope may be.
public fun set_ttls(
    cluster: &mut Cluster,
    cap: &AdminCap,
    request_ttl_ms: vector<u64>,
    response_ttl_ms: vector<u64>,
    max_seal_ttl_ms: u64,
    max_envelope_bytes: u64,
) {
    cluster.assert_admin(cap);
    cluster.settings_mut().set_ttls(request_ttl_ms, response_ttl_ms, max_seal_ttl_ms, max_envelope_bytes);
    cluster.updated(WHAT_TTLS);
}

/// Sets how long the listener's previous keys stay good after new ones.
public fun set_key_overlap(cluster: &mut Cluster, cap: &AdminCap, key_overlap_ms: u64) {
    cluster.assert_admin(cap);
    cluster.settings_mut().set_key_overlap(key_overlap_ms);
    cluster.updated(WHAT_KEY_OVERLAP);
}

/// Pauses the cluster or opens it again. Slashing and withdrawing go on while it is paused.
public fun set_paused(cluster: &mut Cluster, cap: &AdminCap, paused: bool) {
    cluster.assert_admin(cap);
    cluster.settings_mut().set_paused(paused);
    cluster.updated(WHAT_PAUSED);
}

/// Revokes all seals that were made before a time, for good; their owners make new ones.
public fun revoke_seals_before(cluster: &mut Cluster, cap: &AdminCap, at_ms: u64, clock: &Clock) {
    cluster.assert_admin(cap);
    assert!(at_ms <= clock.timestamp_ms(), E_IN_THE_FUTURE);
    cluster.settings_mut().revoke_seals_before(at_ms);
    cluster.updated(WHAT_SEALS_REVOKED);
}
