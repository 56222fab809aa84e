/// A guard for stakers: a transaction ends where the terms became worse than those that its sender has seen.
module daas::terms;

use daas::cluster::Cluster;

/// A stake of this kind is locked for longer than the sender accepts.
/// Next: look at the cluster's terms again, and stake again if they suit.
const E_LOCKED_LONGER: u64 = 1;
/// Unbonding takes longer than the sender accepts.
/// Next: look at the cluster's terms again, and stake again if they suit.
const E_UNBONDING_LONGER: u64 = 2;
/// A slash takes a larger share than the sender accepts.
/// Next: look at the cluster's terms again, and stake again if they suit.
const E_SLASHED_MORE: u64 = 3;

/// Aborts where stakes of a kind (0 node, 1 user, 2 administrator) are locked for longer, unbond for longer or are
/// slashed by more than this. To be called before the stake in the same transaction: an administrator may change the
/// terms while it is under way, and a lock is for good.
public fun assert_terms(
    cluster: &Cluster,
    stake_type: u8,
    max_lock_ms: u64,
    max_unbonding_ms: u64,
    max_slash_bps: u64,
) {
    cluster.assert_version();
    let settings = cluster.settings();
    assert!(settings.lock_ms(stake_type) <= max_lock_ms, E_LOCKED_LONGER);
    assert!(settings.unbonding_ms() <= max_unbonding_ms, E_UNBONDING_LONGER);
    assert!(settings.slash_bps() <= max_slash_bps, E_SLASHED_MORE);
}
