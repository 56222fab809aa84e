import type {RawModule, RawToken} from '../module.ts'
import {entry} from '../module.ts'

/** Masks of abilities, as the format has them. */
export const COPY = 1
export const DROP = 2
export const STORE = 4
export const KEY = 8
export const ALL_ABILITIES = COPY | DROP | STORE | KEY

export type TypeKind =
  Extract<RawToken, string> | 'Vector' | 'Datatype' | 'Reference' | 'MutableReference' | 'TypeParameter'

/** A type of a module. The pool makes each only once, so two that are equal are the same object. */
export interface Type {
  readonly id: number
  readonly kind: TypeKind
  /** Type arguments; of a vector or a reference the type within. */
  readonly args: readonly Type[]
  /** Index of the datatype's handle, or of the type parameter. */
  readonly index: number
}

const INTEGERS: ReadonlySet<TypeKind> = new Set(['U8', 'U16', 'U32', 'U64', 'U128', 'U256'])

export const isInteger = (type: Type): boolean => INTEGERS.has(type.kind)
export const isReference = (type: Type): boolean =>
  type.kind === 'Reference' || type.kind === 'MutableReference'

/** What a type must have for what it is part of to have an ability: `store` for `key`, else the same. */
export const requirement = (abilities: number): number =>
  (abilities & (COPY | DROP | STORE)) | ((abilities & KEY) === 0 ? 0 : STORE)

/** What can be had by what holds a type with these abilities: the reverse of `requirement`. */
const allowance = (abilities: number): number =>
  (abilities & (COPY | DROP | STORE)) | ((abilities & STORE) === 0 ? 0 : KEY)

/** The types of one module. */
export class TypePool {
  readonly #raw: RawModule
  readonly #types = new Map<string, Type>()
  readonly #tokens = new WeakMap<object, Type>()
  readonly #substituted = new Map<string, Type>()

  constructor(raw: RawModule) {
    this.#raw = raw
  }

  /** The type of a token. */
  of(token: RawToken): Type {
    if (typeof token === 'string') return this.make(token)
    let type = this.#tokens.get(token)
    if (type === undefined) {
      type = this.#read(token)
      this.#tokens.set(token, type)
    }
    return type
  }

  #read(token: Exclude<RawToken, string>): Type {
    if ('Vector' in token) return this.make('Vector', [this.of(token.Vector)])
    if ('Datatype' in token) return this.make('Datatype', [], token.Datatype)
    if ('DatatypeInstantiation' in token) {
      const [handle, args] = token.DatatypeInstantiation
      return this.make(
        'Datatype',
        args.map((argument) => this.of(argument)),
        handle,
      )
    }
    if ('Reference' in token) return this.make('Reference', [this.of(token.Reference)])
    if ('MutableReference' in token) return this.make('MutableReference', [this.of(token.MutableReference)])
    return this.make('TypeParameter', [], token.TypeParameter)
  }

  /** The one type of a kind with these parts. */
  make(kind: TypeKind, args: readonly Type[] = [], index = 0): Type {
    const key = `${kind}${index}<${args.map(({id}) => id).join()}>`
    let type = this.#types.get(key)
    if (type === undefined) {
      type = {id: this.#types.size, kind, args, index}
      this.#types.set(key, type)
    }
    return type
  }

  /** The type with types in the place of its type parameters. */
  substitute(type: Type, types: readonly Type[]): Type {
    if (types.length === 0) return type
    if (type.kind === 'TypeParameter') return entry(types, type.index)
    if (type.args.length === 0) return type
    const key = `${type.id}<${types.map(({id}) => id).join()}>`
    let made = this.#substituted.get(key)
    if (made === undefined) {
      made = this.make(
        type.kind,
        type.args.map((argument) => this.substitute(argument, types)),
        type.index,
      )
      this.#substituted.set(key, made)
    }
    return made
  }

  /**
   * Abilities of a type, as a mask.
   * @param constraints abilities of the type parameters around
   */
  abilities(type: Type, constraints: readonly number[]): number {
    switch (type.kind) {
      case 'Signer':
        return DROP
      case 'Reference':
      case 'MutableReference':
        return COPY | DROP
      case 'TypeParameter':
        return entry(constraints, type.index)
      case 'Vector':
        return (COPY | DROP | STORE) & allowance(this.abilities(type.args[0]!, constraints))
      case 'Datatype': {
        const handle = entry(this.#raw.datatype_handles, type.index)
        return type.args.reduce(
          (abilities, argument, index) =>
            handle.type_parameters[index]?.is_phantom === true
              ? abilities
              : abilities & allowance(this.abilities(argument, constraints)),
          handle.abilities,
        )
      }
      default:
        return COPY | DROP | STORE
    }
  }
}

/** Every type that a type is made of, itself first. */
export function* partsOf(type: Type): Generator<Type> {
  yield type
  for (const argument of type.args) yield* partsOf(argument)
}
