/**************************************************************
 * THIS FILE IS GENERATED AND SHOULD NOT BE MANUALLY MODIFIED *
 **************************************************************/


/** Sessions: what requests for streams have opened, and how it ended. */

import { MoveStruct, normalizeMoveArguments, type RawTransactionArgument } from '../utils/index.ts';
import { bcs } from '@mysten/sui/bcs';
import { type Transaction } from '@mysten/sui/transactions';
const $moduleName = '@local-pkg/daas::sessions';
export const SessionEnded = new MoveStruct({ name: `${$moduleName}::SessionEnded`, fields: {
        request: bcs.Address,
        cluster: bcs.Address,
        request_id: bcs.vector(bcs.u8()),
        /** From the requester to the cluster. */
        bytes_in: bcs.u64(),
        /** From the cluster to the requester. */
        bytes_out: bcs.u64(),
        /**
         * 0 ended by the cluster, 1 by the requester, 2 seal lost, 3 stake lost, 4 time
         * over, 5 listener closed, 6 failed, 7 never used.
         */
        reason: bcs.u8(),
        ended_at_ms: bcs.u64()
    } });
export interface EndSessionArguments {
    cluster: RawTransactionArgument<string>;
    cap: RawTransactionArgument<string>;
    request: RawTransactionArgument<string>;
    requestId: RawTransactionArgument<Array<number>>;
    bytesIn: RawTransactionArgument<number | bigint>;
    bytesOut: RawTransactionArgument<number | bigint>;
    reason: RawTransactionArgument<number>;
}
export interface EndSessionOptions {
    package?: string;
    arguments: EndSessionArguments | [
        cluster: RawTransactionArgument<string>,
        cap: RawTransactionArgument<string>,
        request: RawTransactionArgument<string>,
        requestId: RawTransactionArgument<Array<number>>,
        bytesIn: RawTransactionArgument<number | bigint>,
        bytesOut: RawTransactionArgument<number | bigint>,
        reason: RawTransactionArgument<number>
    ];
}
/**
 * The listener records that a session is over. The request itself may have been
 * pruned by then, so it is named only.
 */
export function endSession(options: EndSessionOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null,
        null,
        '0x2::object::ID',
        'vector<u8>',
        'u64',
        'u64',
        'u8',
        '0x2::clock::Clock'
    ] satisfies (string | null)[];
    const parameterNames = ["cluster", "cap", "request", "requestId", "bytesIn", "bytesOut", "reason"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'sessions',
        function: 'end_session',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}