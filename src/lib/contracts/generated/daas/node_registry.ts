/**************************************************************
 * THIS FILE IS GENERATED AND SHOULD NOT BE MANUALLY MODIFIED *
 **************************************************************/


/** Workers: nodes that joined with a stake. */

import { MoveStruct, normalizeMoveArguments, type RawTransactionArgument } from '../utils/index.ts';
import { bcs } from '@mysten/sui/bcs';
import { type Transaction } from '@mysten/sui/transactions';
const $moduleName = '@local-pkg/daas::node_registry';
export const WorkerNode = new MoveStruct({ name: `${$moduleName}::WorkerNode`, fields: {
        id: bcs.Address,
        cluster: bcs.Address,
        owner: bcs.Address,
        stake: bcs.Address,
        seal: bcs.Address,
        name: bcs.string(),
        /** Its place in the liveness bitmap. */
        index: bcs.u64(),
        /** 0 to 1000; 500 to begin with. */
        score: bcs.u64(),
        /** 0 registered, 1 ready, 2 offline, 3 evicted. */
        status: bcs.u8(),
        registered_at_ms: bcs.u64(),
        last_heartbeat_ms: bcs.u64()
    } });
export const WorkerRegistered = new MoveStruct({ name: `${$moduleName}::WorkerRegistered`, fields: {
        worker: bcs.Address,
        cluster: bcs.Address,
        stake: bcs.Address,
        name: bcs.string(),
        index: bcs.u64(),
        owner: bcs.Address,
        seal: bcs.Address,
        registered_at_ms: bcs.u64()
    } });
export const WorkerEvicted = new MoveStruct({ name: `${$moduleName}::WorkerEvicted`, fields: {
        worker: bcs.Address,
        cluster: bcs.Address,
        stake: bcs.Address,
        name: bcs.string(),
        reason: bcs.string()
    } });
export const WorkerHeartbeat = new MoveStruct({ name: `${$moduleName}::WorkerHeartbeat`, fields: {
        worker: bcs.Address,
        at_ms: bcs.u64()
    } });
export const LivenessReported = new MoveStruct({ name: `${$moduleName}::LivenessReported`, fields: {
        cluster: bcs.Address,
        bitmap: bcs.vector(bcs.u8()),
        at_ms: bcs.u64()
    } });
export const ScoreSet = new MoveStruct({ name: `${$moduleName}::ScoreSet`, fields: {
        worker: bcs.Address,
        score: bcs.u64()
    } });
export const WorkerStatusSet = new MoveStruct({ name: `${$moduleName}::WorkerStatusSet`, fields: {
        worker: bcs.Address,
        status: bcs.u8()
    } });
export const NameReleased = new MoveStruct({ name: `${$moduleName}::NameReleased`, fields: {
        cluster: bcs.Address,
        worker: bcs.Address,
        name: bcs.string()
    } });
export interface RegisterWorkerArguments {
    registry: RawTransactionArgument<string>;
    cluster: RawTransactionArgument<string>;
    cap: RawTransactionArgument<string>;
    stake: RawTransactionArgument<string>;
    seal: RawTransactionArgument<string>;
}
export interface RegisterWorkerOptions {
    package?: string;
    arguments: RegisterWorkerArguments | [
        registry: RawTransactionArgument<string>,
        cluster: RawTransactionArgument<string>,
        cap: RawTransactionArgument<string>,
        stake: RawTransactionArgument<string>,
        seal: RawTransactionArgument<string>
    ];
}
/**
 * Registers the node of a stake under the stake's node name, once per stake and
 * name, and shares its WorkerNode.
 */
export function registerWorker(options: RegisterWorkerOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null,
        null,
        null,
        null,
        '0x2::object::ID',
        '0x2::clock::Clock'
    ] satisfies (string | null)[];
    const parameterNames = ["registry", "cluster", "cap", "stake", "seal"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'node_registry',
        function: 'register_worker',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}
export interface EvictWorkerArguments {
    registry: RawTransactionArgument<string>;
    cluster: RawTransactionArgument<string>;
    cap: RawTransactionArgument<string>;
    worker: RawTransactionArgument<string>;
    reason: RawTransactionArgument<string>;
}
export interface EvictWorkerOptions {
    package?: string;
    arguments: EvictWorkerArguments | [
        registry: RawTransactionArgument<string>,
        cluster: RawTransactionArgument<string>,
        cap: RawTransactionArgument<string>,
        worker: RawTransactionArgument<string>,
        reason: RawTransactionArgument<string>
    ];
}
/**
 * Evicts a worker, for good: neither its stake nor its name can be registered
 * again.
 */
export function evictWorker(options: EvictWorkerOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null,
        null,
        null,
        null,
        '0x1::string::String'
    ] satisfies (string | null)[];
    const parameterNames = ["registry", "cluster", "cap", "worker", "reason"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'node_registry',
        function: 'evict_worker',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}
