#[test_only]
module daas::seal_token_tests;

use daas::administration;
use daas::seal_token::{Self, SealToken};
use daas::world::{Self, World};
use std::unit_test::assert_eq;

use fun daas::world_seals::seal_worker as World.seal_worker;
use fun daas::world_seals::seal_user as World.seal_user;
use fun daas::world_seals::rotate as World.rotate;
use fun daas::world_seals::revoke as World.revoke;
use fun daas::world_seals::look_seal as World.look_seal;
use fun daas::world_seals::info as World.info;

const ALICE: address = @0xA;
const BOB: address = @0xB;
const HOUR: u64 = 3_600_000;

#[test]
fun a_worker_is_sealed() {
    let mut w = world::begin();
    w.sender(ALICE);
    w.advance(10);
    let stake = w.stake_node(20 * world::sui(), b"w1");
    let seal = w.seal_worker(stake, world::hash(), HOUR);
    assert_eq!(w.events(), 1);
    w.look_seal!(ALICE, seal, |seal| {
        assert_eq!(seal.cluster(), w.cluster_id());
        assert_eq!(seal.owner(), ALICE);
        assert_eq!(seal.stake(), stake);
        assert_eq!(seal.stake_amount(), 20 * world::sui());
        assert_eq!(seal.kind(), 0);
        assert_eq!(seal.token_hash(), world::hash());
        assert_eq!(seal.permissions(), vector[]);
        assert_eq!(seal.expires_at_ms(), 10 + HOUR);
        assert_eq!(seal.revision(), 0);
        assert_eq!(seal.request_count(), 0);
    });
    w.end();
}

#[test]
fun users_get_the_tiers_up_to_their_stake() {
    let mut w = world::begin();
    w.sender(ALICE);
    let mut counts = vector[];
    vector[1, 4, 5, 9, 10, 50].do!(|amount| {
        let stake = w.stake_user(amount * world::sui());
        let seal = w.seal_user(stake, world::hash(), HOUR);
        w.look_seal!(ALICE, seal, |seal| counts.push_back(seal.permissions().length()));
    });
    assert_eq!(counts, vector[3, 3, 6, 6, 7, 7]);
    w.end();
}

#[test]
fun an_administrator_gets_no_more_than_the_tiers() {
    let mut w = world::begin();
    let stake = w.stake_admin(world::sui());
    let seal = w.seal_user(stake, world::hash(), HOUR);
    w.look_seal!(world::admin(), seal, |seal| {
        assert_eq!(seal.kind(), 2);
        assert!(seal.has_permission(&b"list".to_string(), &b"apps/deployments".to_string()));
        assert!(!seal.has_permission(&b"create".to_string(), &b"pods".to_string()));
    });
    w.end();
}

#[test]
fun permissions_of_two_tiers_are_not_doubled() {
    let mut w = world::begin();
    w.administrate!(|cluster, cap| {
        let (a, b) = (b"get:*".to_string(), b"list:*".to_string());
        administration::set_tiers(cluster, cap, vector[0, 5], vector[vector[a], vector[a, b]]);
        assert_eq!(seal_token::calculate_permissions(cluster, 4), vector[a]);
        assert_eq!(seal_token::calculate_permissions(cluster, 5), vector[a, b]);
        administration::set_tiers(cluster, cap, vector[], vector[]);
        assert_eq!(seal_token::calculate_permissions(cluster, 5), vector[]);
    });
    w.end();
}

#[test]
fun the_time_to_live_is_cut() {
    let mut w = world::begin();
    w.administrate!(|cluster, cap| administration::set_ttls(cluster, cap, vector[1, 1, 1, 1], vector[1, 1, 1, 1], 100, 1));
    w.sender(ALICE);
    let stake = w.stake_user(world::sui());
    let short = w.seal_user(stake, world::hash(), 99);
    w.look_seal!(ALICE, short, |seal| assert_eq!(seal.expires_at_ms(), 99));
    let long = w.seal_user(stake, world::hash(), 18_446_744_073_709_551_615);
    w.look_seal!(ALICE, long, |seal| assert_eq!(seal.expires_at_ms(), 100));
    w.end();
}

