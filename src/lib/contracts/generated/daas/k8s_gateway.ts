/**************************************************************
 * THIS FILE IS GENERATED AND SHOULD NOT BE MANUALLY MODIFIED *
 **************************************************************/


/** kubectl through the chain: requests in, answers out. */

import { MoveStruct, normalizeMoveArguments, type RawTransactionArgument } from '../utils/index.ts';
import { bcs } from '@mysten/sui/bcs';
import { type Transaction } from '@mysten/sui/transactions';
const $moduleName = '@local-pkg/daas::k8s_gateway';
export const KubectlRequest = new MoveStruct({ name: `${$moduleName}::KubectlRequest`, fields: {
        id: bcs.Address,
        cluster: bcs.Address,
        seal: bcs.Address,
        requester: bcs.Address,
        request_id: bcs.vector(bcs.u8()),
        /** 0 (interactive) to 3 (batch). */
        priority: bcs.u8(),
        created_at_ms: bcs.u64(),
        /** It is never executed after this. */
        expires_at_ms: bcs.u64(),
        answered: bcs.bool(),
        /** HTTP status; 0 until it is answered. */
        status: bcs.u16(),
        responded_at_ms: bcs.u64(),
        /** When the answer can be pruned. */
        response_expires_at_ms: bcs.u64(),
        /** SHA-256 of the sealed body. */
        response_hash: bcs.vector(bcs.u8())
    } });
export const K8sAPIRequest = new MoveStruct({ name: `${$moduleName}::K8sAPIRequest`, fields: {
        request: bcs.Address,
        cluster: bcs.Address,
        seal: bcs.Address,
        /** What the seal was made of: a Stake, or a UserPermission. */
        stake: bcs.Address,
        requester: bcs.Address,
        request_id: bcs.vector(bcs.u8()),
        verb: bcs.string(),
        resource: bcs.string(),
        namespace: bcs.string(),
        priority: bcs.u8(),
        expires_at_ms: bcs.u64(),
        permissions: bcs.vector(bcs.string()),
        envelope: bcs.vector(bcs.vector(bcs.u8()))
    } });
export const K8sRequestProcessed = new MoveStruct({ name: `${$moduleName}::K8sRequestProcessed`, fields: {
        request: bcs.Address,
        cluster: bcs.Address,
        requester: bcs.Address,
        request_id: bcs.vector(bcs.u8()),
        status: bcs.u16(),
        body: bcs.vector(bcs.vector(bcs.u8())),
        body_hash: bcs.vector(bcs.u8()),
        body_location: bcs.string(),
        processed_at_ms: bcs.u64()
    } });
export const K8sRequestPruned = new MoveStruct({ name: `${$moduleName}::K8sRequestPruned`, fields: {
        request: bcs.Address,
        cluster: bcs.Address
    } });
export interface ExecuteKubectlCommandWithIdArguments {
    cluster: RawTransactionArgument<string>;
    seal: RawTransactionArgument<string>;
    stake: RawTransactionArgument<string>;
    requestId: RawTransactionArgument<Array<number>>;
    verb: RawTransactionArgument<string>;
    resource: RawTransactionArgument<string>;
    namespace: RawTransactionArgument<string>;
    envelope: RawTransactionArgument<Array<Array<number>>>;
    priority: RawTransactionArgument<number>;
}
export interface ExecuteKubectlCommandWithIdOptions {
    package?: string;
    arguments: ExecuteKubectlCommandWithIdArguments | [
        cluster: RawTransactionArgument<string>,
        seal: RawTransactionArgument<string>,
        stake: RawTransactionArgument<string>,
        requestId: RawTransactionArgument<Array<number>>,
        verb: RawTransactionArgument<string>,
        resource: RawTransactionArgument<string>,
        namespace: RawTransactionArgument<string>,
        envelope: RawTransactionArgument<Array<Array<number>>>,
        priority: RawTransactionArgument<number>
    ];
}
/**
 * Asks for a command to be carried out. In clear is only what is judged here; the
 * rest is in the sealed envelope. Checks in this order: paused, seal, stake,
 * permission, size, request id. Many of these fit into one transaction.
 */
export function executeKubectlCommandWithId(options: ExecuteKubectlCommandWithIdOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null,
        null,
        null,
        'vector<u8>',
        '0x1::string::String',
        '0x1::string::String',
        '0x1::string::String',
        'vector<vector<u8>>',
        'u8',
        '0x2::clock::Clock'
    ] satisfies (string | null)[];
    const parameterNames = ["cluster", "seal", "stake", "requestId", "verb", "resource", "namespace", "envelope", "priority"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'k8s_gateway',
        function: 'execute_kubectl_command_with_id',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}
