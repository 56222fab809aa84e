/**
 * The seam between the virtual machine and its host (the executor): what one asks of the other.
 * The VM knows bytecode, values and types; the host knows transactions, objects and the store.
 */

/** A concrete Move type. Addresses are `0x` and 64 lower-case hex digits; a datatype's is its *defining* package. */
export type MoveType =
  | {readonly kind: PrimitiveKind}
  | {readonly kind: 'vector'; readonly element: MoveType}
  | {
      readonly kind: 'datatype'
      readonly address: string
      readonly module: string
      readonly name: string
      readonly typeArgs: readonly MoveType[]
    }

export type PrimitiveKind = 'bool' | 'u8' | 'u16' | 'u32' | 'u64' | 'u128' | 'u256' | 'address' | 'signer'

/**
 * A Move value at run time. bool: boolean; u8, u16, u32: number; u64, u128, u256: bigint; address: string
 * (0x + 64 hex); vector: VectorValue; struct: StructValue; enum: VariantValue. Values are copied by `copyValue`.
 */
export type Value = boolean | number | bigint | string | VectorValue | StructValue | VariantValue

/** A vector: an array of values; the VM may keep vector<u8> in the same form. */
export interface VectorValue {
  readonly elements: Value[]
}

/** A struct: its fields in the order of declaration. */
export interface StructValue {
  readonly fields: Value[]
}

/** A value of an enum: the tag of its variant and the fields of it. */
export interface VariantValue {
  tag: number
  fields: Value[]
}

/** A place that holds a value and can be borrowed: the host passes one for each `&T` and `&mut T` argument. */
export interface Cell {
  value: Value
}

/** Bytecode of one published package version, with what is needed to link it. */
export interface PackageBytecode {
  /** The id under which this version is stored. */
  readonly storageId: string
  /** The id of its first version: the address in the bytecode of its own modules. */
  readonly originalId: string
  readonly version: bigint
  /** Module name to serialised module. */
  readonly modules: ReadonlyMap<string, Uint8Array>
  /** Original id of each dependency to the storage id of the version it links against. */
  readonly linkage: ReadonlyMap<string, string>
  /** `module::datatype` to the storage id of the version that first defined it. */
  readonly typeOrigins: ReadonlyMap<string, string>
}

/** Where the VM finds packages. */
export interface PackageStore {
  /** The package stored under this id, or undefined. */
  getPackage(storageId: string): PackageBytecode | undefined
}

/** To whom an object goes. */
export type OwnerTarget =
  | {readonly kind: 'address'; readonly address: string}
  | {readonly kind: 'shared'}
  | {readonly kind: 'immutable'}

/** What a transaction looks like from inside. */
export interface TxInfo {
  readonly sender: string
  /** 32 bytes. */
  readonly digest: Uint8Array
  readonly epoch: bigint
  readonly epochTimestampMs: bigint
  readonly referenceGasPrice: bigint
  readonly gasPrice: bigint
  readonly gasBudget: bigint
  readonly sponsor: string | undefined
}

/** What the natives ask of the object runtime. Methods that refuse throw `VmAbort` with the framework's code. */
export interface VmHost {
  readonly tx: TxInfo
  /** A new unique id of this transaction; counts it. */
  freshId(): string
  idsCreated(): bigint
  recordNewUid(id: string): void
  deleteUid(id: string): void
  transfer(type: MoveType, value: Value, target: OwnerTarget): void
  receive(parent: string, id: string, version: bigint, type: MoveType): Value
  emit(type: MoveType, value: Value): void
  addChild(parent: string, childId: string, type: MoveType, value: Value): void
  /** The cell that holds the child; a write to it is a change of the child. `mutable` says what the caller wants. */
  borrowChild(parent: string, childId: string, type: MoveType, mutable: boolean): Cell
  removeChild(parent: string, childId: string, type: MoveType): Value
  hasChild(parent: string, childId: string): boolean
  hasChildWithType(parent: string, childId: string, type: MoveType): boolean
}

/** Counts what a transaction computes. Throws `VmError` OUT_OF_GAS. */
export interface Meter {
  charge(units: number): void
}

/** One call from a programmable transaction. */
export interface CallRequest {
  /** Storage id of the package version to call. */
  readonly package: string
  readonly module: string
  readonly function: string
  readonly typeArgs: readonly MoveType[]
  /** By value: the value. For `&` and `&mut` parameters: the cell to borrow. */
  readonly args: readonly (Value | {readonly cell: Cell})[]
  readonly host: VmHost
  readonly meter: Meter
}

/** Where in the bytecode something happened. */
export interface CodeLocation {
  /** Original id of the package. */
  readonly package: string
  /** Storage id of the version that ran. */
  readonly storageId: string
  readonly module: string
  readonly functionIndex: number
  readonly functionName: string
  readonly instruction: number
}

