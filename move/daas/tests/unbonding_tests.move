#[test_only]
module daas::unbonding_tests;

use daas::administration;
use daas::staking::{Self, Stake};
use daas::world::{Self, World};
use std::unit_test::assert_eq;

const ALICE: address = @0xA;

/// Stakes unbond for 100 ms; Alice has one, from 5 ms on.
fun begin(): (World, ID) {
    let mut w = world::begin();
    w.administrate!(|cluster, cap| administration::set_unbonding(cluster, cap, 100));
    w.sender(ALICE);
    w.advance(5);
    let stake = w.stake_user(world::sui());
    (w, stake)
}

fun withdraw(w: &mut World, stake: ID): u64 {
    let ticket = w.ticket_of(ALICE);
    w.withdraw(stake, ticket, ALICE)
}

#[test]
fun a_stake_is_withdrawn_after_unbonding() {
    let (mut w, stake) = begin();
    w.look!<Stake>(stake, |stake| {
        assert!(staking::is_active(stake));
        assert_eq!(staking::staked_at_ms(stake), 5);
        assert_eq!(staking::unbonding_until_ms(stake), 0);
    });
    w.quiet();
    w.request_unstake(stake);
    w.look!<Stake>(stake, |stake| {
        assert!(!staking::is_active(stake));
        assert_eq!(staking::status(stake), 1);
        assert_eq!(staking::unbonding_until_ms(stake), 105);
    });
    w.quiet();
    w.advance(100);
    assert_eq!(withdraw(&mut w, stake), world::sui());
    w.end();
}

#[test]
fun unbonding_and_withdrawing_work_while_paused() {
    let (mut w, stake) = begin();
    w.administrate!(|cluster, cap| administration::set_paused(cluster, cap, true));
    w.request_unstake(stake);
    w.advance(100);
    assert_eq!(withdraw(&mut w, stake), world::sui());
    w.end();
}

#[test]
fun a_later_change_does_not_hold_a_stake_longer() {
    let (mut w, stake) = begin();
    w.request_unstake(stake);
    w.administrate!(|cluster, cap| administration::set_unbonding(cluster, cap, 1_000));
    w.advance(100);
    assert_eq!(withdraw(&mut w, stake), world::sui());
    w.end();
}

#[test, expected_failure(abort_code = staking::E_NOT_UNBONDING)]
fun an_active_stake_unbonds_first() {
    let (mut w, stake) = begin();
    w.advance(1_000);
    withdraw(&mut w, stake);
    abort
}

#[test, expected_failure(abort_code = staking::E_UNBONDING)]
fun unbonding_holds_until_its_last_millisecond() {
    let (mut w, stake) = begin();
    w.request_unstake(stake);
    w.advance(99);
    withdraw(&mut w, stake);
    abort
}

#[test, expected_failure(abort_code = staking::E_UNBONDING)]
fun a_slashed_stake_unbonds_too() {
    let (mut w, stake) = begin();
    w.slash(stake, b"lied".to_string());
    w.advance(99);
    withdraw(&mut w, stake);
    abort
}

#[test]
fun a_slash_while_unbonding_begins_it_again() {
    let (mut w, stake) = begin();
    w.request_unstake(stake);
    w.advance(50);
    w.slash(stake, b"lied".to_string());
    w.look!<Stake>(stake, |stake| assert_eq!(stake.unbonding_until_ms(), 155));
    w.quiet();
    w.advance(100);
    assert_eq!(withdraw(&mut w, stake), world::sui() / 10 * 9);
    w.end();
}

#[test]
fun slashing_goes_on_to_the_last_coin() {
    let (mut w, stake) = begin();
    let mut left = world::sui();
    let mut slashes = 0;
    while (left > 0) {
        w.slash(stake, b"lied".to_string());
        w.quiet();
        // Rounded up, in the treasury's favour: so it ends.
        left = left - (left + 9) / 10;
        slashes = slashes + 1;
        w.look!<Stake>(stake, |stake| {
            assert_eq!(stake.amount(), left);
            assert_eq!(stake.total_slashed(), world::sui() - left);
        });
        w.quiet();
    };
    assert!(slashes > 150);
    w.end();
}

#[test, expected_failure(abort_code = staking::E_WRONG_CLUSTER)]
fun a_stake_knows_its_cluster() {
    let (mut w, stake) = begin();
    let first = w.cluster_id();
    w.look!<Stake>(stake, |stake| assert_eq!(staking::cluster(stake), first));
    w.create_cluster();
    w.look!<daas::cluster::Cluster>(w.cluster_id(), |cluster| {
        w.look!<Stake>(stake, |stake| staking::assert_cluster(stake, cluster));
    });
    abort
}
