/**************************************************************
 * THIS FILE IS GENERATED AND SHOULD NOT BE MANUALLY MODIFIED *
 **************************************************************/


/** Stakes: SUI that vouches for a node, a user or an administrator. */

import { MoveStruct, normalizeMoveArguments, type RawTransactionArgument } from '../utils/index.ts';
import { bcs } from '@mysten/sui/bcs';
import { type Transaction } from '@mysten/sui/transactions';
import * as balance from './deps/0x2/balance.ts';
const $moduleName = '@local-pkg/daas::staking';
export const Stake = new MoveStruct({ name: `${$moduleName}::Stake`, fields: {
        id: bcs.Address,
        cluster: bcs.Address,
        staker: bcs.Address,
        balance: balance.Balance,
        staked_at_ms: bcs.u64(),
        locked_until_ms: bcs.u64(),
        /** 0 active, 1 unbonding, 2 slashed. */
        status: bcs.u8(),
        /** Empty unless it is a node's. */
        node_id: bcs.string(),
        /** 0 node, 1 user, 2 administrator. */
        stake_type: bcs.u8(),
        /** MIST taken so far. */
        total_slashed: bcs.u64(),
        /** When unbonding ends; 0 while it has not begun. */
        unbonding_until_ms: bcs.u64()
    } });
export const StakeTicket = new MoveStruct({ name: `${$moduleName}::StakeTicket`, fields: {
        id: bcs.Address,
        stake: bcs.Address,
        cluster: bcs.Address,
        node_id: bcs.string(),
        stake_type: bcs.u8()
    } });
export const StakeCreated = new MoveStruct({ name: `${$moduleName}::StakeCreated`, fields: {
        stake: bcs.Address,
        cluster: bcs.Address,
        staker: bcs.Address,
        amount: bcs.u64(),
        stake_type: bcs.u8(),
        node_id: bcs.string(),
        locked_until_ms: bcs.u64(),
        staked_at_ms: bcs.u64()
    } });
export const StakeAdded = new MoveStruct({ name: `${$moduleName}::StakeAdded`, fields: {
        stake: bcs.Address,
        cluster: bcs.Address,
        amount: bcs.u64(),
        total: bcs.u64()
    } });
export const UnstakeRequested = new MoveStruct({ name: `${$moduleName}::UnstakeRequested`, fields: {
        stake: bcs.Address,
        cluster: bcs.Address,
        at_ms: bcs.u64(),
        unbonding_until_ms: bcs.u64()
    } });
export const StakeWithdrawn = new MoveStruct({ name: `${$moduleName}::StakeWithdrawn`, fields: {
        stake: bcs.Address,
        cluster: bcs.Address,
        staker: bcs.Address,
        amount: bcs.u64()
    } });
export const StakeSlashed = new MoveStruct({ name: `${$moduleName}::StakeSlashed`, fields: {
        stake: bcs.Address,
        cluster: bcs.Address,
        amount: bcs.u64(),
        remaining: bcs.u64(),
        reason: bcs.string(),
        unbonding_until_ms: bcs.u64()
    } });
export interface StakeForNodeArguments {
    cluster: RawTransactionArgument<string>;
    payment: RawTransactionArgument<string>;
    nodeId: RawTransactionArgument<string>;
}
export interface StakeForNodeOptions {
    package?: string;
    arguments: StakeForNodeArguments | [
        cluster: RawTransactionArgument<string>,
        payment: RawTransactionArgument<string>,
        nodeId: RawTransactionArgument<string>
    ];
}
/**
 * Stakes for a node. Returns the stake, to be sealed and then shared with
 * `share_stake`; the sender gets the ticket.
 */
export function stakeForNode(options: StakeForNodeOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null,
        null,
        '0x1::string::String',
        '0x2::clock::Clock'
    ] satisfies (string | null)[];
    const parameterNames = ["cluster", "payment", "nodeId"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'staking',
        function: 'stake_for_node',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}