export interface ExecuteGrantedCommandWithIdArguments {
    cluster: RawTransactionArgument<string>;
    seal: RawTransactionArgument<string>;
    grant: RawTransactionArgument<string>;
    requestId: RawTransactionArgument<Array<number>>;
    verb: RawTransactionArgument<string>;
    resource: RawTransactionArgument<string>;
    namespace: RawTransactionArgument<string>;
    envelope: RawTransactionArgument<Array<Array<number>>>;
    priority: RawTransactionArgument<number>;
}
export interface ExecuteGrantedCommandWithIdOptions {
    package?: string;
    arguments: ExecuteGrantedCommandWithIdArguments | [
        cluster: RawTransactionArgument<string>,
        seal: RawTransactionArgument<string>,
        grant: RawTransactionArgument<string>,
        requestId: RawTransactionArgument<Array<number>>,
        verb: RawTransactionArgument<string>,
        resource: RawTransactionArgument<string>,
        namespace: RawTransactionArgument<string>,
        envelope: RawTransactionArgument<Array<Array<number>>>,
        priority: RawTransactionArgument<number>
    ];
}
/**
 * As `execute_kubectl_command_with_id`, with the seal of a grant; the grant's
 * namespaces count as well.
 */
export function executeGrantedCommandWithId(options: ExecuteGrantedCommandWithIdOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null,
        null,
        null,
        'vector<u8>',
        '0x1::string::String',
        '0x1::string::String',
        '0x1::string::String',
        'vector<vector<u8>>',
        'u8',
        '0x2::clock::Clock'
    ] satisfies (string | null)[];
    const parameterNames = ["cluster", "seal", "grant", "requestId", "verb", "resource", "namespace", "envelope", "priority"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'k8s_gateway',
        function: 'execute_granted_command_with_id',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}
export interface StoreK8sResponseArguments {
    request: RawTransactionArgument<string>;
    cluster: RawTransactionArgument<string>;
    cap: RawTransactionArgument<string>;
    status: RawTransactionArgument<number>;
    body: RawTransactionArgument<Array<Array<number>>>;
    bodyHash: RawTransactionArgument<Array<number>>;
    bodyLocation: RawTransactionArgument<string>;
}
export interface StoreK8sResponseOptions {
    package?: string;
    arguments: StoreK8sResponseArguments | [
        request: RawTransactionArgument<string>,
        cluster: RawTransactionArgument<string>,
        cap: RawTransactionArgument<string>,
        status: RawTransactionArgument<number>,
        body: RawTransactionArgument<Array<Array<number>>>,
        bodyHash: RawTransactionArgument<Array<number>>,
        bodyLocation: RawTransactionArgument<string>
    ];
}
/**
 * The listener answers a request, once and in time: with the sealed body, or with
 * its hash and where it is.
 */
export function storeK8sResponse(options: StoreK8sResponseOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null,
        null,
        null,
        'u16',
        'vector<vector<u8>>',
        'vector<u8>',
        '0x1::string::String',
        '0x2::clock::Clock'
    ] satisfies (string | null)[];
    const parameterNames = ["request", "cluster", "cap", "status", "body", "bodyHash", "bodyLocation"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'k8s_gateway',
        function: 'store_k8s_response',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}
export interface PruneArguments {
    request: RawTransactionArgument<string>;
}
export interface PruneOptions {
    package?: string;
    arguments: PruneArguments | [
        request: RawTransactionArgument<string>
    ];
}
/**
 * Deletes a request whose time is over. Anyone may; who does gets the storage
 * rebate.
 */
export function prune(options: PruneOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null,
        '0x2::clock::Clock'
    ] satisfies (string | null)[];
    const parameterNames = ["request"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'k8s_gateway',
        function: 'prune',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}
export interface ClusterArguments {
    request: RawTransactionArgument<string>;
}
export interface ClusterOptions {
    package?: string;
    arguments: ClusterArguments | [
        request: RawTransactionArgument<string>
    ];
}
/** The cluster. */
export function cluster(options: ClusterOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null
    ] satisfies (string | null)[];
    const parameterNames = ["request"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'k8s_gateway',
        function: 'cluster',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}
export interface RequesterArguments {
    request: RawTransactionArgument<string>;
}
export interface RequesterOptions {
    package?: string;
    arguments: RequesterArguments | [
        request: RawTransactionArgument<string>
    ];
}
/** Who asked. */
export function requester(options: RequesterOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null
    ] satisfies (string | null)[];
    const parameterNames = ["request"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'k8s_gateway',
        function: 'requester',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}
