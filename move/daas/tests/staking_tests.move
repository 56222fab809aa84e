#[test_only]
module daas::staking_tests;

use daas::administration;
use daas::staking::{Self, Stake};
use daas::world;
use std::unit_test::assert_eq;

const ALICE: address = @0xA;
const BOB: address = @0xB;

#[test]
fun a_node_stakes() {
    let mut w = world::begin();
    w.sender(ALICE);
    w.advance(5);
    let id = w.stake_node(world::sui(), b"w1");
    assert_eq!(w.events(), 1);
    w.look!<Stake>(id, |stake| {
        assert_eq!(stake.cluster(), w.cluster_id());
        assert_eq!(stake.staker(), ALICE);
        assert_eq!(stake.amount(), world::sui());
        assert_eq!(stake.locked_until_ms(), 5);
        assert_eq!(stake.status(), 0);
        assert_eq!(stake.node_id(), b"w1".to_string());
        assert_eq!(stake.stake_type(), 0);
        assert_eq!(stake.total_slashed(), 0);
    });
    let ticket = w.scenario().take_from_sender<staking::StakeTicket>();
    assert_eq!(ticket.ticket_stake(), id);
    w.scenario().return_to_sender(ticket);
    w.end();
}

#[test]
fun users_and_administrators_stake() {
    let mut w = world::begin();
    let user = w.stake_user(world::sui());
    let admin = w.stake_admin(2 * world::sui());
    w.look!<Stake>(user, |stake| assert_eq!(stake.stake_type(), 1));
    w.look!<Stake>(admin, |stake| {
        assert_eq!(stake.stake_type(), 2);
        assert_eq!(stake.node_id(), b"".to_string());
    });
    w.end();
}

#[test, expected_failure(abort_code = staking::E_BELOW_MINIMUM)]
fun nothing_is_no_stake() {
    let mut w = world::begin();
    w.stake_user(0);
    abort
}

#[test, expected_failure(abort_code = staking::E_BELOW_MINIMUM)]
fun less_than_the_minimum_is_refused() {
    let mut w = world::begin();
    w.stake_node(world::sui() - 1, b"w1");
    abort
}

#[test]
fun each_kind_has_its_minimum_and_lock() {
    let mut w = world::begin();
    w.administrate!(|cluster, cap| administration::set_minimums(cluster, cap, vector[10, 20, 30], vector[1, 2, 3], 0));
    let node = w.stake_node(10, b"w1");
    let user = w.stake_user(20);
    let admin = w.stake_admin(30);
    w.look!<Stake>(node, |stake| assert_eq!(stake.locked_until_ms(), 1));
    w.look!<Stake>(user, |stake| assert_eq!(stake.locked_until_ms(), 2));
    w.look!<Stake>(admin, |stake| assert_eq!(stake.locked_until_ms(), 3));
    w.end();
}

#[test, expected_failure(abort_code = staking::E_BELOW_MINIMUM)]
fun the_minimum_of_users_is_theirs() {
    let mut w = world::begin();
    w.administrate!(|cluster, cap| administration::set_minimums(cluster, cap, vector[10, 20, 30], vector[0, 0, 0], 0));
    w.stake_user(19);
    abort
}

#[test, expected_failure(abort_code = staking::E_INVALID_NODE_NAME)]
fun an_empty_name_is_refused() {
    let mut w = world::begin();
    w.stake_node(world::sui(), b"");
    abort
}

#[test, expected_failure(abort_code = staking::E_INVALID_NODE_NAME)]
fun a_name_in_capitals_is_refused() {
    let mut w = world::begin();
    w.stake_node(world::sui(), b"W1");
    abort
}

#[test, expected_failure(abort_code = daas::cluster::E_PAUSED)]
fun a_paused_cluster_takes_no_stake() {
    let mut w = world::begin();
    w.administrate!(|cluster, cap| administration::set_paused(cluster, cap, true));
    w.stake_user(world::sui());
    abort
}

#[test]
fun a_stake_grows() {
    let mut w = world::begin();
    let id = w.stake_user(world::sui());
    w.add_stake(id, 1);
    assert_eq!(w.events(), 1);
    w.look!<Stake>(id, |stake| assert_eq!(stake.amount(), world::sui() + 1));
    w.end();
}

#[test, expected_failure(abort_code = staking::E_ZERO_AMOUNT)]
fun adding_nothing_is_refused() {
    let mut w = world::begin();
    let id = w.stake_user(world::sui());
    w.add_stake(id, 0);
    abort
}

#[test, expected_failure(abort_code = staking::E_NOT_STAKER)]
fun others_cannot_add() {
    let mut w = world::begin();
    let id = w.stake_user(world::sui());
    w.sender(BOB);
    w.add_stake(id, 1);
    abort
}

