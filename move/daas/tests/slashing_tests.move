#[test_only]
/// What a slash takes.
module daas::slashing_tests;

use daas::administration;
use daas::staking::{Self, Stake};
use daas::world;
use std::unit_test::assert_eq;

const ALICE: address = @0xA;
const BOB: address = @0xB;

#[test]
fun a_slash_takes_the_share_rounded_up_and_loses_nothing() {
    let mut w = world::begin();
    w.sender(ALICE);
    let id = w.stake_node(world::sui() + 1, b"w1");
    w.sender(world::admin());
    w.advance(5);
    w.slash(id, b"lied".to_string());
    assert_eq!(w.events(), 1);
    let taken = world::sui() / 10 + 1;
    assert_eq!(w.paid(world::admin()), taken);
    w.look!<Stake>(id, |stake| {
        assert_eq!(stake.status(), 2);
        assert_eq!(stake.unbonding_until_ms(), 0);
        assert_eq!(stake.amount(), world::sui() + 1 - taken);
        assert_eq!(stake.total_slashed(), taken);
    });
    w.sender(ALICE);
    let ticket = w.ticket_of(ALICE);
    assert_eq!(w.withdraw(id, ticket, ALICE), world::sui() + 1 - taken);
    w.end();
}

#[test]
fun the_treasury_gets_it() {
    let mut w = world::begin();
    let id = w.stake_user(world::sui());
    w.administrate!(|cluster, cap| {
        administration::set_treasury(cluster, cap, BOB);
        administration::set_slash_bps(cluster, cap, 10_000);
    });
    w.slash(id, b"all".to_string());
    assert_eq!(w.paid(BOB), world::sui());
    w.look!<Stake>(id, |stake| assert_eq!(stake.amount(), 0));
    w.end();
}

#[test]
fun a_whole_supply_is_slashed_without_overflow() {
    let mut w = world::begin();
    let id = w.stake_user(18_446_744_073_709_551_615);
    w.slash(id, b"big".to_string());
    assert_eq!(w.paid(world::admin()), 1_844_674_407_370_955_162);
    w.end();
}

#[test]
fun an_amount_is_slashed_twice() {
    let mut w = world::begin();
    let id = w.stake_user(world::sui());
    w.slash_amount(id, 1);
    w.slash_amount(id, world::sui() - 1);
    w.look!<Stake>(id, |stake| {
        assert_eq!(stake.amount(), 0);
        assert_eq!(stake.total_slashed(), world::sui());
    });
    w.end();
}

#[test, expected_failure(abort_code = staking::E_NOTHING_TO_SLASH)]
fun nothing_is_left_to_slash() {
    let mut w = world::begin();
    let id = w.stake_user(world::sui());
    w.slash_amount(id, world::sui());
    w.slash(id, b"again".to_string());
    abort
}

#[test, expected_failure(abort_code = staking::E_SLASH_TOO_LARGE)]
fun a_slash_takes_no_more_than_there_is() {
    let mut w = world::begin();
    let id = w.stake_user(world::sui());
    w.slash_amount(id, world::sui() + 1);
    abort
}

#[test, expected_failure(abort_code = staking::E_ZERO_AMOUNT)]
fun slashing_nothing_is_refused() {
    let mut w = world::begin();
    let id = w.stake_user(world::sui());
    w.slash_amount(id, 0);
    abort
}

#[test]
fun a_reason_of_256_bytes() {
    let mut w = world::begin();
    let id = w.stake_user(world::sui());
    w.slash(id, vector::tabulate!(256, |_| 97u8).to_string());
    assert_eq!(w.events(), 1);
    w.end();
}

#[test, expected_failure(abort_code = staking::E_REASON_TOO_LONG)]
fun a_reason_is_short() {
    let mut w = world::begin();
    let id = w.stake_user(world::sui());
    w.slash(id, vector::tabulate!(257, |_| 97u8).to_string());
    abort
}

#[test, expected_failure(abort_code = daas::cluster::E_WRONG_CAP)]
fun another_administrator_cannot_slash() {
    let mut w = world::begin();
    let id = w.stake_user(world::sui());
    let first = w.cluster_id();
    w.create_cluster();
    w.set_cluster(first);
    w.slash(id, b"x".to_string());
    abort
}

#[test, expected_failure(abort_code = staking::E_WRONG_CLUSTER)]
fun a_slash_names_the_cluster() {
    let mut w = world::begin();
    let id = w.stake_user(world::sui());
    w.create_cluster();
    w.slash(id, b"x".to_string());
    abort
}