#[test, expected_failure(abort_code = seal_token::E_WRONG_KIND)]
fun a_user_stake_is_no_worker() {
    let mut w = world::begin();
    let stake = w.stake_user(world::sui());
    w.seal_worker(stake, world::hash(), HOUR);
    abort
}

#[test, expected_failure(abort_code = seal_token::E_WRONG_KIND)]
fun a_node_stake_is_no_user() {
    let mut w = world::begin();
    let stake = w.stake_node(world::sui(), b"w1");
    w.seal_user(stake, world::hash(), HOUR);
    abort
}

#[test, expected_failure(abort_code = seal_token::E_NOT_STAKER)]
fun others_cannot_seal() {
    let mut w = world::begin();
    let stake = w.stake_user(world::sui());
    w.sender(BOB);
    w.seal_user(stake, world::hash(), HOUR);
    abort
}

#[test, expected_failure(abort_code = seal_token::E_STAKE_NOT_ACTIVE)]
fun a_slashed_stake_cannot_be_sealed() {
    let mut w = world::begin();
    let stake = w.stake_user(2 * world::sui());
    w.slash(stake, b"x".to_string());
    w.seal_user(stake, world::hash(), HOUR);
    abort
}

#[test, expected_failure(abort_code = seal_token::E_STAKE_NOT_ACTIVE)]
fun an_ending_stake_cannot_be_sealed() {
    let mut w = world::begin();
    let stake = w.stake_user(2 * world::sui());
    w.request_unstake(stake);
    w.seal_user(stake, world::hash(), HOUR);
    abort
}

#[test, expected_failure(abort_code = seal_token::E_BELOW_MINIMUM)]
fun a_risen_minimum_counts() {
    let mut w = world::begin();
    let stake = w.stake_user(world::sui());
    w.administrate!(|cluster, cap| {
        let least = world::sui() + 1;
        administration::set_minimums(cluster, cap, vector[least, least, least], vector[0, 0, 0], 0)
    });
    w.seal_user(stake, world::hash(), HOUR);
    abort
}

#[test, expected_failure(abort_code = seal_token::E_INVALID_HASH)]
fun a_short_hash_is_refused() {
    let mut w = world::begin();
    let stake = w.stake_user(world::sui());
    w.seal_user(stake, world::bytes(31), HOUR);
    abort
}

#[test, expected_failure(abort_code = seal_token::E_INVALID_HASH)]
fun a_long_hash_is_refused() {
    let mut w = world::begin();
    let stake = w.stake_node(world::sui(), b"w1");
    w.seal_worker(stake, world::bytes(33), HOUR);
    abort
}

#[test, expected_failure(abort_code = seal_token::E_ZERO_TTL)]
fun a_seal_must_live() {
    let mut w = world::begin();
    let stake = w.stake_user(world::sui());
    w.seal_user(stake, world::hash(), 0);
    abort
}

#[test, expected_failure(abort_code = daas::staking::E_WRONG_CLUSTER)]
fun a_seal_is_of_the_cluster_of_its_stake() {
    let mut w = world::begin();
    let stake = w.stake_user(world::sui());
    w.create_cluster();
    w.seal_user(stake, world::hash(), HOUR);
    abort
}

#[test, expected_failure(abort_code = daas::cluster::E_PAUSED)]
fun a_paused_cluster_seals_nothing() {
    let mut w = world::begin();
    let stake = w.stake_user(world::sui());
    w.administrate!(|cluster, cap| administration::set_paused(cluster, cap, true));
    w.seal_user(stake, world::hash(), HOUR);
    abort
}

fun sealed(): (world::World, ID, ID) {
    let mut w = world::begin();
    w.sender(ALICE);
    let stake = w.stake_user(world::sui());
    let seal = w.seal_user(stake, world::hash(), HOUR);
    (w, stake, seal)
}

#[test]
fun a_seal_is_rotated() {
    let (mut w, stake, seal) = sealed();
    w.add_stake(stake, 4 * world::sui());
    w.advance(2 * HOUR);
    let mut hash = world::hash();
    *hash.borrow_mut(0) = 99;
    w.rotate(seal, ALICE, stake, hash, HOUR);
    assert_eq!(w.events(), 1);
    w.look_seal!(ALICE, seal, |seal| {
        assert_eq!(seal.token_hash(), hash);
        assert_eq!(seal.expires_at_ms(), 3 * HOUR);
        assert_eq!(seal.revision(), 1);
        assert_eq!(seal.stake_amount(), 5 * world::sui());
        assert_eq!(seal.permissions().length(), 6);
    });
    w.end();
}