export interface HeartbeatArguments {
    worker: RawTransactionArgument<string>;
    cluster: RawTransactionArgument<string>;
}
export interface HeartbeatOptions {
    package?: string;
    arguments: HeartbeatArguments | [
        worker: RawTransactionArgument<string>,
        cluster: RawTransactionArgument<string>
    ];
}
/** The owner says that the worker lives. */
export function heartbeat(options: HeartbeatOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null,
        null,
        '0x2::clock::Clock'
    ] satisfies (string | null)[];
    const parameterNames = ["worker", "cluster"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'node_registry',
        function: 'heartbeat',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}
export interface ReportLivenessArguments {
    cluster: RawTransactionArgument<string>;
    cap: RawTransactionArgument<string>;
    bitmap: RawTransactionArgument<Array<number>>;
}
export interface ReportLivenessOptions {
    package?: string;
    arguments: ReportLivenessArguments | [
        cluster: RawTransactionArgument<string>,
        cap: RawTransactionArgument<string>,
        bitmap: RawTransactionArgument<Array<number>>
    ];
}
/** The listener says who lives, for the whole cluster at once. */
export function reportLiveness(options: ReportLivenessOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null,
        null,
        'vector<u8>',
        '0x2::clock::Clock'
    ] satisfies (string | null)[];
    const parameterNames = ["cluster", "cap", "bitmap"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'node_registry',
        function: 'report_liveness',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}
export interface SetScoreArguments {
    worker: RawTransactionArgument<string>;
    cluster: RawTransactionArgument<string>;
    cap: RawTransactionArgument<string>;
    score: RawTransactionArgument<number | bigint>;
}
export interface SetScoreOptions {
    package?: string;
    arguments: SetScoreArguments | [
        worker: RawTransactionArgument<string>,
        cluster: RawTransactionArgument<string>,
        cap: RawTransactionArgument<string>,
        score: RawTransactionArgument<number | bigint>
    ];
}
/** The listener scores a worker, 0 to 1000. */
export function setScore(options: SetScoreOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null,
        null,
        null,
        'u64'
    ] satisfies (string | null)[];
    const parameterNames = ["worker", "cluster", "cap", "score"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'node_registry',
        function: 'set_score',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}
export interface SetStatusArguments {
    worker: RawTransactionArgument<string>;
    cluster: RawTransactionArgument<string>;
    cap: RawTransactionArgument<string>;
    status: RawTransactionArgument<number>;
}
export interface SetStatusOptions {
    package?: string;
    arguments: SetStatusArguments | [
        worker: RawTransactionArgument<string>,
        cluster: RawTransactionArgument<string>,
        cap: RawTransactionArgument<string>,
        status: RawTransactionArgument<number>
    ];
}
/** The listener saw a worker become ready (1), go offline (2) or neither (0). */
export function setStatus(options: SetStatusOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null,
        null,
        null,
        'u8'
    ] satisfies (string | null)[];
    const parameterNames = ["worker", "cluster", "cap", "status"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'node_registry',
        function: 'set_status',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}
export interface ReleaseNameArguments {
    registry: RawTransactionArgument<string>;
    cluster: RawTransactionArgument<string>;
    cap: RawTransactionArgument<string>;
    worker: RawTransactionArgument<string>;
}
export interface ReleaseNameOptions {
    package?: string;
    arguments: ReleaseNameArguments | [
        registry: RawTransactionArgument<string>,
        cluster: RawTransactionArgument<string>,
        cap: RawTransactionArgument<string>,
        worker: RawTransactionArgument<string>
    ];
}
/**
 * Frees the name of an evicted worker, when no certificate that carries it is
 * valid any more, and deletes the WorkerNode. The stake stays barred for good.
 */
export function releaseName(options: ReleaseNameOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null,
        null,
        null,
        null
    ] satisfies (string | null)[];
    const parameterNames = ["registry", "cluster", "cap", "worker"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'node_registry',
        function: 'release_name',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}
export interface AssertClusterArguments {
    worker: RawTransactionArgument<string>;
    cluster: RawTransactionArgument<string>;
}
export interface AssertClusterOptions {
    package?: string;
    arguments: AssertClusterArguments | [
        worker: RawTransactionArgument<string>,
        cluster: RawTransactionArgument<string>
    ];
}
/**
 * Aborts unless the worker is of this cluster, and the cluster of this version of
 * the package.
 */
export function assertCluster(options: AssertClusterOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null,
        null
    ] satisfies (string | null)[];
    const parameterNames = ["worker", "cluster"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'node_registry',
        function: 'assert_cluster',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}