export interface StakeForUserArguments {
    cluster: RawTransactionArgument<string>;
    payment: RawTransactionArgument<string>;
}
export interface StakeForUserOptions {
    package?: string;
    arguments: StakeForUserArguments | [
        cluster: RawTransactionArgument<string>,
        payment: RawTransactionArgument<string>
    ];
}
/** Stakes for a user. As `stake_for_node`. */
export function stakeForUser(options: StakeForUserOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null,
        null,
        '0x2::clock::Clock'
    ] satisfies (string | null)[];
    const parameterNames = ["cluster", "payment"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'staking',
        function: 'stake_for_user',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}
export interface StakeForAdminArguments {
    cluster: RawTransactionArgument<string>;
    payment: RawTransactionArgument<string>;
}
export interface StakeForAdminOptions {
    package?: string;
    arguments: StakeForAdminArguments | [
        cluster: RawTransactionArgument<string>,
        payment: RawTransactionArgument<string>
    ];
}
/** Stakes for an administrator. As `stake_for_node`. */
export function stakeForAdmin(options: StakeForAdminOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null,
        null,
        '0x2::clock::Clock'
    ] satisfies (string | null)[];
    const parameterNames = ["cluster", "payment"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'staking',
        function: 'stake_for_admin',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}
export interface ShareStakeArguments {
    stake: RawTransactionArgument<string>;
}
export interface ShareStakeOptions {
    package?: string;
    arguments: ShareStakeArguments | [
        stake: RawTransactionArgument<string>
    ];
}
/** Shares a new stake; the last step of staking. */
export function shareStake(options: ShareStakeOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null
    ] satisfies (string | null)[];
    const parameterNames = ["stake"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'staking',
        function: 'share_stake',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}
export interface AddStakeArguments {
    cluster: RawTransactionArgument<string>;
    stake: RawTransactionArgument<string>;
    payment: RawTransactionArgument<string>;
}
export interface AddStakeOptions {
    package?: string;
    arguments: AddStakeArguments | [
        cluster: RawTransactionArgument<string>,
        stake: RawTransactionArgument<string>,
        payment: RawTransactionArgument<string>
    ];
}
/** Adds to an active stake. */
export function addStake(options: AddStakeOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null,
        null,
        null
    ] satisfies (string | null)[];
    const parameterNames = ["cluster", "stake", "payment"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'staking',
        function: 'add_stake',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}
export interface RequestUnstakeArguments {
    cluster: RawTransactionArgument<string>;
    stake: RawTransactionArgument<string>;
}
export interface RequestUnstakeOptions {
    package?: string;
    arguments: RequestUnstakeArguments | [
        cluster: RawTransactionArgument<string>,
        stake: RawTransactionArgument<string>
    ];
}
/**
 * Says that the stake is to be withdrawn: seals of it end, a node of it is
 * drained, unbonding begins.
 */
export function requestUnstake(options: RequestUnstakeOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null,
        null,
        '0x2::clock::Clock'
    ] satisfies (string | null)[];
    const parameterNames = ["cluster", "stake"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'staking',
        function: 'request_unstake',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}
export interface WithdrawStakeArguments {
    cluster: RawTransactionArgument<string>;
    stake: RawTransactionArgument<string>;
    ticket: RawTransactionArgument<string>;
}
export interface WithdrawStakeOptions {
    package?: string;
    arguments: WithdrawStakeArguments | [
        cluster: RawTransactionArgument<string>,
        stake: RawTransactionArgument<string>,
        ticket: RawTransactionArgument<string>
    ];
}
/**
 * Ends a stake once its lock and its unbonding are over, and returns what is left
 * of it, pause or not. An active stake can be withdrawn only where the cluster has
 * no unbonding; a slashed one unbonds from its last slash.
 */
export function withdrawStake(options: WithdrawStakeOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null,
        null,
        null,
        '0x2::clock::Clock'
    ] satisfies (string | null)[];
    const parameterNames = ["cluster", "stake", "ticket"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'staking',
        function: 'withdraw_stake',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}
