import {GrpcTypes as T} from '@mysten/sui/grpc'
import type {Ability, DatatypeInfo, FunctionInfo, PackageBytecode, SignatureType, Vm} from '../../vm/api.ts'

const abilities: Record<Ability, T.Ability> = {
  copy: T.Ability.COPY,
  drop: T.Ability.DROP,
  store: T.Ability.STORE,
  key: T.Ability.KEY,
}

const visibilities: Record<FunctionInfo['visibility'], T.FunctionDescriptor_Visibility> = {
  private: T.FunctionDescriptor_Visibility.PRIVATE,
  public: T.FunctionDescriptor_Visibility.PUBLIC,
  friend: T.FunctionDescriptor_Visibility.FRIEND,
}

const primitives: Record<string, T.OpenSignatureBody_Type> = {
  address: T.OpenSignatureBody_Type.ADDRESS,
  bool: T.OpenSignatureBody_Type.BOOL,
  u8: T.OpenSignatureBody_Type.U8,
  u16: T.OpenSignatureBody_Type.U16,
  u32: T.OpenSignatureBody_Type.U32,
  u64: T.OpenSignatureBody_Type.U64,
  u128: T.OpenSignatureBody_Type.U128,
  u256: T.OpenSignatureBody_Type.U256,
}

/**
 * A package as the API writes it.
 * @param describe with datatypes and functions of each module (GetPackage), or with the bytecode only (objects)
 */
export function packageToProto(vm: Vm, bytecode: PackageBytecode, describe: boolean): T.Package {
  return T.Package.create({
    storageId: bytecode.storageId,
    originalId: bytecode.originalId,
    version: bytecode.version,
    modules: [...bytecode.modules].map(([name, contents]) => ({
      name,
      contents,
      datatypes: describe ? vm.moduleDatatypes(bytecode.storageId, name).map(datatypeToProto) : [],
      functions: describe ? vm.moduleFunctions(bytecode.storageId, name).map(functionToProto) : [],
    })),
    typeOrigins: [...bytecode.typeOrigins].map(([datatype, packageId]) => {
      const [moduleName, datatypeName] = datatype.split('::')
      return {moduleName, datatypeName, packageId}
    }),
    linkage: [...bytecode.linkage].map(([originalId, upgradedId]) => ({originalId, upgradedId})),
  })
}

/** A function as the API writes it. */
export function functionToProto(info: FunctionInfo): T.FunctionDescriptor {
  return T.FunctionDescriptor.create({
    name: info.name,
    visibility: visibilities[info.visibility],
    isEntry: info.isEntry,
    typeParameters: info.typeParameters.map((parameter) => ({
      constraints: parameter.constraints.map((ability) => abilities[ability]),
    })),
    parameters: info.parameters.map(signatureToProto),
    returns: info.returns.map(signatureToProto),
  })
}

/** A struct or enum as the API writes it. */
export function datatypeToProto(info: DatatypeInfo): T.DatatypeDescriptor {
  const variants = info.variants.map((variant, position) => ({
    name: variant.name,
    position,
    fields: variant.fields.map((field, at) => ({
      name: field.name,
      position: at,
      type: bodyToProto(field.type),
    })),
  }))
  const isStruct = info.kind === 'struct'
  return T.DatatypeDescriptor.create({
    typeName: `${info.definingId}::${info.module}::${info.name}`,
    definingId: info.definingId,
    module: info.module,
    name: info.name,
    abilities: info.abilities.map((ability) => abilities[ability]),
    typeParameters: info.typeParameters.map((parameter) => ({
      constraints: parameter.constraints.map((ability) => abilities[ability]),
      isPhantom: parameter.phantom,
    })),
    kind: isStruct ? T.DatatypeDescriptor_DatatypeKind.STRUCT : T.DatatypeDescriptor_DatatypeKind.ENUM,
    fields: isStruct ? (variants[0]?.fields ?? []) : [],
    variants: isStruct ? [] : variants,
  })
}

function signatureToProto(type: SignatureType): T.OpenSignature {
  if (type.kind !== 'ref') return {body: bodyToProto(type)}
  const reference = type.mutable ? T.OpenSignature_Reference.MUTABLE : T.OpenSignature_Reference.IMMUTABLE
  return {reference, body: bodyToProto(type.to)}
}

function bodyToProto(type: SignatureType): T.OpenSignatureBody {
  const kinds = T.OpenSignatureBody_Type
  switch (type.kind) {
    case 'vector':
      return {type: kinds.VECTOR, typeParameterInstantiation: [bodyToProto(type.element)]}
    case 'datatype':
      return {
        type: kinds.DATATYPE,
        typeName: `${type.address}::${type.module}::${type.name}`,
        typeParameterInstantiation: type.typeArgs.map(bodyToProto),
      }
    case 'typeParameter':
      return {type: kinds.TYPE_PARAMETER, typeParameter: type.index, typeParameterInstantiation: []}
    case 'ref':
      return bodyToProto(type.to)
    default:
      return {type: primitives[type.kind] ?? kinds.TYPE_UNKNOWN, typeParameterInstantiation: []}
  }
}
