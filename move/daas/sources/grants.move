/// Grants: what an administrator allows an address without a stake.
module daas::grants;

use daas::cluster::{AdminCap, Cluster};
use daas::text;
use std::string::String;
use sui::clock::Clock;
use sui::event;

/// The grant belongs to another cluster.
/// Next: name the cluster of the grant.
const E_WRONG_CLUSTER: u64 = 1;
/// The permissions are none, more than 64, or one is not `verb:resource`.
/// Next: write them as get:pods, *:apps/deployments or *:*.
const E_INVALID_PERMISSIONS: u64 = 2;
/// The namespaces are none, more than 64, or one is neither `*` nor a DNS label.
/// Next: name the namespaces, or give * for all of them and for what has no namespace.
const E_INVALID_NAMESPACES: u64 = 3;
/// The grant would be over already.
/// Next: give a time in the future.
const E_ALREADY_OVER: u64 = 4;
/// The grant is revoked already.
/// Next: nothing is left to do.
const E_ALREADY_REVOKED: u64 = 5;
/// The grant is not over yet.
/// Next: prune it after its expiry; a revoked grant stays until then, so that its user is told.
const E_NOT_OVER: u64 = 6;

const MAX_PERMISSIONS: u64 = 64;
const MAX_NAMESPACES: u64 = 64;

/// What one address may do in one cluster. Shared, one for each grant, so that no object is everyone's: a command
/// only reads it, a revocation writes it.
public struct UserPermission has key {
    id: UID,
    cluster: ID,
    user: address,
    /// `verb:resource`.
    permissions: vector<String>,
    /// Names, or `*` for all and for what has none.
    namespaces: vector<String>,
    granted_at_ms: u64,
    expires_at_ms: u64,
    revoked: bool,
}

/// How a wallet finds its grants. Owned by the user, for good.
public struct GrantTicket has key {
    id: UID,
    grant: ID,
    cluster: ID,
}

/// An administrator allowed an address something.
public struct PermissionGranted has copy, drop {
    grant: ID,
    cluster: ID,
    user: address,
    permissions: vector<String>,
    namespaces: vector<String>,
    granted_at_ms: u64,
    expires_at_ms: u64,
}

/// An administrator took a grant back.
public struct PermissionRevoked has copy, drop {
    grant: ID,
    cluster: ID,
    user: address,
}

/// A grant that was over is deleted.
public struct PermissionPruned has copy, drop {
    grant: ID,
    cluster: ID,
}

/// A user threw the ticket of a grant away.
public struct TicketDiscarded has copy, drop {
    grant: ID,
    cluster: ID,
}

/// Allows an address what is in `permissions`, in `namespaces`, until `expires_at_ms`. The user gets a ticket.
public fun grant_permission(
    cluster: &Cluster,
    cap: &AdminCap,
    user: address,
    permissions: vector<String>,
    namespaces: vector<String>,
    expires_at_ms: u64,
    clock: &Clock,
    ctx: &mut TxContext,
) {
    cluster.assert_admin(cap);
    assert!(!permissions.is_empty() && permissions.length() <= MAX_PERMISSIONS, E_INVALID_PERMISSIONS);
    assert!(permissions.all!(|permission| text::is_permission(permission)), E_INVALID_PERMISSIONS);
    assert!(!namespaces.is_empty() && namespaces.length() <= MAX_NAMESPACES, E_INVALID_NAMESPACES);
    assert!(namespaces.all!(|name| is_star(name) || text::is_dns_label(name)), E_INVALID_NAMESPACES);
    let now = clock.timestamp_ms();
    assert!(expires_at_ms > now, E_ALREADY_OVER);
    let grant = UserPermission {
        id: object::new(ctx),
        cluster: object::id(cluster),
        user,
        permissions,
        namespaces,
        granted_at_ms: now,
        expires_at_ms,
        revoked: false,
    };
    let id = object::id(&grant);
    transfer::transfer(GrantTicket { id: object::new(ctx), grant: id, cluster: grant.cluster }, user);
    event::emit(PermissionGranted {
        grant: id,
        cluster: grant.cluster,
        user,
        permissions,
        namespaces,
        granted_at_ms: now,
        expires_at_ms,
    });
    transfer::share_object(grant);
}

/// Takes a grant back, at once: seals of it are refused from this transaction on.
public fun revoke_permission(cluster: &Cluster, cap: &AdminCap, grant: &mut UserPermission) {
    cluster.assert_admin(cap);
    grant.assert_cluster(cluster);
    assert!(!grant.revoked, E_ALREADY_REVOKED);
    grant.revoked = true;
    event::emit(PermissionRevoked { grant: object::id(grant), cluster: grant.cluster, user: grant.user });
}

/// Deletes a grant that is over. Anyone may; who does gets the storage rebate.
public fun prune(grant: UserPermission, clock: &Clock) {
    assert!(clock.timestamp_ms() >= grant.expires_at_ms, E_NOT_OVER);
    let UserPermission { id, cluster, .. } = grant;
    event::emit(PermissionPruned { grant: id.to_inner(), cluster });
    id.delete();
}

/// The user throws a ticket away.
public fun discard_ticket(ticket: GrantTicket) {
    let GrantTicket { id, grant, cluster } = ticket;
    event::emit(TicketDiscarded { grant, cluster });
    id.delete();
}

/// Aborts unless the grant is of this cluster, and the cluster of this version of the package.
public fun assert_cluster(grant: &UserPermission, cluster: &Cluster) {
    cluster.assert_version();
    assert!(grant.cluster == object::id(cluster), E_WRONG_CLUSTER);
}

/// Whether the grant holds: neither revoked nor over.
public fun is_live(grant: &UserPermission, clock: &Clock): bool {
    !grant.revoked && clock.timestamp_ms() < grant.expires_at_ms
}

/// Whether the grant allows a verb on a resource in a namespace. What has no namespace is allowed by `*` only, but
/// for discovery (`get` of a path), which every grant allows.
public fun allows(grant: &UserPermission, verb: &String, resource: &String, namespace: &String): bool {
    let in_scope = grant.namespaces.any!(|name| is_star(name) || (!namespace.is_empty() && name == namespace));
    let covered = in_scope && grant.permissions.any!(|permission| text::covers(permission, verb, resource));
    covered || text::is_discovery(verb, resource, namespace)
}

/// The cluster.
public fun cluster(grant: &UserPermission): ID { grant.cluster }
/// To whom it was given.
public fun user(grant: &UserPermission): address { grant.user }
/// `verb:resource`.
public fun permissions(grant: &UserPermission): vector<String> { grant.permissions }
/// Names, or `*`.
public fun namespaces(grant: &UserPermission): vector<String> { grant.namespaces }
/// ms since 1970.
public fun granted_at_ms(grant: &UserPermission): u64 { grant.granted_at_ms }
/// ms since 1970.
public fun expires_at_ms(grant: &UserPermission): u64 { grant.expires_at_ms }
/// Whether it was taken back.
public fun is_revoked(grant: &UserPermission): bool { grant.revoked }
/// The grant that a ticket is for.
public fun ticket_grant(ticket: &GrantTicket): ID { ticket.grant }

fun is_star(text: &String): bool { text == &b"*".to_string() }
