#[test_only]
/// The order in which a command is judged: of two faults the earlier one is told. Every pair of them, each way in.
module daas::stages_tests;

use daas::administration;
use daas::k8s_gateway;
use daas::world::{Self, World};

use fun daas::world_gateway::execute_with as World.execute_with;
use fun daas::world_seals::seal_user as World.seal_user;

const ALICE: address = @0xA;
const HOUR: u64 = 3_600_000;

const PAUSED: u64 = 1;
const REVOKED: u64 = 2;
const EXPIRED: u64 = 4;
const STAKE: u64 = 8;
const TARGET: u64 = 16;
const PERMISSION: u64 = 32;
const ENVELOPE: u64 = 64;
const PRIORITY: u64 = 128;
const REQUEST_ID: u64 = 256;
const DUPLICATE: u64 = 512;

fun has(faults: u64, fault: u64): bool { faults & fault != 0 }

/// A command of Alice's that is right but for these faults.
fun command(faults: u64) {
    let mut w = world::begin();
    w.sender(ALICE);
    let stake = w.stake_user(5 * world::sui());
    let seal = w.seal_user(stake, world::hash(), HOUR);
    if (faults.has(DUPLICATE)) w.ask(seal, stake, 0);
    if (faults.has(STAKE)) w.request_unstake(stake);
    if (faults.has(REVOKED)) w.revoke_by_admin(seal);
    if (faults.has(EXPIRED)) w.advance(HOUR);
    if (faults.has(PAUSED)) w.administrate!(|cluster, cap| administration::set_paused(cluster, cap, true));
    w.ask(seal, stake, faults);
    w.end();
}

fun ask(w: &mut World, seal: ID, stake: ID, faults: u64) {
    let id = world::bytes(if (faults.has(REQUEST_ID)) 15 else 16);
    let verb = if (faults.has(TARGET)) b"DELETE" else if (faults.has(PERMISSION)) b"delete" else b"get";
    let resource = if (faults.has(PERMISSION)) b"secrets" else b"pods";
    let envelope = if (faults.has(ENVELOPE)) vector[] else vector[b"sealed"];
    let priority = if (faults.has(PRIORITY)) 4 else 0;
    w.execute_with(ALICE, seal, stake, id, verb, resource, b"default", envelope, priority);
}

use fun has as u64.has;
use fun ask as World.ask;

#[test]
fun a_command_without_faults() { command(0) }

#[test, expected_failure(abort_code = daas::cluster::E_PAUSED)]
fun paused_alone() { command(PAUSED) }

#[test, expected_failure(abort_code = k8s_gateway::ERROR_INVALID_SEAL)]
fun revoked_alone() { command(REVOKED) }

#[test, expected_failure(abort_code = k8s_gateway::ERROR_SEAL_EXPIRED)]
fun expired_alone() { command(EXPIRED) }

#[test, expected_failure(abort_code = k8s_gateway::ERROR_INSUFFICIENT_STAKE)]
fun stake_alone() { command(STAKE) }

#[test, expected_failure(abort_code = k8s_gateway::ERROR_INVALID_TARGET)]
fun target_alone() { command(TARGET) }

#[test, expected_failure(abort_code = k8s_gateway::ERROR_NO_PERMISSION)]
fun permission_alone() { command(PERMISSION) }

#[test, expected_failure(abort_code = k8s_gateway::ERROR_INVALID_ENVELOPE)]
fun envelope_alone() { command(ENVELOPE) }

#[test, expected_failure(abort_code = k8s_gateway::ERROR_INVALID_PRIORITY)]
fun priority_alone() { command(PRIORITY) }

#[test, expected_failure(abort_code = k8s_gateway::ERROR_INVALID_REQUEST_ID)]
fun id_alone() { command(REQUEST_ID) }

#[test, expected_failure(abort_code = k8s_gateway::ERROR_DUPLICATE_REQUEST)]
fun duplicate_alone() { command(DUPLICATE) }

#[test, expected_failure(abort_code = daas::cluster::E_PAUSED)]
fun paused_before_revoked() { command(PAUSED | REVOKED) }

#[test, expected_failure(abort_code = daas::cluster::E_PAUSED)]
fun paused_before_expired() { command(PAUSED | EXPIRED) }

#[test, expected_failure(abort_code = daas::cluster::E_PAUSED)]
fun paused_before_stake() { command(PAUSED | STAKE) }

#[test, expected_failure(abort_code = daas::cluster::E_PAUSED)]
fun paused_before_target() { command(PAUSED | TARGET) }

#[test, expected_failure(abort_code = daas::cluster::E_PAUSED)]
fun paused_before_permission() { command(PAUSED | PERMISSION) }

#[test, expected_failure(abort_code = daas::cluster::E_PAUSED)]
fun paused_before_envelope() { command(PAUSED | ENVELOPE) }

#[test, expected_failure(abort_code = daas::cluster::E_PAUSED)]
fun paused_before_priority() { command(PAUSED | PRIORITY) }

#[test, expected_failure(abort_code = daas::cluster::E_PAUSED)]
fun paused_before_id() { command(PAUSED | REQUEST_ID) }

#[test, expected_failure(abort_code = daas::cluster::E_PAUSED)]
fun paused_before_duplicate() { command(PAUSED | DUPLICATE) }

#[test, expected_failure(abort_code = k8s_gateway::ERROR_INVALID_SEAL)]
fun revoked_before_expired() { command(REVOKED | EXPIRED) }

#[test, expected_failure(abort_code = k8s_gateway::ERROR_INVALID_SEAL)]
fun revoked_before_stake() { command(REVOKED | STAKE) }

#[test, expected_failure(abort_code = k8s_gateway::ERROR_INVALID_SEAL)]
fun revoked_before_target() { command(REVOKED | TARGET) }

