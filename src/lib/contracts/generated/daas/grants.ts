/**************************************************************
 * THIS FILE IS GENERATED AND SHOULD NOT BE MANUALLY MODIFIED *
 **************************************************************/


/** Grants: what an administrator allows an address without a stake. */

import { MoveStruct, normalizeMoveArguments, type RawTransactionArgument } from '../utils/index.ts';
import { bcs } from '@mysten/sui/bcs';
import { type Transaction } from '@mysten/sui/transactions';
const $moduleName = '@local-pkg/daas::grants';
export const UserPermission = new MoveStruct({ name: `${$moduleName}::UserPermission`, fields: {
        id: bcs.Address,
        cluster: bcs.Address,
        user: bcs.Address,
        /** `verb:resource`. */
        permissions: bcs.vector(bcs.string()),
        /** Names, or `*` for all and for what has none. */
        namespaces: bcs.vector(bcs.string()),
        granted_at_ms: bcs.u64(),
        expires_at_ms: bcs.u64(),
        revoked: bcs.bool()
    } });
export const GrantTicket = new MoveStruct({ name: `${$moduleName}::GrantTicket`, fields: {
        id: bcs.Address,
        grant: bcs.Address,
        cluster: bcs.Address
    } });
export const PermissionGranted = new MoveStruct({ name: `${$moduleName}::PermissionGranted`, fields: {
        grant: bcs.Address,
        cluster: bcs.Address,
        user: bcs.Address,
        permissions: bcs.vector(bcs.string()),
        namespaces: bcs.vector(bcs.string()),
        granted_at_ms: bcs.u64(),
        expires_at_ms: bcs.u64()
    } });
export const PermissionRevoked = new MoveStruct({ name: `${$moduleName}::PermissionRevoked`, fields: {
        grant: bcs.Address,
        cluster: bcs.Address,
        user: bcs.Address
    } });
export const PermissionPruned = new MoveStruct({ name: `${$moduleName}::PermissionPruned`, fields: {
        grant: bcs.Address,
        cluster: bcs.Address
    } });
export const TicketDiscarded = new MoveStruct({ name: `${$moduleName}::TicketDiscarded`, fields: {
        grant: bcs.Address,
        cluster: bcs.Address
    } });
export interface GrantPermissionArguments {
    cluster: RawTransactionArgument<string>;
    cap: RawTransactionArgument<string>;
    user: RawTransactionArgument<string>;
    permissions: RawTransactionArgument<Array<string>>;
    namespaces: RawTransactionArgument<Array<string>>;
    expiresAtMs: RawTransactionArgument<number | bigint>;
}
export interface GrantPermissionOptions {
    package?: string;
    arguments: GrantPermissionArguments | [
        cluster: RawTransactionArgument<string>,
        cap: RawTransactionArgument<string>,
        user: RawTransactionArgument<string>,
        permissions: RawTransactionArgument<Array<string>>,
        namespaces: RawTransactionArgument<Array<string>>,
        expiresAtMs: RawTransactionArgument<number | bigint>
    ];
}
/**
 * Allows an address what is in `permissions`, in `namespaces`, until
 * `expires_at_ms`. The user gets a ticket.
 */
export function grantPermission(options: GrantPermissionOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null,
        null,
        'address',
        'vector<0x1::string::String>',
        'vector<0x1::string::String>',
        'u64',
        '0x2::clock::Clock'
    ] satisfies (string | null)[];
    const parameterNames = ["cluster", "cap", "user", "permissions", "namespaces", "expiresAtMs"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'grants',
        function: 'grant_permission',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}
export interface RevokePermissionArguments {
    cluster: RawTransactionArgument<string>;
    cap: RawTransactionArgument<string>;
    grant: RawTransactionArgument<string>;
}
export interface RevokePermissionOptions {
    package?: string;
    arguments: RevokePermissionArguments | [
        cluster: RawTransactionArgument<string>,
        cap: RawTransactionArgument<string>,
        grant: RawTransactionArgument<string>
    ];
}
/** Takes a grant back, at once: seals of it are refused from this transaction on. */
export function revokePermission(options: RevokePermissionOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null,
        null,
        null
    ] satisfies (string | null)[];
    const parameterNames = ["cluster", "cap", "grant"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'grants',
        function: 'revoke_permission',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}
export interface PruneArguments {
    grant: RawTransactionArgument<string>;
}
export interface PruneOptions {
    package?: string;
    arguments: PruneArguments | [
        grant: RawTransactionArgument<string>
    ];
}
/** Deletes a grant that is over. Anyone may; who does gets the storage rebate. */
export function prune(options: PruneOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null,
        '0x2::clock::Clock'
    ] satisfies (string | null)[];
    const parameterNames = ["grant"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'grants',
        function: 'prune',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}
export interface DiscardTicketArguments {
    ticket: RawTransactionArgument<string>;
}
export interface DiscardTicketOptions {
    package?: string;
    arguments: DiscardTicketArguments | [
        ticket: RawTransactionArgument<string>
    ];
}
/** The user throws a ticket away. */
export function discardTicket(options: DiscardTicketOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null
    ] satisfies (string | null)[];
    const parameterNames = ["ticket"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'grants',
        function: 'discard_ticket',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}
