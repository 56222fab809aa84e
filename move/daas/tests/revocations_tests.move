#[test_only]
module daas::revocations_tests;

use daas::administration;
use daas::cluster::{Self, AdminCap, Cluster};
use daas::k8s_gateway;
use daas::seal_token;
use daas::world::{Self, World};
use std::unit_test::assert_eq;
use sui::clock::Clock;

use fun daas::world_gateway::execute as World.execute;
use fun daas::world_seals::seal_user as World.seal_user;
use fun daas::world_seals::rotate as World.rotate;

const SEAL: address = @0x5EA1;
const USER: address = @0xB0B;
const DAY_MS: u64 = 86_400_000;
const HOUR_MS: u64 = 3_600_000;

fun with_wrong_cap(): World {
    let mut w = world::begin();
    let first = w.admin_cap_id();
    w.create_cluster();
    w.set_admin_cap(first);
    w
}

#[test, expected_failure(abort_code = cluster::E_WRONG_CAP)]
fun another_cannot_revoke() {
    let mut w = with_wrong_cap();
    w.revoke_by_admin(SEAL.to_id());
    abort
}

#[test, expected_failure(abort_code = cluster::E_WRONG_CAP)]
fun another_cannot_forget() {
    let mut w = with_wrong_cap();
    w.forget_by_admin(SEAL.to_id());
    abort
}

fun is_revoked(w: &mut World, seal: ID): bool {
    let mut revoked = false;
    w.look!<Cluster>(w.cluster_id(), |cluster| revoked = cluster.is_revoked(&seal));
    w.quiet();
    revoked
}

#[test]
fun a_seal_is_revoked_and_forgotten_when_it_is_past_its_end() {
    let mut w = world::begin();
    w.revoke_by_admin(SEAL.to_id());
    assert_eq!(w.events(), 1);
    assert!(is_revoked(&mut w, SEAL.to_id()));
    w.quiet();
    w.advance(30 * DAY_MS);
    w.forget_by_admin(SEAL.to_id());
    assert_eq!(w.events(), 1);
    assert!(!is_revoked(&mut w, SEAL.to_id()));
    w.end();
}

#[test, expected_failure(abort_code = cluster::E_SEAL_LIVES)]
fun a_seal_is_not_forgotten_in_the_last_millisecond_of_its_life() {
    let mut w = world::begin();
    w.revoke_by_admin(SEAL.to_id());
    w.advance(30 * DAY_MS - 1);
    w.forget_by_admin(SEAL.to_id());
    abort
}

fun set_seal_ttl(w: &mut World, ttl_ms: u64) {
    w.administrate!(|cluster, cap| {
        administration::set_ttls(cluster, cap, vector[1, 1, 1, 1], vector[1, 1, 1, 1], ttl_ms, 1_000);
    });
}

#[test, expected_failure(abort_code = cluster::E_SEAL_LIVES)]
fun a_lower_limit_of_today_does_not_end_the_seals_of_yesterday() {
    let mut w = world::begin();
    set_seal_ttl(&mut w, HOUR_MS);
    w.revoke_by_admin(SEAL.to_id());
    w.advance(HOUR_MS);
    w.forget_by_admin(SEAL.to_id());
    abort
}

#[test]
fun a_higher_limit_keeps_what_is_revoked_under_it_for_longer() {
    let mut w = world::begin();
    set_seal_ttl(&mut w, 40 * DAY_MS);
    set_seal_ttl(&mut w, HOUR_MS);
    w.look!<Cluster>(w.cluster_id(), |cluster| {
        assert_eq!(cluster.settings().longest_seal_ttl_ms(), 40 * DAY_MS);
        assert_eq!(cluster.settings().max_seal_ttl_ms(), HOUR_MS);
    });
    w.quiet();
    w.revoke_by_admin(SEAL.to_id());
    w.advance(40 * DAY_MS);
    w.forget_by_admin(SEAL.to_id());
    assert!(!is_revoked(&mut w, SEAL.to_id()));
    w.end();
}

#[test]
fun what_is_revoked_with_all_that_are_older_can_be_forgotten() {
    let mut w = world::begin();
    w.revoke_by_admin(SEAL.to_id());
    w.advance(1);
    w.administrate_at!(|cluster, cap, clock| administration::revoke_seals_before(cluster, cap, 1, clock));
    w.forget_by_admin(SEAL.to_id());
    assert!(!is_revoked(&mut w, SEAL.to_id()));
    w.end();
}

#[test, expected_failure(abort_code = cluster::E_SEAL_LIVES)]
fun a_seal_of_the_very_time_is_not_older() {
    let mut w = world::begin();
    w.advance(1);
    w.revoke_by_admin(SEAL.to_id());
    w.administrate_at!(|cluster, cap, clock| administration::revoke_seals_before(cluster, cap, 1, clock));
    w.forget_by_admin(SEAL.to_id());
    abort
}

