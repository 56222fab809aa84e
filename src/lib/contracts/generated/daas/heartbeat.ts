/**************************************************************
 * THIS FILE IS GENERATED AND SHOULD NOT BE MANUALLY MODIFIED *
 **************************************************************/


/** The listener's own sign of life: what its ListenerCap tells of it. */

import { MoveStruct, normalizeMoveArguments, type RawTransactionArgument } from '../utils/index.ts';
import { bcs } from '@mysten/sui/bcs';
import { type Transaction } from '@mysten/sui/transactions';
const $moduleName = '@local-pkg/daas::heartbeat';
export const ListenerBeat = new MoveStruct({ name: `${$moduleName}::ListenerBeat`, fields: {
        cluster: bcs.Address,
        cap: bcs.Address,
        /** 1 serving, 2 draining, 3 stopped. */
        status: bcs.u8(),
        at_ms: bcs.u64()
    } });
export interface BeatArguments {
    cap: RawTransactionArgument<string>;
    cluster: RawTransactionArgument<string>;
    status: RawTransactionArgument<number>;
}
export interface BeatOptions {
    package?: string;
    arguments: BeatArguments | [
        cap: RawTransactionArgument<string>,
        cluster: RawTransactionArgument<string>,
        status: RawTransactionArgument<number>
    ];
}
/**
 * The listener says that it lives, and how: 1 serving, 2 draining, 3 stopped. It
 * writes its own ListenerCap only, so that it can go into any transaction of the
 * listener, and nobody waits for it.
 */
export function beat(options: BeatOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null,
        null,
        'u8',
        '0x2::clock::Clock'
    ] satisfies (string | null)[];
    const parameterNames = ["cap", "cluster", "status"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'heartbeat',
        function: 'beat',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}