#[test, expected_failure(abort_code = seal_token::E_NOT_OWNER)]
fun others_cannot_rotate() {
    let (mut w, stake, seal) = sealed();
    w.sender(BOB);
    w.rotate(seal, ALICE, stake, world::hash(), HOUR);
    abort
}

#[test, expected_failure(abort_code = seal_token::E_WRONG_CLUSTER)]
fun rotating_names_the_cluster() {
    let (mut w, stake, seal) = sealed();
    w.create_cluster();
    w.rotate(seal, ALICE, stake, world::hash(), HOUR);
    abort
}

#[test, expected_failure(abort_code = seal_token::E_WRONG_STAKE)]
fun rotating_names_the_stake() {
    let (mut w, _, seal) = sealed();
    let other = w.stake_user(world::sui());
    w.rotate(seal, ALICE, other, world::hash(), HOUR);
    abort
}

#[test, expected_failure(abort_code = seal_token::E_REVOKED)]
fun a_revoked_seal_is_not_rotated() {
    let (mut w, stake, seal) = sealed();
    w.revoke_by_admin(seal);
    w.rotate(seal, ALICE, stake, world::hash(), HOUR);
    abort
}

#[test, expected_failure(abort_code = seal_token::E_STAKE_NOT_ACTIVE)]
fun a_seal_of_a_slashed_stake_is_not_rotated() {
    let (mut w, stake, seal) = sealed();
    w.slash(stake, b"x".to_string());
    w.rotate(seal, ALICE, stake, world::hash(), HOUR);
    abort
}

#[test]
fun an_owner_revokes() {
    let (mut w, _, seal) = sealed();
    w.revoke(seal, ALICE);
    assert_eq!(w.events(), 1);
    assert!(!w.scenario().has_most_recent_for_sender<SealToken>());
    w.end();
}

#[test, expected_failure(abort_code = seal_token::E_NOT_OWNER)]
fun others_cannot_revoke() {
    let (mut w, _, seal) = sealed();
    w.sender(BOB);
    w.revoke(seal, ALICE);
    abort
}

#[test]
fun a_worker_finds_its_listener() {
    let (mut w, _, seal) = sealed();
    w.listen_at!(|cluster, cap, clock| {
        let urls = vector[b"https://127.0.0.1:1".to_string()];
        cluster.announce_listener(cap, urls, world::hash(), world::hash(), b"".to_string(), vector[], b"".to_string(), clock);
    });
    let (urls, key, pin) = w.info(ALICE, seal);
    assert_eq!(urls.length(), 1);
    assert_eq!(key, world::hash());
    assert_eq!(pin, world::hash());
    w.end();
}

#[test, expected_failure(abort_code = seal_token::E_REVOKED)]
fun a_revoked_seal_finds_nothing() {
    let (mut w, _, seal) = sealed();
    w.revoke_by_admin(seal);
    w.sender(ALICE);
    let (_, _, _) = w.info(ALICE, seal);
    abort
}

#[test, expected_failure(abort_code = seal_token::E_WRONG_CLUSTER)]
fun a_seal_of_another_cluster_finds_nothing() {
    let (mut w, _, seal) = sealed();
    w.create_cluster();
    let (_, _, _) = w.info(ALICE, seal);
    abort
}

#[test, expected_failure(abort_code = seal_token::E_NOT_OWNER)]
fun only_the_owner_of_a_seal_finds_the_listener() {
    let (mut w, _, seal) = sealed();
    w.sender(BOB);
    let (_, _, _) = w.info(ALICE, seal);
    abort
}

#[test, expected_failure(abort_code = seal_token::E_INVALID_HASH)]
fun a_seal_is_not_renewed_with_a_short_hash() {
    let mut w = world::begin();
    w.sender(@0xC1);
    let stake = w.stake_node(world::sui(), b"w-short");
    let seal = w.seal_worker(stake, world::hash(), 1_000);
    w.rotate(seal, @0xC1, stake, world::bytes(31), 1_000);
    abort
}
