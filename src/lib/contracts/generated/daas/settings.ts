/**************************************************************
 * THIS FILE IS GENERATED AND SHOULD NOT BE MANUALLY MODIFIED *
 **************************************************************/


/** What the administrator of a cluster decides: minimums, locks, limits, tiers. */

import { MoveStruct, normalizeMoveArguments, type RawTransactionArgument } from '../utils/index.ts';
import { bcs } from '@mysten/sui/bcs';
import { type Transaction, type TransactionArgument } from '@mysten/sui/transactions';
import * as vec_map from './deps/0x2/vec_map.ts';
const $moduleName = '@local-pkg/daas::settings';
export const Tier = new MoveStruct({ name: `${$moduleName}::Tier`, fields: {
        min_stake: bcs.u64(),
        permissions: bcs.vector(bcs.string())
    } });
export const Settings = new MoveStruct({ name: `${$moduleName}::Settings`, fields: {
        /** MIST, for nodes, users, administrators. */
        min_stake: bcs.vector(bcs.u64()),
        /** ms, for nodes, users, administrators. */
        lock_ms: bcs.vector(bcs.u64()),
        /** ms from the wish to withdraw to the withdrawal; 0: none, and no wish is needed. */
        unbonding_ms: bcs.u64(),
        /** MIST that commands which write need. */
        write_min_stake: bcs.u64(),
        /** MIST that single verbs need, whatever else they need. */
        verb_min_stake: vec_map.VecMap(bcs.string(), bcs.u64()),
        /** Share of a stake that a slash takes, in 1/10000. */
        slash_bps: bcs.u64(),
        /** Who gets what is slashed. */
        treasury: bcs.Address,
        /** ms, by priority 0 (interactive), 1 (normal), 2 (low), 3 (batch). */
        request_ttl_ms: bcs.vector(bcs.u64()),
        /** ms that an answer is kept, by priority. */
        response_ttl_ms: bcs.vector(bcs.u64()),
        max_seal_ttl_ms: bcs.u64(),
        max_envelope_bytes: bcs.u64(),
        /** ms that the listener's previous key stays valid after a new one. */
        key_overlap_ms: bcs.u64(),
        /** Ascending by `min_stake`. */
        tiers: bcs.vector(Tier),
        /** Seals made before this are revoked; ms since 1970. */
        seals_valid_from_ms: bcs.u64(),
        /** The largest `max_seal_ttl_ms` so far: no seal lives longer from now on. */
        longest_seal_ttl_ms: bcs.u64(),
        paused: bcs.bool()
    } });
export interface MinStakeArguments {
    settings: TransactionArgument;
    kind: RawTransactionArgument<number>;
}
export interface MinStakeOptions {
    package?: string;
    arguments: MinStakeArguments | [
        settings: TransactionArgument,
        kind: RawTransactionArgument<number>
    ];
}
/** The least stake of a kind (0 node, 1 user, 2 administrator), MIST. */
export function minStake(options: MinStakeOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null,
        'u8'
    ] satisfies (string | null)[];
    const parameterNames = ["settings", "kind"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'settings',
        function: 'min_stake',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}
export interface LockMsArguments {
    settings: TransactionArgument;
    kind: RawTransactionArgument<number>;
}
export interface LockMsOptions {
    package?: string;
    arguments: LockMsArguments | [
        settings: TransactionArgument,
        kind: RawTransactionArgument<number>
    ];
}
/** How long a stake of a kind is locked, ms. */
export function lockMs(options: LockMsOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null,
        'u8'
    ] satisfies (string | null)[];
    const parameterNames = ["settings", "kind"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'settings',
        function: 'lock_ms',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}
export interface UnbondingMsArguments {
    settings: TransactionArgument;
}
export interface UnbondingMsOptions {
    package?: string;
    arguments: UnbondingMsArguments | [
        settings: TransactionArgument
    ];
}
/** How long unbonding takes, ms. */
export function unbondingMs(options: UnbondingMsOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null
    ] satisfies (string | null)[];
    const parameterNames = ["settings"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'settings',
        function: 'unbonding_ms',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}
export interface WriteMinStakeArguments {
    settings: TransactionArgument;
}
export interface WriteMinStakeOptions {
    package?: string;
    arguments: WriteMinStakeArguments | [
        settings: TransactionArgument
    ];
}
/** What commands that write need, MIST. */
export function writeMinStake(options: WriteMinStakeOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null
    ] satisfies (string | null)[];
    const parameterNames = ["settings"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'settings',
        function: 'write_min_stake',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}