export interface SlashStakeArguments {
    cluster: RawTransactionArgument<string>;
    cap: RawTransactionArgument<string>;
    stake: RawTransactionArgument<string>;
    reason: RawTransactionArgument<string>;
}
export interface SlashStakeOptions {
    package?: string;
    arguments: SlashStakeArguments | [
        cluster: RawTransactionArgument<string>,
        cap: RawTransactionArgument<string>,
        stake: RawTransactionArgument<string>,
        reason: RawTransactionArgument<string>
    ];
}
/**
 * Takes the cluster's share (rounded up) of a stake for the treasury and ends its
 * activity.
 */
export function slashStake(options: SlashStakeOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null,
        null,
        null,
        '0x1::string::String',
        '0x2::clock::Clock'
    ] satisfies (string | null)[];
    const parameterNames = ["cluster", "cap", "stake", "reason"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'staking',
        function: 'slash_stake',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}
export interface SlashStakeAmountArguments {
    cluster: RawTransactionArgument<string>;
    cap: RawTransactionArgument<string>;
    stake: RawTransactionArgument<string>;
    amount: RawTransactionArgument<number | bigint>;
    reason: RawTransactionArgument<string>;
}
export interface SlashStakeAmountOptions {
    package?: string;
    arguments: SlashStakeAmountArguments | [
        cluster: RawTransactionArgument<string>,
        cap: RawTransactionArgument<string>,
        stake: RawTransactionArgument<string>,
        amount: RawTransactionArgument<number | bigint>,
        reason: RawTransactionArgument<string>
    ];
}
/** Takes an amount of a stake for the treasury and ends its activity. */
export function slashStakeAmount(options: SlashStakeAmountOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null,
        null,
        null,
        'u64',
        '0x1::string::String',
        '0x2::clock::Clock'
    ] satisfies (string | null)[];
    const parameterNames = ["cluster", "cap", "stake", "amount", "reason"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'staking',
        function: 'slash_stake_amount',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}
export interface AssertClusterArguments {
    stake: RawTransactionArgument<string>;
    cluster: RawTransactionArgument<string>;
}
export interface AssertClusterOptions {
    package?: string;
    arguments: AssertClusterArguments | [
        stake: RawTransactionArgument<string>,
        cluster: RawTransactionArgument<string>
    ];
}
/**
 * Aborts unless the stake is of this cluster, and the cluster of this version of
 * the package.
 */
export function assertCluster(options: AssertClusterOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null,
        null
    ] satisfies (string | null)[];
    const parameterNames = ["stake", "cluster"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'staking',
        function: 'assert_cluster',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}
export interface ClusterArguments {
    stake: RawTransactionArgument<string>;
}
export interface ClusterOptions {
    package?: string;
    arguments: ClusterArguments | [
        stake: RawTransactionArgument<string>
    ];
}
/** The cluster. */
export function cluster(options: ClusterOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null
    ] satisfies (string | null)[];
    const parameterNames = ["stake"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'staking',
        function: 'cluster',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}
export interface StakerArguments {
    stake: RawTransactionArgument<string>;
}
export interface StakerOptions {
    package?: string;
    arguments: StakerArguments | [
        stake: RawTransactionArgument<string>
    ];
}
/** Who staked. */
export function staker(options: StakerOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null
    ] satisfies (string | null)[];
    const parameterNames = ["stake"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'staking',
        function: 'staker',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}
export interface AmountArguments {
    stake: RawTransactionArgument<string>;
}
export interface AmountOptions {
    package?: string;
    arguments: AmountArguments | [
        stake: RawTransactionArgument<string>
    ];
}
/** MIST. */
export function amount(options: AmountOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null
    ] satisfies (string | null)[];
    const parameterNames = ["stake"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'staking',
        function: 'amount',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}
