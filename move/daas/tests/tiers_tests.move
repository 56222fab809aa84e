#[test_only]
module daas::tiers_tests;

use daas::administration;
use daas::cluster::Cluster;
use daas::k8s_gateway;
use daas::world::{Self, World};
use std::unit_test::assert_eq;

use fun daas::world_gateway::execute as World.execute;
use fun daas::world_seals::seal_user as World.seal_user;

const USER: address = @0xB0B;
const HOUR_MS: u64 = 3_600_000;

/// A user's seal of all permissions, and its stake of 10 SUI.
fun with_all(): (World, ID, ID) {
    let mut w = world::begin();
    w.sender(USER);
    let stake = w.stake_user(10 * world::sui());
    let seal = w.seal_user(stake, world::hash(), HOUR_MS);
    (w, seal, stake)
}

fun set_tiers(w: &mut World, min_stakes: vector<u64>, permissions: vector<vector<vector<u8>>>) {
    let permissions = permissions.map!(|tier| tier.map!(|permission| permission.to_string()));
    w.administrate!(|cluster, cap| administration::set_tiers(cluster, cap, min_stakes, permissions));
}

#[test]
fun what_the_tiers_still_give_goes_on() {
    let (mut w, seal, stake) = with_all();
    set_tiers(&mut w, vector[world::sui()], vector[vector[b"get:pods"]]);
    w.execute(seal, stake, 1, b"get", b"pods");
    assert_eq!(w.events(), 1);
    w.end();
}

#[test, expected_failure(abort_code = k8s_gateway::ERROR_NO_PERMISSION)]
fun what_is_taken_out_of_the_tiers_is_gone_from_seals_that_live() {
    let (mut w, seal, stake) = with_all();
    set_tiers(&mut w, vector[world::sui()], vector[vector[b"get:pods"]]);
    w.execute(seal, stake, 1, b"delete", b"pods");
    abort
}

#[test, expected_failure(abort_code = k8s_gateway::ERROR_NO_PERMISSION)]
fun a_tier_that_became_dearer_is_out_of_reach() {
    let (mut w, seal, stake) = with_all();
    set_tiers(&mut w, vector[10 * world::sui() + 1], vector[vector[b"*:*"]]);
    w.execute(seal, stake, 1, b"get", b"pods");
    abort
}

#[test, expected_failure(abort_code = k8s_gateway::ERROR_NO_PERMISSION)]
fun what_is_put_into_the_tiers_needs_a_new_seal() {
    let mut w = world::begin();
    w.sender(USER);
    let stake = w.stake_user(world::sui());
    let seal = w.seal_user(stake, world::hash(), HOUR_MS);
    set_tiers(&mut w, vector[world::sui()], vector[vector[b"*:*"]]);
    w.execute(seal, stake, 1, b"delete", b"pods");
    abort
}

#[test, expected_failure(abort_code = k8s_gateway::ERROR_NO_PERMISSION)]
fun more_stake_gives_an_old_seal_no_more() {
    let mut w = world::begin();
    w.sender(USER);
    let stake = w.stake_user(world::sui());
    let seal = w.seal_user(stake, world::hash(), HOUR_MS);
    w.add_stake(stake, 9 * world::sui());
    w.execute(seal, stake, 1, b"delete", b"pods");
    abort
}

#[test]
fun tiers_allow_from_their_minimum_on() {
    let mut w = world::begin();
    w.look!<Cluster>(w.cluster_id(), |cluster| {
        let (settings, sui) = (cluster.settings(), world::sui());
        let (get, delete) = (b"get".to_string(), b"delete".to_string());
        let (pods, secrets) = (b"pods".to_string(), b"secrets".to_string());
        assert!(!settings.tiers_allow(sui - 1, &get, &pods));
        assert!(settings.tiers_allow(sui, &get, &pods));
        assert!(!settings.tiers_allow(5 * sui - 1, &delete, &pods));
        assert!(settings.tiers_allow(5 * sui, &delete, &pods));
        assert!(!settings.tiers_allow(10 * sui - 1, &delete, &secrets));
        assert!(settings.tiers_allow(10 * sui, &delete, &secrets));
    });
    w.end();
}