export interface VerbMinStakeArguments {
    settings: TransactionArgument;
    verb: RawTransactionArgument<string>;
}
export interface VerbMinStakeOptions {
    package?: string;
    arguments: VerbMinStakeArguments | [
        settings: TransactionArgument,
        verb: RawTransactionArgument<string>
    ];
}
/** What a verb needs of its own, MIST; 0 for most. */
export function verbMinStake(options: VerbMinStakeOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null,
        '0x1::string::String'
    ] satisfies (string | null)[];
    const parameterNames = ["settings", "verb"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'settings',
        function: 'verb_min_stake',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}
export interface NeededStakeArguments {
    settings: TransactionArgument;
    kind: RawTransactionArgument<number>;
    verb: RawTransactionArgument<string>;
}
export interface NeededStakeOptions {
    package?: string;
    arguments: NeededStakeArguments | [
        settings: TransactionArgument,
        kind: RawTransactionArgument<number>,
        verb: RawTransactionArgument<string>
    ];
}
/**
 * What a stake of a kind needs for a verb, MIST: the largest of what the kind, the
 * verb and writing need.
 */
export function neededStake(options: NeededStakeOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null,
        'u8',
        '0x1::string::String'
    ] satisfies (string | null)[];
    const parameterNames = ["settings", "kind", "verb"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'settings',
        function: 'needed_stake',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}
export interface TiersAllowArguments {
    settings: TransactionArgument;
    amount: RawTransactionArgument<number | bigint>;
    verb: RawTransactionArgument<string>;
    resource: RawTransactionArgument<string>;
}
export interface TiersAllowOptions {
    package?: string;
    arguments: TiersAllowArguments | [
        settings: TransactionArgument,
        amount: RawTransactionArgument<number | bigint>,
        verb: RawTransactionArgument<string>,
        resource: RawTransactionArgument<string>
    ];
}
/**
 * Whether the tiers, as they are now, give a verb on a resource to a stake of an
 * amount. A command needs this beside its seal: what an administrator takes out of
 * the tiers is gone at once, from seals that live too.
 */
export function tiersAllow(options: TiersAllowOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null,
        'u64',
        '0x1::string::String',
        '0x1::string::String'
    ] satisfies (string | null)[];
    const parameterNames = ["settings", "amount", "verb", "resource"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'settings',
        function: 'tiers_allow',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}
export interface SlashBpsArguments {
    settings: TransactionArgument;
}
export interface SlashBpsOptions {
    package?: string;
    arguments: SlashBpsArguments | [
        settings: TransactionArgument
    ];
}
/** The share that a slash takes, in 1/10000. */
export function slashBps(options: SlashBpsOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null
    ] satisfies (string | null)[];
    const parameterNames = ["settings"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'settings',
        function: 'slash_bps',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}
export interface TreasuryArguments {
    settings: TransactionArgument;
}
export interface TreasuryOptions {
    package?: string;
    arguments: TreasuryArguments | [
        settings: TransactionArgument
    ];
}
/** Who gets what is slashed. */
export function treasury(options: TreasuryOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null
    ] satisfies (string | null)[];
    const parameterNames = ["settings"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'settings',
        function: 'treasury',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}
export interface RequestTtlMsArguments {
    settings: TransactionArgument;
    priority: RawTransactionArgument<number>;
}
export interface RequestTtlMsOptions {
    package?: string;
    arguments: RequestTtlMsArguments | [
        settings: TransactionArgument,
        priority: RawTransactionArgument<number>
    ];
}
/** How long a request of a priority lives, ms. */
export function requestTtlMs(options: RequestTtlMsOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null,
        'u8'
    ] satisfies (string | null)[];
    const parameterNames = ["settings", "priority"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'settings',
        function: 'request_ttl_ms',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}
export interface ResponseTtlMsArguments {
    settings: TransactionArgument;
    priority: RawTransactionArgument<number>;
}
export interface ResponseTtlMsOptions {
    package?: string;
    arguments: ResponseTtlMsArguments | [
        settings: TransactionArgument,
        priority: RawTransactionArgument<number>
    ];
}
/** How long an answer to a request of a priority is kept, ms. */
export function responseTtlMs(options: ResponseTtlMsOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null,
        'u8'
    ] satisfies (string | null)[];
    const parameterNames = ["settings", "priority"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'settings',
        function: 'response_ttl_ms',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}