export interface StakedAtMsArguments {
    stake: RawTransactionArgument<string>;
}
export interface StakedAtMsOptions {
    package?: string;
    arguments: StakedAtMsArguments | [
        stake: RawTransactionArgument<string>
    ];
}
/** ms since 1970. */
export function stakedAtMs(options: StakedAtMsOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null
    ] satisfies (string | null)[];
    const parameterNames = ["stake"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'staking',
        function: 'staked_at_ms',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}
export interface LockedUntilMsArguments {
    stake: RawTransactionArgument<string>;
}
export interface LockedUntilMsOptions {
    package?: string;
    arguments: LockedUntilMsArguments | [
        stake: RawTransactionArgument<string>
    ];
}
/** ms since 1970. */
export function lockedUntilMs(options: LockedUntilMsOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null
    ] satisfies (string | null)[];
    const parameterNames = ["stake"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'staking',
        function: 'locked_until_ms',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}
export interface StatusArguments {
    stake: RawTransactionArgument<string>;
}
export interface StatusOptions {
    package?: string;
    arguments: StatusArguments | [
        stake: RawTransactionArgument<string>
    ];
}
/** 0 active, 1 unbonding, 2 slashed. */
export function status(options: StatusOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null
    ] satisfies (string | null)[];
    const parameterNames = ["stake"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'staking',
        function: 'status',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}
export interface IsActiveArguments {
    stake: RawTransactionArgument<string>;
}
export interface IsActiveOptions {
    package?: string;
    arguments: IsActiveArguments | [
        stake: RawTransactionArgument<string>
    ];
}
/** Whether it is active. */
export function isActive(options: IsActiveOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null
    ] satisfies (string | null)[];
    const parameterNames = ["stake"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'staking',
        function: 'is_active',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}
export interface NodeIdArguments {
    stake: RawTransactionArgument<string>;
}
export interface NodeIdOptions {
    package?: string;
    arguments: NodeIdArguments | [
        stake: RawTransactionArgument<string>
    ];
}
/** The node's name, or empty. */
export function nodeId(options: NodeIdOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null
    ] satisfies (string | null)[];
    const parameterNames = ["stake"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'staking',
        function: 'node_id',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}
export interface StakeTypeArguments {
    stake: RawTransactionArgument<string>;
}
export interface StakeTypeOptions {
    package?: string;
    arguments: StakeTypeArguments | [
        stake: RawTransactionArgument<string>
    ];
}
/** 0 node, 1 user, 2 administrator. */
export function stakeType(options: StakeTypeOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null
    ] satisfies (string | null)[];
    const parameterNames = ["stake"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'staking',
        function: 'stake_type',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}
export interface TotalSlashedArguments {
    stake: RawTransactionArgument<string>;
}
export interface TotalSlashedOptions {
    package?: string;
    arguments: TotalSlashedArguments | [
        stake: RawTransactionArgument<string>
    ];
}
/** MIST taken so far. */
export function totalSlashed(options: TotalSlashedOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null
    ] satisfies (string | null)[];
    const parameterNames = ["stake"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'staking',
        function: 'total_slashed',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}
export interface UnbondingUntilMsArguments {
    stake: RawTransactionArgument<string>;
}
export interface UnbondingUntilMsOptions {
    package?: string;
    arguments: UnbondingUntilMsArguments | [
        stake: RawTransactionArgument<string>
    ];
}
/** When unbonding ends, ms since 1970; 0 while it has not begun. */
export function unbondingUntilMs(options: UnbondingUntilMsOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null
    ] satisfies (string | null)[];
    const parameterNames = ["stake"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'staking',
        function: 'unbonding_until_ms',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}
export interface TicketStakeArguments {
    ticket: RawTransactionArgument<string>;
}
export interface TicketStakeOptions {
    package?: string;
    arguments: TicketStakeArguments | [
        ticket: RawTransactionArgument<string>
    ];
}
/** The stake that a ticket is for. */
export function ticketStake(options: TicketStakeOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null
    ] satisfies (string | null)[];
    const parameterNames = ["ticket"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'staking',
        function: 'ticket_stake',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}