#[test, expected_failure(abort_code = staking::E_NOT_ACTIVE)]
fun an_ending_stake_does_not_grow() {
    let mut w = world::begin();
    let id = w.stake_user(world::sui());
    w.request_unstake(id);
    w.add_stake(id, 1);
    abort
}

#[test, expected_failure(abort_code = staking::E_WRONG_CLUSTER)]
fun adding_names_the_cluster() {
    let mut w = world::begin();
    let id = w.stake_user(world::sui());
    w.create_cluster();
    w.add_stake(id, 1);
    abort
}

#[test, expected_failure(abort_code = daas::cluster::E_PAUSED)]
fun a_paused_cluster_takes_no_more() {
    let mut w = world::begin();
    let id = w.stake_user(world::sui());
    w.administrate!(|cluster, cap| administration::set_paused(cluster, cap, true));
    w.add_stake(id, 1);
    abort
}

#[test]
fun a_stake_unbonds_and_is_withdrawn() {
    let mut w = world::begin();
    w.sender(ALICE);
    let id = w.stake_node(world::sui() + 7, b"w1");
    w.request_unstake(id);
    assert_eq!(w.events(), 1);
    w.look!<Stake>(id, |stake| assert_eq!(stake.status(), 1));
    w.quiet();
    let ticket = w.ticket_of(ALICE);
    assert_eq!(w.withdraw(id, ticket, ALICE), world::sui() + 7);
    assert_eq!(w.events(), 1);
    assert!(!w.scenario().has_most_recent_for_sender<staking::StakeTicket>());
    w.end();
}

#[test]
fun an_active_stake_is_withdrawn_while_paused() {
    let mut w = world::begin();
    w.sender(ALICE);
    let id = w.stake_user(world::sui());
    w.administrate!(|cluster, cap| administration::set_paused(cluster, cap, true));
    let ticket = w.ticket_of(ALICE);
    assert_eq!(w.withdraw(id, ticket, ALICE), world::sui());
    w.end();
}

#[test, expected_failure(abort_code = staking::E_NOT_STAKER)]
fun others_cannot_unbond() {
    let mut w = world::begin();
    let id = w.stake_user(world::sui());
    w.sender(BOB);
    w.request_unstake(id);
    abort
}

#[test, expected_failure(abort_code = staking::E_NOT_ACTIVE)]
fun a_stake_unbonds_once() {
    let mut w = world::begin();
    let id = w.stake_user(world::sui());
    w.request_unstake(id);
    w.request_unstake(id);
    abort
}

#[test, expected_failure(abort_code = staking::E_WRONG_CLUSTER)]
fun unbonding_names_the_cluster() {
    let mut w = world::begin();
    let id = w.stake_user(world::sui());
    w.create_cluster();
    w.request_unstake(id);
    abort
}

fun locked(): (world::World, ID) {
    let mut w = world::begin();
    w.administrate!(|cluster, cap| administration::set_minimums(cluster, cap, vector[1, 1, 1], vector[0, 100, 0], 0));
    w.sender(ALICE);
    w.advance(1);
    let id = w.stake_user(5);
    (w, id)
}

#[test, expected_failure(abort_code = staking::E_LOCKED)]
fun a_lock_holds_until_its_last_millisecond() {
    let (mut w, id) = locked();
    w.advance(99);
    let ticket = w.ticket_of(ALICE);
    w.withdraw(id, ticket, ALICE);
    abort
}

#[test]
fun a_lock_ends() {
    let (mut w, id) = locked();
    w.advance(100);
    let ticket = w.ticket_of(ALICE);
    assert_eq!(w.withdraw(id, ticket, ALICE), 5);
    w.end();
}

#[test, expected_failure(abort_code = staking::E_NOT_STAKER)]
fun others_cannot_withdraw() {
    let (mut w, id) = locked();
    w.advance(100);
    w.sender(BOB);
    let ticket = w.ticket_of(ALICE);
    w.withdraw(id, ticket, ALICE);
    abort
}

#[test, expected_failure(abort_code = staking::E_WRONG_TICKET)]
fun a_withdrawal_needs_its_own_ticket() {
    let (mut w, id) = locked();
    w.stake_user(6);
    w.advance(100);
    let ticket = w.ticket_of(ALICE);
    w.withdraw(id, ticket, ALICE);
    abort
}

#[test, expected_failure(abort_code = staking::E_WRONG_CLUSTER)]
fun a_withdrawal_names_the_cluster() {
    let (mut w, id) = locked();
    w.advance(100);
    w.create_cluster();
    let ticket = w.ticket_of(ALICE);
    w.withdraw(id, ticket, ALICE);
    abort
}
