/** The commands Publish and Upgrade. */
import {fromBase64} from '@mysten/bcs'
import {blake2b256} from '../vm/blake2b.ts'
import {readDaasDigest} from '../../contracts/package.ts'
import {VmError, type FunctionInfo, type PackageBytecode, type Value} from '../vm/api.ts'
import {addressToBytes} from '../vm/bytes.ts'
import {normalizeMoveAddress, valueBytes} from '../vm/types.ts'
import type {CommandContext, TypedValue} from './commands.ts'
import {incompatibility, POLICY} from './compatibility.ts'
import {argumentFailure, ExecutionError, plainFailure, type FailureStatus} from './failure.ts'
import type {Command} from './inputs.ts'
import {withSelfAddress} from './module-address.ts'
import {summarizeModule, type ModuleSummary} from './packages.ts'
import {fieldOf, frameworkType, idValue, sameType, txContextValue, uidValue} from './values.ts'

const ZERO = `0x${'0'.repeat(64)}`
const MAX_PACKAGE_BYTES = 100 * 1024
const POLICIES: ReadonlySet<number> = new Set(Object.values(POLICY))

interface Payload {
  readonly bytes: readonly Uint8Array[]
  readonly summaries: readonly ModuleSummary[]
}

function readPayload(modules: readonly string[]): Payload {
  const bytes = modules.map((text) => fromBase64(text))
  const size = bytes.reduce((sum, module) => sum + module.length, 0)
  if (size > MAX_PACKAGE_BYTES) {
    throw new ExecutionError({
      MovePackageTooBig: {objectSize: String(size), maxObjectSize: String(MAX_PACKAGE_BYTES)},
    })
  }
  try {
    const summaries = bytes.map(summarizeModule)
    if (summaries.some((summary) => summary.address !== ZERO))
      throw plainFailure('PublishErrorNonZeroAddress')
    return {bytes, summaries}
  } catch (error) {
    if (!(error instanceof VmError)) throw error
    throw plainFailure('VMVerificationOrDeserializationError', error.message)
  }
}

/** Original id to storage id of every dependency, those of dependencies included. */
function linkageOf(
  context: CommandContext,
  payload: Payload,
  dependencies: readonly string[],
): Map<string, string> {
  const linkage = new Map<string, string>()
  for (const id of dependencies) {
    const code = context.packages.getPackage(normalizeMoveAddress(id))
    if (code === undefined) throw plainFailure('PublishUpgradeMissingDependency')
    linkage.set(code.originalId, code.storageId)
  }
  const needed = new Set(payload.summaries.flatMap((summary) => summary.dependencies))
  for (const storageId of linkage.values()) {
    for (const original of context.packages.getPackage(storageId)?.linkage.keys() ?? []) needed.add(original)
  }
  for (const original of needed) {
    if (!linkage.has(original)) throw plainFailure('PublishUpgradeMissingDependency')
  }
  checkDowngrades(context, linkage)
  return linkage
}

/** No dependency may get an older version of another than the one it was made for. */
function checkDowngrades(context: CommandContext, linkage: ReadonlyMap<string, string>): void {
  const versionOf = (id: string | undefined): bigint =>
    id === undefined ? 0n : (context.packages.getPackage(id)?.version ?? 0n)
  for (const storageId of linkage.values()) {
    for (const [original, made] of context.packages.getPackage(storageId)?.linkage ?? []) {
      if (versionOf(linkage.get(original)) < versionOf(made)) {
        throw plainFailure('PublishUpgradeDependencyDowngrade')
      }
    }
  }
}

function moduleMap(payload: Payload, address: string): Map<string, Uint8Array> {
  const entries = payload.summaries.map(
    ({name}, index) => [name, withSelfAddress(payload.bytes[index]!, address)] as const,
  )
  return new Map(entries.toSorted(([a], [b]) => (a < b ? -1 : 1)))
}

/** True for the contracts that ship with daas: what `npm run move:build` compiled need not be verified at each start. */
function isShipped(payload: Payload, dependencies: readonly string[]): boolean {
  const digest = upgradeDigest(payload.bytes, dependencies.map(normalizeMoveAddress))
  return Buffer.from(digest).toString('hex') === readDaasDigest()
}

function verify(context: CommandContext, code: PackageBytecode, trusted: boolean): void {
  const modules = [...code.modules.values()]
  context.meter.chargePublish(modules.reduce((sum, module) => sum + module.length, 0))
  try {
    context.vm.verifyForPublish(modules, code.linkage, trusted)
  } catch (error) {
    if (!(error instanceof VmError) || error.kind === 'OUT_OF_GAS' || error.kind === 'SUI_RULE') throw error
    throw plainFailure('VMVerificationOrDeserializationError', error.message)
  }
}