export interface IsEvictedArguments {
    worker: RawTransactionArgument<string>;
}
export interface IsEvictedOptions {
    package?: string;
    arguments: IsEvictedArguments | [
        worker: RawTransactionArgument<string>
    ];
}
/** Whether it is evicted. */
export function isEvicted(options: IsEvictedOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null
    ] satisfies (string | null)[];
    const parameterNames = ["worker"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'node_registry',
        function: 'is_evicted',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}
export interface ClusterArguments {
    worker: RawTransactionArgument<string>;
}
export interface ClusterOptions {
    package?: string;
    arguments: ClusterArguments | [
        worker: RawTransactionArgument<string>
    ];
}
/** The cluster. */
export function cluster(options: ClusterOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null
    ] satisfies (string | null)[];
    const parameterNames = ["worker"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'node_registry',
        function: 'cluster',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}
export interface OwnerArguments {
    worker: RawTransactionArgument<string>;
}
export interface OwnerOptions {
    package?: string;
    arguments: OwnerArguments | [
        worker: RawTransactionArgument<string>
    ];
}
/** Who staked for it. */
export function owner(options: OwnerOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null
    ] satisfies (string | null)[];
    const parameterNames = ["worker"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'node_registry',
        function: 'owner',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}
export interface StakeArguments {
    worker: RawTransactionArgument<string>;
}
export interface StakeOptions {
    package?: string;
    arguments: StakeArguments | [
        worker: RawTransactionArgument<string>
    ];
}
/** Its stake. */
export function stake(options: StakeOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null
    ] satisfies (string | null)[];
    const parameterNames = ["worker"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'node_registry',
        function: 'stake',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}
export interface SealArguments {
    worker: RawTransactionArgument<string>;
}
export interface SealOptions {
    package?: string;
    arguments: SealArguments | [
        worker: RawTransactionArgument<string>
    ];
}
/** Its seal. */
export function seal(options: SealOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null
    ] satisfies (string | null)[];
    const parameterNames = ["worker"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'node_registry',
        function: 'seal',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}
export interface NameArguments {
    worker: RawTransactionArgument<string>;
}
export interface NameOptions {
    package?: string;
    arguments: NameArguments | [
        worker: RawTransactionArgument<string>
    ];
}
/** Its name. */
export function name(options: NameOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null
    ] satisfies (string | null)[];
    const parameterNames = ["worker"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'node_registry',
        function: 'name',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}
export interface IndexArguments {
    worker: RawTransactionArgument<string>;
}
export interface IndexOptions {
    package?: string;
    arguments: IndexArguments | [
        worker: RawTransactionArgument<string>
    ];
}
/** Its place in the liveness bitmap. */
export function index(options: IndexOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null
    ] satisfies (string | null)[];
    const parameterNames = ["worker"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'node_registry',
        function: 'index',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}
export interface ScoreArguments {
    worker: RawTransactionArgument<string>;
}
export interface ScoreOptions {
    package?: string;
    arguments: ScoreArguments | [
        worker: RawTransactionArgument<string>
    ];
}
/** 0 to 1000. */
export function score(options: ScoreOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null
    ] satisfies (string | null)[];
    const parameterNames = ["worker"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'node_registry',
        function: 'score',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}
export interface StatusArguments {
    worker: RawTransactionArgument<string>;
}
export interface StatusOptions {
    package?: string;
    arguments: StatusArguments | [
        worker: RawTransactionArgument<string>
    ];
}
/** 0 registered, 1 ready, 2 offline, 3 evicted. */
export function status(options: StatusOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null
    ] satisfies (string | null)[];
    const parameterNames = ["worker"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'node_registry',
        function: 'status',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}
export interface RegisteredAtMsArguments {
    worker: RawTransactionArgument<string>;
}
export interface RegisteredAtMsOptions {
    package?: string;
    arguments: RegisteredAtMsArguments | [
        worker: RawTransactionArgument<string>
    ];
}
/** ms since 1970. */
export function registeredAtMs(options: RegisteredAtMsOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null
    ] satisfies (string | null)[];
    const parameterNames = ["worker"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'node_registry',
        function: 'registered_at_ms',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}
export interface LastHeartbeatMsArguments {
    worker: RawTransactionArgument<string>;
}
export interface LastHeartbeatMsOptions {
    package?: string;
    arguments: LastHeartbeatMsArguments | [
        worker: RawTransactionArgument<string>
    ];
}
/** ms since 1970. */
export function lastHeartbeatMs(options: LastHeartbeatMsOptions) {
    const packageAddress = options.package ?? '@local-pkg/daas';
    const argumentsTypes = [
        null
    ] satisfies (string | null)[];
    const parameterNames = ["worker"];
    return (tx: Transaction) => tx.moveCall({
        package: packageAddress,
        module: 'node_registry',
        function: 'last_heartbeat_ms',
        arguments: normalizeMoveArguments(options.arguments, argumentsTypes, parameterNames),
    });
}