export interface AssertClusterArguments {
    grant: RawTransactionArgument<string>;
    cluster: RawTransactionArgument<string>;
}
export interface AssertClusterOptions {
    package?: string;
    arguments: AssertClusterArguments | [
        grant: RawTransactionArgument<string>,
        cluster: RawTransactionArgument<string>
    ];
}
/**
 * Aborts unless the grant is of this cluster, and the cluster of this version of
 * the package.
 */
export function assertCluster(options: AssertClusterOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null,
        null
    ] satisfies (string | null)[];
    const parameterNames = ["grant", "cluster"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'grants',
        function: 'assert_cluster',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}
export interface IsLiveArguments {
    grant: RawTransactionArgument<string>;
}
export interface IsLiveOptions {
    package?: string;
    arguments: IsLiveArguments | [
        grant: RawTransactionArgument<string>
    ];
}
/** Whether the grant holds: neither revoked nor over. */
export function isLive(options: IsLiveOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null,
        '0x2::clock::Clock'
    ] satisfies (string | null)[];
    const parameterNames = ["grant"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'grants',
        function: 'is_live',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}
export interface AllowsArguments {
    grant: RawTransactionArgument<string>;
    verb: RawTransactionArgument<string>;
    resource: RawTransactionArgument<string>;
    namespace: RawTransactionArgument<string>;
}
export interface AllowsOptions {
    package?: string;
    arguments: AllowsArguments | [
        grant: RawTransactionArgument<string>,
        verb: RawTransactionArgument<string>,
        resource: RawTransactionArgument<string>,
        namespace: RawTransactionArgument<string>
    ];
}
/**
 * Whether the grant allows a verb on a resource in a namespace. What has no
 * namespace is allowed by `*` only, but for discovery (`get` of a path), which
 * every grant allows.
 */
export function allows(options: AllowsOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null,
        '0x1::string::String',
        '0x1::string::String',
        '0x1::string::String'
    ] satisfies (string | null)[];
    const parameterNames = ["grant", "verb", "resource", "namespace"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'grants',
        function: 'allows',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}
export interface ClusterArguments {
    grant: RawTransactionArgument<string>;
}
export interface ClusterOptions {
    package?: string;
    arguments: ClusterArguments | [
        grant: RawTransactionArgument<string>
    ];
}
/** The cluster. */
export function cluster(options: ClusterOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null
    ] satisfies (string | null)[];
    const parameterNames = ["grant"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'grants',
        function: 'cluster',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}
export interface UserArguments {
    grant: RawTransactionArgument<string>;
}
export interface UserOptions {
    package?: string;
    arguments: UserArguments | [
        grant: RawTransactionArgument<string>
    ];
}
/** To whom it was given. */
export function user(options: UserOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null
    ] satisfies (string | null)[];
    const parameterNames = ["grant"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'grants',
        function: 'user',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}
export interface PermissionsArguments {
    grant: RawTransactionArgument<string>;
}
export interface PermissionsOptions {
    package?: string;
    arguments: PermissionsArguments | [
        grant: RawTransactionArgument<string>
    ];
}
/** `verb:resource`. */
export function permissions(options: PermissionsOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null
    ] satisfies (string | null)[];
    const parameterNames = ["grant"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'grants',
        function: 'permissions',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}
export interface NamespacesArguments {
    grant: RawTransactionArgument<string>;
}
export interface NamespacesOptions {
    package?: string;
    arguments: NamespacesArguments | [
        grant: RawTransactionArgument<string>
    ];
}
/** Names, or `*`. */
export function namespaces(options: NamespacesOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null
    ] satisfies (string | null)[];
    const parameterNames = ["grant"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'grants',
        function: 'namespaces',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}
export interface GrantedAtMsArguments {
    grant: RawTransactionArgument<string>;
}
export interface GrantedAtMsOptions {
    package?: string;
    arguments: GrantedAtMsArguments | [
        grant: RawTransactionArgument<string>
    ];
}
/** ms since 1970. */
export function grantedAtMs(options: GrantedAtMsOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null
    ] satisfies (string | null)[];
    const parameterNames = ["grant"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'grants',
        function: 'granted_at_ms',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}
export interface ExpiresAtMsArguments {
    grant: RawTransactionArgument<string>;
}
export interface ExpiresAtMsOptions {
    package?: string;
    arguments: ExpiresAtMsArguments | [
        grant: RawTransactionArgument<string>
    ];
}
/** ms since 1970. */
export function expiresAtMs(options: ExpiresAtMsOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null
    ] satisfies (string | null)[];
    const parameterNames = ["grant"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'grants',
        function: 'expires_at_ms',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}
export interface IsRevokedArguments {
    grant: RawTransactionArgument<string>;
}
export interface IsRevokedOptions {
    package?: string;
    arguments: IsRevokedArguments | [
        grant: RawTransactionArgument<string>
    ];
}
/** Whether it was taken back. */
export function isRevoked(options: IsRevokedOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null
    ] satisfies (string | null)[];
    const parameterNames = ["grant"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'grants',
        function: 'is_revoked',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}
export interface TicketGrantArguments {
    ticket: RawTransactionArgument<string>;
}
export interface TicketGrantOptions {
    package?: string;
    arguments: TicketGrantArguments | [
        ticket: RawTransactionArgument<string>
    ];
}
/** The grant that a ticket is for. */
export function ticketGrant(options: TicketGrantOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null
    ] satisfies (string | null)[];
    const parameterNames = ["ticket"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'grants',
        function: 'ticket_grant',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}