/** Publishes a package, calls its initialisers, and returns its UpgradeCap. */
export function publish(context: CommandContext, command: NonNullable<Command['Publish']>): TypedValue {
  const {runtime, packages} = context
  const payload = readPayload(command.modules)
  const linkage = linkageOf(context, payload, command.dependencies)
  const id = runtime.freshId()
  const code: PackageBytecode = {
    storageId: id,
    originalId: id,
    version: 1n,
    modules: moduleMap(payload, id),
    linkage,
    typeOrigins: new Map(
      payload.summaries.flatMap(({name, datatypes}) =>
        datatypes.map((datatype) => [`${name}::${datatype}`, id] as const),
      ),
    ),
  }
  verify(context, code, isShipped(payload, command.dependencies))
  packages.stage(code)
  for (const {name} of payload.summaries) initialise(context, id, name)
  const capId = runtime.freshId()
  return {
    type: frameworkType('package', 'UpgradeCap'),
    value: {fields: [uidValue(capId), idValue(id), 1n, 0]},
  }
}

/** Calls `init` of a module, if it has one. */
function initialise(context: CommandContext, packageId: string, module: string): void {
  const {vm, runtime} = context
  const init = vm.moduleFunctions(packageId, module).find((info) => info.name === 'init')
  if (init === undefined) return
  runtime.caller = {packageId, module}
  vm.call({
    package: packageId,
    module,
    function: 'init',
    typeArgs: [],
    args: initArguments(context, init),
    host: runtime,
    meter: context.meter,
  })
}

function initArguments(context: CommandContext, init: FunctionInfo): (Value | {cell: {value: Value}})[] {
  const {runtime} = context
  const transactionContext = {cell: {value: txContextValue(runtime.tx, runtime.idsCreated())}}
  // Before the context there may be the one-time witness: a struct of one bool.
  return init.parameters.map((parameter) =>
    parameter.kind === 'ref' ? transactionContext : {fields: [true]},
  )
}

/** The digest that an UpgradeTicket authorises: over the sorted hashes of modules and ids of dependencies. */
export function upgradeDigest(modules: readonly Uint8Array[], dependencies: readonly string[]): Uint8Array {
  const parts = [...modules.map((module) => blake2b256(module)), ...dependencies.map(addressToBytes)]
  return blake2b256(...parts.toSorted((a, b) => Buffer.compare(a, b)))
}

function upgradeFailure(upgradeError: unknown, message: string): ExecutionError {
  return new ExecutionError({PackageUpgradeError: {upgradeError}} as unknown as FailureStatus, message)
}

/** Stores the next version of a package and returns the UpgradeReceipt for the ticket. */
export function upgrade(
  context: CommandContext,
  command: NonNullable<Command['Upgrade']>,
  ticket: TypedValue,
): TypedValue {
  const {runtime, packages} = context
  if (!sameType(ticket.type, frameworkType('package', 'UpgradeTicket')))
    throw argumentFailure(0, 'TypeMismatch')
  const packageId = normalizeMoveAddress(command.package)
  const current = packages.getPackage(packageId)
  if (current === undefined) {
    throw upgradeFailure({UnableToFetchPackage: {packageId}}, `no package ${packageId}`)
  }
  const ticketId = fieldOf(ticket.value, 1, 0) as string
  if (ticketId !== packageId) {
    const status = {PackageIDDoesNotMatch: {packageId, ticketId}}
    throw upgradeFailure(status, `the ticket is for package ${ticketId}, not ${packageId}`)
  }
  const payload = readPayload(command.modules)
  const digest = upgradeDigest(payload.bytes, command.dependencies.map(normalizeMoveAddress))
  if (Buffer.compare(digest, valueBytes(fieldOf(ticket.value, 3))) !== 0) {
    throw upgradeFailure({DigestDoesNotMatch: {digest: [...digest]}}, 'the ticket is for other modules')
  }
  const policy = fieldOf(ticket.value, 2) as number
  if (!POLICIES.has(policy))
    throw upgradeFailure({UnknownUpgradePolicy: {policy}}, `no upgrade policy ${policy}`)
  const linkage = linkageOf(context, payload, command.dependencies)
  const id = runtime.freshId()
  const typeOrigins = new Map(current.typeOrigins)
  for (const {name, datatypes} of payload.summaries) {
    for (const datatype of datatypes) {
      const key = `${name}::${datatype}`
      if (!typeOrigins.has(key)) typeOrigins.set(key, id)
    }
  }
  const code: PackageBytecode = {
    storageId: id,
    originalId: current.originalId,
    version: current.version + 1n,
    modules: moduleMap(payload, current.originalId),
    linkage,
    typeOrigins,
  }
  verify(context, code, false)
  packages.stage(code)
  const reason = incompatibility(context.vm, current, code, policy)
  if (reason !== undefined) {
    throw upgradeFailure({IncompatibleUpgrade: true}, `the upgrade is not compatible: ${reason}`)
  }
  return {
    type: frameworkType('package', 'UpgradeReceipt'),
    value: {fields: [idValue(fieldOf(ticket.value, 0, 0) as string), idValue(id)]},
  }
}
