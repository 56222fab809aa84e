#[test_only]
/// The numbers of `sui::random` are those of the published one: computed by hand from its construction.
module framework_tests::random_tests;

use std::unit_test::assert_eq;
use sui::random::{Self, Random, RandomGenerator};
use sui::test_scenario as ts;

fun seeded(): RandomGenerator { random::new_generator_from_seed_for_testing(b"seed") }

#[test]
fun bytes_and_numbers() {
    let mut g = seeded();
    assert_eq!(
        g.generate_bytes(40),
        x"5b47fb3fa5014a979002adf19eacada248e3a4ac5049806efa7e9756f7fed83a50a5a0d109bed2a2",
    );
    assert_eq!(g.generate_u8(), 245);
    assert_eq!(g.generate_u16(), 40192);
    assert_eq!(g.generate_u32(), 82968716);
    assert_eq!(g.generate_u64(), 9350674883953291501);
    assert_eq!(g.generate_u128(), 124564853614253470241657677361838133006);
    assert_eq!(
        g.generate_u256(),
        35675145440440320197905182072526421461465500657065652802279081477115976653683,
    );
    assert_eq!(g.generate_bool(), false);
    assert_eq!(g.generate_u8_in_range(5, 5), 5);
    assert_eq!(g.generate_u8_in_range(1, 6), 5);
    assert_eq!(g.generate_u16_in_range(10, 1000), 199);
    assert_eq!(g.generate_u32_in_range(0, std::u32::max_value!()), 732431606);
    assert_eq!(g.generate_u64_in_range(0, std::u64::max_value!()), 16076395730017382253);
    assert_eq!(
        g.generate_u128_in_range(0, std::u128::max_value!()),
        303911672736962895401847624435174126561,
    );
    let mut v = vector[0u8, 1, 2, 3, 4, 5, 6, 7, 8, 9];
    g.shuffle(&mut v);
    assert_eq!(v, vector[7, 8, 6, 4, 2, 1, 9, 0, 5, 3]);
    assert_eq!(g.generator_counter(), 9);
    assert_eq!(g.generator_buffer().length(), 23);
    assert_eq!(*g.generator_seed(), b"seed");
    let mut none = vector<u8>[];
    g.shuffle(&mut none);
    assert_eq!(g.generate_bytes(0), vector[]);
}

#[test, expected_failure(abort_code = 3, location = sui::random)]
fun a_range_does_not_end_before_it_begins() { seeded().generate_u8_in_range(2, 1); }

#[test, expected_failure(abort_code = 4, location = sui::random)]
fun a_shuffle_has_a_limit() {
    let mut v = vector::tabulate!(65_536, |_| false);
    seeded().shuffle(&mut v);
}

#[test]
fun generators_of_one_round_differ() {
    let mut scenario = ts::begin(@0x0);
    random::create_for_testing(scenario.ctx());
    scenario.next_tx(@0x0);
    let mut r: Random = scenario.take_shared();
    r.update_randomness_state_for_testing(0, x"0707", scenario.ctx());
    r.update_randomness_state_for_testing(1, x"0708", scenario.ctx());
    let one = r.new_generator(scenario.ctx());
    let two = r.new_generator(scenario.ctx());
    assert!(one.generator_seed() != two.generator_seed());
    assert_eq!(one.generator_seed().length(), 32);
    ts::return_shared(r);
    scenario.end();
    random::new_generator_for_testing();
}

#[test, expected_failure(abort_code = 2, location = sui::random)]
fun rounds_follow_one_another() {
    let mut scenario = ts::begin(@0x0);
    random::create_for_testing(scenario.ctx());
    scenario.next_tx(@0x0);
    let mut r: Random = scenario.take_shared();
    r.update_randomness_state_for_testing(1, x"07", scenario.ctx());
    abort
}

#[test, expected_failure(abort_code = 0, location = sui::random)]
fun only_the_system_makes_randomness() {
    let mut scenario = ts::begin(@0xA);
    random::create_for_testing(scenario.ctx());
    abort
}

#[test]
fun scenarios_have_the_objects_of_the_system() {
    let mut scenario = ts::begin(@0xA);
    scenario.create_system_objects();
    assert_eq!(scenario.sender(), @0xA);
    let clock: sui::clock::Clock = scenario.take_shared();
    let r: Random = scenario.take_shared();
    assert_eq!(object::id_address(&r), @0x8);
    ts::return_shared(clock);
    ts::return_shared(r);
    scenario.end();
}