export interface SealArguments {
    request: RawTransactionArgument<string>;
}
export interface SealOptions {
    package?: string;
    arguments: SealArguments | [
        request: RawTransactionArgument<string>
    ];
}
/** The seal that it was made with. */
export function seal(options: SealOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null
    ] satisfies (string | null)[];
    const parameterNames = ["request"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'k8s_gateway',
        function: 'seal',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}
export interface RequestIdArguments {
    request: RawTransactionArgument<string>;
}
export interface RequestIdOptions {
    package?: string;
    arguments: RequestIdArguments | [
        request: RawTransactionArgument<string>
    ];
}
/** 16 bytes. */
export function requestId(options: RequestIdOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null
    ] satisfies (string | null)[];
    const parameterNames = ["request"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'k8s_gateway',
        function: 'request_id',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}
export interface PriorityArguments {
    request: RawTransactionArgument<string>;
}
export interface PriorityOptions {
    package?: string;
    arguments: PriorityArguments | [
        request: RawTransactionArgument<string>
    ];
}
/** 0 (interactive) to 3 (batch). */
export function priority(options: PriorityOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null
    ] satisfies (string | null)[];
    const parameterNames = ["request"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'k8s_gateway',
        function: 'priority',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}
export interface CreatedAtMsArguments {
    request: RawTransactionArgument<string>;
}
export interface CreatedAtMsOptions {
    package?: string;
    arguments: CreatedAtMsArguments | [
        request: RawTransactionArgument<string>
    ];
}
/** ms since 1970. */
export function createdAtMs(options: CreatedAtMsOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null
    ] satisfies (string | null)[];
    const parameterNames = ["request"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'k8s_gateway',
        function: 'created_at_ms',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}
export interface IsAnsweredArguments {
    request: RawTransactionArgument<string>;
}
export interface IsAnsweredOptions {
    package?: string;
    arguments: IsAnsweredArguments | [
        request: RawTransactionArgument<string>
    ];
}
/** Whether it has its answer. */
export function isAnswered(options: IsAnsweredOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null
    ] satisfies (string | null)[];
    const parameterNames = ["request"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'k8s_gateway',
        function: 'is_answered',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}
export interface StatusArguments {
    request: RawTransactionArgument<string>;
}
export interface StatusOptions {
    package?: string;
    arguments: StatusArguments | [
        request: RawTransactionArgument<string>
    ];
}
/** HTTP status, or 0. */
export function status(options: StatusOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null
    ] satisfies (string | null)[];
    const parameterNames = ["request"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'k8s_gateway',
        function: 'status',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}
export interface ExpiresAtMsArguments {
    request: RawTransactionArgument<string>;
}
export interface ExpiresAtMsOptions {
    package?: string;
    arguments: ExpiresAtMsArguments | [
        request: RawTransactionArgument<string>
    ];
}
/** ms since 1970. */
export function expiresAtMs(options: ExpiresAtMsOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null
    ] satisfies (string | null)[];
    const parameterNames = ["request"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'k8s_gateway',
        function: 'expires_at_ms',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}
export interface RespondedAtMsArguments {
    request: RawTransactionArgument<string>;
}
export interface RespondedAtMsOptions {
    package?: string;
    arguments: RespondedAtMsArguments | [
        request: RawTransactionArgument<string>
    ];
}
/** When it was answered, ms since 1970, or 0. */
export function respondedAtMs(options: RespondedAtMsOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null
    ] satisfies (string | null)[];
    const parameterNames = ["request"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'k8s_gateway',
        function: 'responded_at_ms',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}
export interface ResponseExpiresAtMsArguments {
    request: RawTransactionArgument<string>;
}
export interface ResponseExpiresAtMsOptions {
    package?: string;
    arguments: ResponseExpiresAtMsArguments | [
        request: RawTransactionArgument<string>
    ];
}
/** ms since 1970, or 0. */
export function responseExpiresAtMs(options: ResponseExpiresAtMsOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null
    ] satisfies (string | null)[];
    const parameterNames = ["request"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'k8s_gateway',
        function: 'response_expires_at_ms',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}
export interface ResponseHashArguments {
    request: RawTransactionArgument<string>;
}
export interface ResponseHashOptions {
    package?: string;
    arguments: ResponseHashArguments | [
        request: RawTransactionArgument<string>
    ];
}
/** SHA-256 of the sealed body, or empty. */
export function responseHash(options: ResponseHashOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null
    ] satisfies (string | null)[];
    const parameterNames = ["request"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'k8s_gateway',
        function: 'response_hash',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}