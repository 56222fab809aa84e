/**************************************************************
 * THIS FILE IS GENERATED AND SHOULD NOT BE MANUALLY MODIFIED *
 **************************************************************/


/** What the administrator of a cluster can set, each act an event. */

import { type Transaction } from '@mysten/sui/transactions';
import { normalizeMoveArguments, type RawTransactionArgument } from '../utils/index.ts';
export interface SetMinimumsArguments {
    cluster: RawTransactionArgument<string>;
    cap: RawTransactionArgument<string>;
    minStake: RawTransactionArgument<Array<number | bigint>>;
    lockMs: RawTransactionArgument<Array<number | bigint>>;
    writeMinStake: RawTransactionArgument<number | bigint>;
}
export interface SetMinimumsOptions {
    package?: string;
    arguments: SetMinimumsArguments | [
        cluster: RawTransactionArgument<string>,
        cap: RawTransactionArgument<string>,
        minStake: RawTransactionArgument<Array<number | bigint>>,
        lockMs: RawTransactionArgument<Array<number | bigint>>,
        writeMinStake: RawTransactionArgument<number | bigint>
    ];
}
/**
 * Sets the least stakes (node, user, administrator), how long they are locked, and
 * what writing needs.
 */
export function setMinimums(options: SetMinimumsOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null,
        null,
        'vector<u64>',
        'vector<u64>',
        'u64'
    ] satisfies (string | null)[];
    const parameterNames = ["cluster", "cap", "minStake", "lockMs", "writeMinStake"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'administration',
        function: 'set_minimums',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}
export interface SetVerbMinimumArguments {
    cluster: RawTransactionArgument<string>;
    cap: RawTransactionArgument<string>;
    verb: RawTransactionArgument<string>;
    minStake: RawTransactionArgument<number | bigint>;
}
export interface SetVerbMinimumOptions {
    package?: string;
    arguments: SetVerbMinimumArguments | [
        cluster: RawTransactionArgument<string>,
        cap: RawTransactionArgument<string>,
        verb: RawTransactionArgument<string>,
        minStake: RawTransactionArgument<number | bigint>
    ];
}
/** Sets what a single verb needs, beside the other minimums; 0 takes that back. */
export function setVerbMinimum(options: SetVerbMinimumOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null,
        null,
        '0x1::string::String',
        'u64'
    ] satisfies (string | null)[];
    const parameterNames = ["cluster", "cap", "verb", "minStake"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'administration',
        function: 'set_verb_minimum',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}
export interface SetUnbondingArguments {
    cluster: RawTransactionArgument<string>;
    cap: RawTransactionArgument<string>;
    unbondingMs: RawTransactionArgument<number | bigint>;
}
export interface SetUnbondingOptions {
    package?: string;
    arguments: SetUnbondingArguments | [
        cluster: RawTransactionArgument<string>,
        cap: RawTransactionArgument<string>,
        unbondingMs: RawTransactionArgument<number | bigint>
    ];
}
/** Sets how long a stake stays after `request_unstake`, at most 30 days. */
export function setUnbonding(options: SetUnbondingOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null,
        null,
        'u64'
    ] satisfies (string | null)[];
    const parameterNames = ["cluster", "cap", "unbondingMs"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'administration',
        function: 'set_unbonding',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}
export interface SetSlashBpsArguments {
    cluster: RawTransactionArgument<string>;
    cap: RawTransactionArgument<string>;
    slashBps: RawTransactionArgument<number | bigint>;
}
export interface SetSlashBpsOptions {
    package?: string;
    arguments: SetSlashBpsArguments | [
        cluster: RawTransactionArgument<string>,
        cap: RawTransactionArgument<string>,
        slashBps: RawTransactionArgument<number | bigint>
    ];
}
/** Sets the share of a stake that a slash takes, in 1/10000. */
export function setSlashBps(options: SetSlashBpsOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null,
        null,
        'u64'
    ] satisfies (string | null)[];
    const parameterNames = ["cluster", "cap", "slashBps"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'administration',
        function: 'set_slash_bps',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}
export interface SetTreasuryArguments {
    cluster: RawTransactionArgument<string>;
    cap: RawTransactionArgument<string>;
    treasury: RawTransactionArgument<string>;
}
export interface SetTreasuryOptions {
    package?: string;
    arguments: SetTreasuryArguments | [
        cluster: RawTransactionArgument<string>,
        cap: RawTransactionArgument<string>,
        treasury: RawTransactionArgument<string>
    ];
}
/** Sets who gets what is slashed. */
export function setTreasury(options: SetTreasuryOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null,
        null,
        'address'
    ] satisfies (string | null)[];
    const parameterNames = ["cluster", "cap", "treasury"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'administration',
        function: 'set_treasury',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}