#[test, expected_failure(abort_code = k8s_gateway::ERROR_INVALID_SEAL)]
fun revoked_before_permission() { command(REVOKED | PERMISSION) }

#[test, expected_failure(abort_code = k8s_gateway::ERROR_INVALID_SEAL)]
fun revoked_before_envelope() { command(REVOKED | ENVELOPE) }

#[test, expected_failure(abort_code = k8s_gateway::ERROR_INVALID_SEAL)]
fun revoked_before_priority() { command(REVOKED | PRIORITY) }

#[test, expected_failure(abort_code = k8s_gateway::ERROR_INVALID_SEAL)]
fun revoked_before_id() { command(REVOKED | REQUEST_ID) }

#[test, expected_failure(abort_code = k8s_gateway::ERROR_INVALID_SEAL)]
fun revoked_before_duplicate() { command(REVOKED | DUPLICATE) }

#[test, expected_failure(abort_code = k8s_gateway::ERROR_SEAL_EXPIRED)]
fun expired_before_stake() { command(EXPIRED | STAKE) }

#[test, expected_failure(abort_code = k8s_gateway::ERROR_SEAL_EXPIRED)]
fun expired_before_target() { command(EXPIRED | TARGET) }

#[test, expected_failure(abort_code = k8s_gateway::ERROR_SEAL_EXPIRED)]
fun expired_before_permission() { command(EXPIRED | PERMISSION) }

#[test, expected_failure(abort_code = k8s_gateway::ERROR_SEAL_EXPIRED)]
fun expired_before_envelope() { command(EXPIRED | ENVELOPE) }

#[test, expected_failure(abort_code = k8s_gateway::ERROR_SEAL_EXPIRED)]
fun expired_before_priority() { command(EXPIRED | PRIORITY) }

#[test, expected_failure(abort_code = k8s_gateway::ERROR_SEAL_EXPIRED)]
fun expired_before_id() { command(EXPIRED | REQUEST_ID) }

#[test, expected_failure(abort_code = k8s_gateway::ERROR_SEAL_EXPIRED)]
fun expired_before_duplicate() { command(EXPIRED | DUPLICATE) }

#[test, expected_failure(abort_code = k8s_gateway::ERROR_INSUFFICIENT_STAKE)]
fun stake_before_target() { command(STAKE | TARGET) }

#[test, expected_failure(abort_code = k8s_gateway::ERROR_INSUFFICIENT_STAKE)]
fun stake_before_permission() { command(STAKE | PERMISSION) }

#[test, expected_failure(abort_code = k8s_gateway::ERROR_INSUFFICIENT_STAKE)]
fun stake_before_envelope() { command(STAKE | ENVELOPE) }

#[test, expected_failure(abort_code = k8s_gateway::ERROR_INSUFFICIENT_STAKE)]
fun stake_before_priority() { command(STAKE | PRIORITY) }

#[test, expected_failure(abort_code = k8s_gateway::ERROR_INSUFFICIENT_STAKE)]
fun stake_before_id() { command(STAKE | REQUEST_ID) }

#[test, expected_failure(abort_code = k8s_gateway::ERROR_INSUFFICIENT_STAKE)]
fun stake_before_duplicate() { command(STAKE | DUPLICATE) }

#[test, expected_failure(abort_code = k8s_gateway::ERROR_INVALID_TARGET)]
fun target_before_permission() { command(TARGET | PERMISSION) }

#[test, expected_failure(abort_code = k8s_gateway::ERROR_INVALID_TARGET)]
fun target_before_envelope() { command(TARGET | ENVELOPE) }

#[test, expected_failure(abort_code = k8s_gateway::ERROR_INVALID_TARGET)]
fun target_before_priority() { command(TARGET | PRIORITY) }

#[test, expected_failure(abort_code = k8s_gateway::ERROR_INVALID_TARGET)]
fun target_before_id() { command(TARGET | REQUEST_ID) }

#[test, expected_failure(abort_code = k8s_gateway::ERROR_INVALID_TARGET)]
fun target_before_duplicate() { command(TARGET | DUPLICATE) }

#[test, expected_failure(abort_code = k8s_gateway::ERROR_NO_PERMISSION)]
fun permission_before_envelope() { command(PERMISSION | ENVELOPE) }

#[test, expected_failure(abort_code = k8s_gateway::ERROR_NO_PERMISSION)]
fun permission_before_priority() { command(PERMISSION | PRIORITY) }

#[test, expected_failure(abort_code = k8s_gateway::ERROR_NO_PERMISSION)]
fun permission_before_id() { command(PERMISSION | REQUEST_ID) }

#[test, expected_failure(abort_code = k8s_gateway::ERROR_NO_PERMISSION)]
fun permission_before_duplicate() { command(PERMISSION | DUPLICATE) }

#[test, expected_failure(abort_code = k8s_gateway::ERROR_INVALID_ENVELOPE)]
fun envelope_before_priority() { command(ENVELOPE | PRIORITY) }

#[test, expected_failure(abort_code = k8s_gateway::ERROR_INVALID_ENVELOPE)]
fun envelope_before_id() { command(ENVELOPE | REQUEST_ID) }

#[test, expected_failure(abort_code = k8s_gateway::ERROR_INVALID_ENVELOPE)]
fun envelope_before_duplicate() { command(ENVELOPE | DUPLICATE) }

#[test, expected_failure(abort_code = k8s_gateway::ERROR_INVALID_PRIORITY)]
fun priority_before_id() { command(PRIORITY | REQUEST_ID) }

#[test, expected_failure(abort_code = k8s_gateway::ERROR_INVALID_PRIORITY)]
fun priority_before_duplicate() { command(PRIORITY | DUPLICATE) }