#[test, expected_failure(abort_code = cluster::E_ALREADY_REVOKED)]
fun a_seal_is_revoked_once() {
    let mut w = world::begin();
    w.revoke_by_admin(SEAL.to_id());
    w.revoke_by_admin(SEAL.to_id());
    abort
}

#[test, expected_failure(abort_code = cluster::E_NOT_REVOKED)]
fun only_what_is_revoked_is_forgotten() {
    let mut w = world::begin();
    w.forget_by_admin(SEAL.to_id());
    abort
}

fun revoke_many(cluster: &mut Cluster, cap: &AdminCap, clock: &Clock, from: u256, n: u256) {
    n.do!(|i| cluster.revoke_seal(cap, sui::address::from_u256(from + i).to_id(), clock))
}

#[test]
fun the_list_of_revoked_seals_holds_256() {
    let mut w = world::begin();
    w.administrate_at!(|cluster, cap, clock| revoke_many(cluster, cap, clock, 0, 256));
    w.end();
}

#[test, expected_failure(abort_code = cluster::E_TOO_MANY_REVOKED)]
fun the_list_of_revoked_seals_is_bounded() {
    let mut w = world::begin();
    w.administrate_at!(|cluster, cap, clock| revoke_many(cluster, cap, clock, 0, 257));
    abort
}

#[test]
fun a_full_list_drops_what_is_past_its_end_and_no_more() {
    let mut w = world::begin();
    w.administrate_at!(|cluster, cap, clock| revoke_many(cluster, cap, clock, 0, 200));
    w.advance(DAY_MS);
    w.administrate_at!(|cluster, cap, clock| revoke_many(cluster, cap, clock, 200, 56));
    w.advance(29 * DAY_MS);
    w.revoke_by_admin(SEAL.to_id());
    // 200 forgotten, one revoked.
    assert_eq!(w.events(), 201);
    assert!(is_revoked(&mut w, SEAL.to_id()));
    assert!(!is_revoked(&mut w, sui::address::from_u256(199).to_id()));
    assert!(is_revoked(&mut w, sui::address::from_u256(200).to_id()));
    w.quiet();
    w.administrate_at!(|cluster, cap, clock| revoke_many(cluster, cap, clock, 1_000, 199));
    w.end();
}

#[test, expected_failure(abort_code = cluster::E_TOO_MANY_REVOKED)]
fun a_list_of_seals_that_may_live_stays_full() {
    let mut w = world::begin();
    w.administrate_at!(|cluster, cap, clock| revoke_many(cluster, cap, clock, 0, 256));
    w.advance(30 * DAY_MS - 1);
    w.revoke_by_admin(SEAL.to_id());
    abort
}

#[test]
fun revoking_all_older_ones_makes_room_in_a_full_list() {
    let mut w = world::begin();
    w.administrate_at!(|cluster, cap, clock| revoke_many(cluster, cap, clock, 0, 256));
    w.advance(1);
    w.administrate_at!(|cluster, cap, clock| {
        administration::revoke_seals_before(cluster, cap, 1, clock);
        cluster.revoke_seal(cap, SEAL.to_id(), clock);
    });
    assert_eq!(w.events(), 258);
    w.end();
}

/// A user's seal of the longest life, revoked.
fun with_revoked(): (World, ID, ID) {
    let mut w = world::begin();
    w.sender(USER);
    let stake = w.stake_user(world::sui());
    let seal = w.seal_user(stake, world::hash(), 30 * DAY_MS);
    w.revoke_by_admin(seal);
    (w, seal, stake)
}

#[test, expected_failure(abort_code = k8s_gateway::ERROR_INVALID_SEAL)]
fun a_revoked_seal_is_refused_to_the_last_millisecond_of_its_life() {
    let (mut w, seal, stake) = with_revoked();
    w.advance(30 * DAY_MS - 1);
    w.execute(seal, stake, 1, b"get", b"pods");
    abort
}

#[test, expected_failure(abort_code = k8s_gateway::ERROR_SEAL_EXPIRED)]
fun a_seal_that_is_forgotten_is_expired() {
    let (mut w, seal, stake) = with_revoked();
    w.advance(30 * DAY_MS);
    w.forget_by_admin(seal);
    w.execute(seal, stake, 1, b"get", b"pods");
    abort
}

#[test, expected_failure(abort_code = seal_token::E_REVOKED)]
fun a_revoked_seal_is_not_renewed() {
    let (mut w, seal, stake) = with_revoked();
    w.rotate(seal, USER, stake, world::hash(), HOUR_MS);
    abort
}

#[test]
fun its_owner_can_make_another_one() {
    // Revoking ends a token that leaked; who is to do nothing more is slashed.
    let (mut w, _, stake) = with_revoked();
    let seal = w.seal_user(stake, world::hash(), HOUR_MS);
    w.execute(seal, stake, 1, b"get", b"pods");
    w.end();
}
