/**************************************************************
 * THIS FILE IS GENERATED AND SHOULD NOT BE MANUALLY MODIFIED *
 **************************************************************/


/**
 * A guard for stakers: a transaction ends where the terms became worse than those
 * that its sender has seen.
 */

import { type Transaction } from '@mysten/sui/transactions';
import { normalizeMoveArguments, type RawTransactionArgument } from '../utils/index.ts';
export interface AssertTermsArguments {
    cluster: RawTransactionArgument<string>;
    stakeType: RawTransactionArgument<number>;
    maxLockMs: RawTransactionArgument<number | bigint>;
    maxUnbondingMs: RawTransactionArgument<number | bigint>;
    maxSlashBps: RawTransactionArgument<number | bigint>;
}
export interface AssertTermsOptions {
    package?: string;
    arguments: AssertTermsArguments | [
        cluster: RawTransactionArgument<string>,
        stakeType: RawTransactionArgument<number>,
        maxLockMs: RawTransactionArgument<number | bigint>,
        maxUnbondingMs: RawTransactionArgument<number | bigint>,
        maxSlashBps: RawTransactionArgument<number | bigint>
    ];
}
/**
 * Aborts where stakes of a kind (0 node, 1 user, 2 administrator) are locked for
 * longer, unbond for longer or are slashed by more than this. To be called before
 * the stake in the same transaction: an administrator may change the terms while
 * it is under way, and a lock is for good.
 */
export function assertTerms(options: AssertTermsOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null,
        'u8',
        'u64',
        'u64',
        'u64'
    ] satisfies (string | null)[];
    const parameterNames = ["cluster", "stakeType", "maxLockMs", "maxUnbondingMs", "maxSlashBps"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'terms',
        function: 'assert_terms',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}