export interface SetTiersArguments {
    cluster: RawTransactionArgument<string>;
    cap: RawTransactionArgument<string>;
    minStakes: RawTransactionArgument<Array<number | bigint>>;
    permissions: RawTransactionArgument<Array<Array<string>>>;
}
export interface SetTiersOptions {
    package?: string;
    arguments: SetTiersArguments | [
        cluster: RawTransactionArgument<string>,
        cap: RawTransactionArgument<string>,
        minStakes: RawTransactionArgument<Array<number | bigint>>,
        permissions: RawTransactionArgument<Array<Array<string>>>
    ];
}
/**
 * Sets the tiers: `permissions[i]` are for stakes of at least `min_stakes[i]`.
 * Ascending.
 */
export function setTiers(options: SetTiersOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null,
        null,
        'vector<u64>',
        'vector<vector<0x1::string::String>>'
    ] satisfies (string | null)[];
    const parameterNames = ["cluster", "cap", "minStakes", "permissions"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'administration',
        function: 'set_tiers',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}
export interface SetTtlsArguments {
    cluster: RawTransactionArgument<string>;
    cap: RawTransactionArgument<string>;
    requestTtlMs: RawTransactionArgument<Array<number | bigint>>;
    responseTtlMs: RawTransactionArgument<Array<number | bigint>>;
    maxSealTtlMs: RawTransactionArgument<number | bigint>;
    maxEnvelopeBytes: RawTransactionArgument<number | bigint>;
}
export interface SetTtlsOptions {
    package?: string;
    arguments: SetTtlsArguments | [
        cluster: RawTransactionArgument<string>,
        cap: RawTransactionArgument<string>,
        requestTtlMs: RawTransactionArgument<Array<number | bigint>>,
        responseTtlMs: RawTransactionArgument<Array<number | bigint>>,
        maxSealTtlMs: RawTransactionArgument<number | bigint>,
        maxEnvelopeBytes: RawTransactionArgument<number | bigint>
    ];
}
/**
 * Sets how long requests, answers and seals live, and how large an envelope may
 * be.
 */
export function setTtls(options: SetTtlsOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null,
        null,
        'vector<u64>',
        'vector<u64>',
        'u64',
        'u64'
    ] satisfies (string | null)[];
    const parameterNames = ["cluster", "cap", "requestTtlMs", "responseTtlMs", "maxSealTtlMs", "maxEnvelopeBytes"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'administration',
        function: 'set_ttls',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}
export interface SetKeyOverlapArguments {
    cluster: RawTransactionArgument<string>;
    cap: RawTransactionArgument<string>;
    keyOverlapMs: RawTransactionArgument<number | bigint>;
}
export interface SetKeyOverlapOptions {
    package?: string;
    arguments: SetKeyOverlapArguments | [
        cluster: RawTransactionArgument<string>,
        cap: RawTransactionArgument<string>,
        keyOverlapMs: RawTransactionArgument<number | bigint>
    ];
}
/** Sets how long the listener's previous keys stay good after new ones. */
export function setKeyOverlap(options: SetKeyOverlapOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null,
        null,
        'u64'
    ] satisfies (string | null)[];
    const parameterNames = ["cluster", "cap", "keyOverlapMs"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'administration',
        function: 'set_key_overlap',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}
export interface SetPausedArguments {
    cluster: RawTransactionArgument<string>;
    cap: RawTransactionArgument<string>;
    paused: RawTransactionArgument<boolean>;
}
export interface SetPausedOptions {
    package?: string;
    arguments: SetPausedArguments | [
        cluster: RawTransactionArgument<string>,
        cap: RawTransactionArgument<string>,
        paused: RawTransactionArgument<boolean>
    ];
}
/**
 * Pauses the cluster or opens it again. Slashing and withdrawing go on while it is
 * paused.
 */
export function setPaused(options: SetPausedOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null,
        null,
        'bool'
    ] satisfies (string | null)[];
    const parameterNames = ["cluster", "cap", "paused"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'administration',
        function: 'set_paused',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}
export interface RevokeSealsBeforeArguments {
    cluster: RawTransactionArgument<string>;
    cap: RawTransactionArgument<string>;
    atMs: RawTransactionArgument<number | bigint>;
}
export interface RevokeSealsBeforeOptions {
    package?: string;
    arguments: RevokeSealsBeforeArguments | [
        cluster: RawTransactionArgument<string>,
        cap: RawTransactionArgument<string>,
        atMs: RawTransactionArgument<number | bigint>
    ];
}
/**
 * Revokes all seals that were made before a time, for good; their owners make new
 * ones.
 */
export function revokeSealsBefore(options: RevokeSealsBeforeOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null,
        null,
        'u64',
        '0x2::clock::Clock'
    ] satisfies (string | null)[];
    const parameterNames = ["cluster", "cap", "atMs"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'administration',
        function: 'revoke_seals_before',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}