export interface MaxSealTtlMsArguments {
    settings: TransactionArgument;
}
export interface MaxSealTtlMsOptions {
    package?: string;
    arguments: MaxSealTtlMsArguments | [
        settings: TransactionArgument
    ];
}
/** How long a seal may live, ms. */
export function maxSealTtlMs(options: MaxSealTtlMsOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null
    ] satisfies (string | null)[];
    const parameterNames = ["settings"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'settings',
        function: 'max_seal_ttl_ms',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}
export interface LongestSealTtlMsArguments {
    settings: TransactionArgument;
}
export interface LongestSealTtlMsOptions {
    package?: string;
    arguments: LongestSealTtlMsArguments | [
        settings: TransactionArgument
    ];
}
/** How long a seal that was ever made may live at most, ms. */
export function longestSealTtlMs(options: LongestSealTtlMsOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null
    ] satisfies (string | null)[];
    const parameterNames = ["settings"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'settings',
        function: 'longest_seal_ttl_ms',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}
export interface MaxEnvelopeBytesArguments {
    settings: TransactionArgument;
}
export interface MaxEnvelopeBytesOptions {
    package?: string;
    arguments: MaxEnvelopeBytesArguments | [
        settings: TransactionArgument
    ];
}
/** How large an envelope may be, bytes. */
export function maxEnvelopeBytes(options: MaxEnvelopeBytesOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null
    ] satisfies (string | null)[];
    const parameterNames = ["settings"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'settings',
        function: 'max_envelope_bytes',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}
export interface KeyOverlapMsArguments {
    settings: TransactionArgument;
}
export interface KeyOverlapMsOptions {
    package?: string;
    arguments: KeyOverlapMsArguments | [
        settings: TransactionArgument
    ];
}
/** How long the listener's previous key stays valid, ms. */
export function keyOverlapMs(options: KeyOverlapMsOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null
    ] satisfies (string | null)[];
    const parameterNames = ["settings"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'settings',
        function: 'key_overlap_ms',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}
export interface TiersArguments {
    settings: TransactionArgument;
}
export interface TiersOptions {
    package?: string;
    arguments: TiersArguments | [
        settings: TransactionArgument
    ];
}
/** The tiers, ascending. */
export function tiers(options: TiersOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null
    ] satisfies (string | null)[];
    const parameterNames = ["settings"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'settings',
        function: 'tiers',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}
export interface TierMinStakeArguments {
    tier: TransactionArgument;
}
export interface TierMinStakeOptions {
    package?: string;
    arguments: TierMinStakeArguments | [
        tier: TransactionArgument
    ];
}
/** The least stake of a tier, MIST. */
export function tierMinStake(options: TierMinStakeOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null
    ] satisfies (string | null)[];
    const parameterNames = ["tier"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'settings',
        function: 'tier_min_stake',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}
export interface TierPermissionsArguments {
    tier: TransactionArgument;
}
export interface TierPermissionsOptions {
    package?: string;
    arguments: TierPermissionsArguments | [
        tier: TransactionArgument
    ];
}
/** What a tier allows. */
export function tierPermissions(options: TierPermissionsOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null
    ] satisfies (string | null)[];
    const parameterNames = ["tier"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'settings',
        function: 'tier_permissions',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}
export interface SealsValidFromMsArguments {
    settings: TransactionArgument;
}
export interface SealsValidFromMsOptions {
    package?: string;
    arguments: SealsValidFromMsArguments | [
        settings: TransactionArgument
    ];
}
/** Seals made before this are revoked; ms since 1970. */
export function sealsValidFromMs(options: SealsValidFromMsOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null
    ] satisfies (string | null)[];
    const parameterNames = ["settings"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'settings',
        function: 'seals_valid_from_ms',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}
export interface PausedArguments {
    settings: TransactionArgument;
}
export interface PausedOptions {
    package?: string;
    arguments: PausedArguments | [
        settings: TransactionArgument
    ];
}
/** Whether it is paused. */
export function paused(options: PausedOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null
    ] satisfies (string | null)[];
    const parameterNames = ["settings"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'settings',
        function: 'paused',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}