/** `abort` in Move, or in a native. */
export class VmAbort extends Error {
  readonly code: bigint
  location: CodeLocation | undefined
  constructor(code: bigint, location?: CodeLocation) {
    super(`abort ${code}`)
    this.name = 'VmAbort'
    this.code = code
    this.location = location
  }
}

/** The status codes of the VM that a transaction can meet. */
export type VmErrorKind =
  | 'ARITHMETIC_ERROR'
  | 'VECTOR_OPERATION_ERROR'
  | 'CALL_STACK_OVERFLOW'
  | 'EXECUTION_STACK_OVERFLOW'
  | 'OUT_OF_GAS'
  | 'FUNCTION_NOT_FOUND'
  | 'MODULE_NOT_FOUND'
  | 'TYPE_MISMATCH'
  | 'NOT_ENTRY_OR_PUBLIC'
  | 'MALFORMED_VALUE'
  | 'UNSUPPORTED'
  | 'BYTECODE_REFUSED'
  | 'SUI_RULE'
  | 'INVARIANT_VIOLATION'

/** A failure of execution that is no abort. */
export class VmError extends Error {
  readonly kind: VmErrorKind
  readonly subStatus: bigint | undefined
  location: CodeLocation | undefined
  constructor(kind: VmErrorKind, message: string, subStatus?: bigint, location?: CodeLocation) {
    super(message)
    this.name = 'VmError'
    this.kind = kind
    this.subStatus = subStatus
    this.location = location
  }
}

/** A type as a signature writes it: concrete, a type parameter, or a reference to one of these. */
export type SignatureType =
  | {readonly kind: PrimitiveKind}
  | {readonly kind: 'vector'; readonly element: SignatureType}
  | {
      readonly kind: 'datatype'
      readonly address: string
      readonly module: string
      readonly name: string
      readonly typeArgs: readonly SignatureType[]
    }
  | {readonly kind: 'typeParameter'; readonly index: number}
  | {readonly kind: 'ref'; readonly mutable: boolean; readonly to: SignatureType}

export type Ability = 'copy' | 'drop' | 'store' | 'key'

/** What a function looks like from outside. */
export interface FunctionInfo {
  readonly name: string
  readonly visibility: 'private' | 'public' | 'friend'
  readonly isEntry: boolean
  readonly typeParameters: readonly {readonly constraints: readonly Ability[]}[]
  readonly parameters: readonly SignatureType[]
  readonly returns: readonly SignatureType[]
}

/** What a datatype looks like from outside. */
export interface DatatypeInfo {
  /** Storage id of the package version that defined it first. */
  readonly definingId: string
  readonly module: string
  readonly name: string
  readonly abilities: readonly Ability[]
  readonly typeParameters: readonly {readonly constraints: readonly Ability[]; readonly phantom: boolean}[]
  readonly kind: 'struct' | 'enum'
  /** One variant, named '' for a struct. */
  readonly variants: readonly {
    readonly name: string
    readonly fields: readonly {readonly name: string; readonly type: SignatureType}[]
  }[]
}

/** The machine: calls functions, and knows types and the bytes of values. Made by `createVm(store)`. */
export interface Vm {
  /** Calls a function; returned references come as copies of what they refer to. Throws VmAbort, VmError. */
  call(request: CallRequest): Value[]
  /** Throws VmError MODULE_NOT_FOUND or FUNCTION_NOT_FOUND. */
  functionInfo(packageId: string, module: string, name: string): FunctionInfo
  /** Every function of a module, in the order of the bytecode. */
  moduleFunctions(packageId: string, module: string): FunctionInfo[]
  datatypeInfo(packageId: string, module: string, name: string): DatatypeInfo
  moduleDatatypes(packageId: string, module: string): DatatypeInfo[]
  abilitiesOf(type: MoveType): ReadonlySet<Ability>
  /** BCS of a value. */
  serialize(type: MoveType, value: Value): Uint8Array
  /** The value of a BCS; throws VmError MALFORMED_VALUE. */
  deserialize(type: MoveType, bytes: Uint8Array): Value
  /** JSON of a value by the rules of Sui's gRPC (facts/sui.md 3.1). */
  toJson(type: MoveType, value: Value): unknown
  /**
   * Checks modules before they are published: deserialises, verifies, links, knows the natives. Where they are trusted
   * the bytecode verifier is left out. Throws VerifierRefusal, VmError UNSUPPORTED by name.
   */
  verifyForPublish(
    modules: readonly Uint8Array[],
    linkage: ReadonlyMap<string, string>,
    trusted?: boolean,
  ): void
}
