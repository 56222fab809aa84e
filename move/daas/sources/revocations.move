/// Seals that an administrator revoked one by one: a list that stays bounded and never revives a seal.
module daas::revocations;

use daas::settings::Settings;

const MAX_SEALS: u64 = 256;

/// A seal that was revoked.
public struct Revocation has copy, drop, store {
    seal: ID,
    revoked_at_ms: u64,
    /// From then on the seal is past its end, whenever it was made: none lives longer.
    until_ms: u64,
}

/// The list.
public struct Revocations has store {
    entries: vector<Revocation>,
}

/// Nothing is revoked.
public(package) fun none(): Revocations {
    Revocations { entries: vector[] }
}

/// Whether a seal is on the list.
public(package) fun contains(list: &Revocations, seal: &ID): bool {
    list.entries.any!(|entry| &entry.seal == seal)
}

/// Whether one more would be too many.
public(package) fun is_full(list: &Revocations): bool { list.entries.length() >= MAX_SEALS }

/// Takes off a full list all seals that are past their end, or revoked anyway because all as old are; returns them.
public(package) fun make_room(list: &mut Revocations, settings: &Settings, now_ms: u64): vector<ID> {
    if (!list.is_full()) return vector[];
    let over = list.entries.filter!(|entry| entry.is_over(settings, now_ms));
    list.entries = list.entries.filter!(|entry| !entry.is_over(settings, now_ms));
    over.map!(|entry| entry.seal)
}

/// Puts a seal on the list; returns until when it must stay there.
public(package) fun add(list: &mut Revocations, settings: &Settings, seal: ID, revoked_at_ms: u64): u64 {
    let until_ms = revoked_at_ms + settings.longest_seal_ttl_ms();
    list.entries.push_back(Revocation { seal, revoked_at_ms, until_ms });
    until_ms
}

/// Takes a seal off the list if it is past its end, or revoked anyway; otherwise returns false.
public(package) fun forget(list: &mut Revocations, settings: &Settings, seal: &ID, now_ms: u64): bool {
    let at = list.entries.find_index!(|entry| &entry.seal == seal).destroy_some();
    if (!list.entries[at].is_over(settings, now_ms)) return false;
    list.entries.remove(at);
    true
}

fun is_over(entry: &Revocation, settings: &Settings, now_ms: u64): bool {
    now_ms >= entry.until_ms || entry.revoked_at_ms < settings.seals_valid_from_ms()
}
