import assert from 'node:assert/strict'
import {shippedFramework} from '../../../../src/lib/devnet/executor/framework.ts'
import type {RawInstruction} from '../../../../src/lib/devnet/bytecode/module.ts'
import {
  VmAbort,
  VmError,
  type Cell,
  type SignatureType,
  type Value,
} from '../../../../src/lib/devnet/vm/api.ts'
import {primitive, signatureToConcrete} from '../../../../src/lib/devnet/vm/types.ts'
import {createVm} from '../../../../src/lib/devnet/vm/vm.ts'
import {generateModule} from '../../../move/support/generate-programs.ts'
import {DEEP} from '../../../move/support/generate-scenes.ts'
import {createRandom, type Random} from '../fuzz/random.ts'
import {compileWithFramework, packageOf, SELF, TestHost, vec} from '../vm/harness.ts'
import {readEditable, writeEditable, type EditableModule} from './editable.ts'
import {RULES_SOURCE} from './rules-source.ts'

const CASES = Number(process.env.DAAS_MUTATION_CASES ?? 2000)
const seed = Number(process.env.DAAS_MUTATION_SEED ?? 1)
/** More than any of the programs needs that end. */
const UNITS = 20_000
/** How what the verifier has accepted may end. */
const LEGAL = new Set([
  'ARITHMETIC_ERROR',
  'VECTOR_OPERATION_ERROR',
  'CALL_STACK_OVERFLOW',
  'EXECUTION_STACK_OVERFLOW',
  'OUT_OF_GAS',
])
const PLAIN =
  'Pop Ret LdTrue LdFalse ReadRef WriteRef FreezeRef Add Sub Mul Mod Div BitOr BitAnd Xor Or And Not Eq Neq Lt Gt Le Ge Abort Nop Shl Shr CastU8 CastU16 CastU32 CastU64 CastU128 CastU256'

/** An instruction of any kind, its operand mostly where something is. */
function anyInstruction(
  module: EditableModule,
  length: number,
  locals: number,
  random: Random,
): RawInstruction {
  const below = (count: number): number => random.below(Math.max(count, 1))
  const tables: readonly (readonly [string, number])[] = [
    ['CopyLoc MoveLoc StLoc MutBorrowLoc ImmBorrowLoc', locals],
    ['BrTrue BrFalse Branch', length],
    ['LdConst', module.constant_pool.length],
    ['LdU8', 256],
    ['Call', module.function_handles.length],
    ['CallGeneric', module.function_instantiations.length],
    ['Pack Unpack', module.struct_defs.length],
    ['PackGeneric UnpackGeneric', module.struct_def_instantiations.length],
    ['MutBorrowField ImmBorrowField', module.field_handles.length],
    ['MutBorrowFieldGeneric ImmBorrowFieldGeneric', module.field_instantiations.length],
    ['VecLen VecImmBorrow VecMutBorrow VecPushBack VecPopBack VecSwap', module.signatures.length],
    ['PackVariant UnpackVariant UnpackVariantImmRef UnpackVariantMutRef', module.variant_handles.length],
  ]
  if (random.below(2) === 0) return random.pick(PLAIN.split(' '))
  const [names, count] = random.pick(tables)
  return {[random.pick(names.split(' '))]: below(count)}
}

/** Changes one instruction of a module. */
function mutate(module: EditableModule, random: Random): string {
  const definitions = module.function_defs.filter((definition) => definition.code !== undefined)
  const definition = random.pick(definitions)
  const {code, locals} = definition.code!
  const parameters = module.function_handles[definition.function]!.parameters
  const count = module.signatures[parameters]!.length + module.signatures[locals]!.length
  const at = random.below(code.length)
  const put = (instruction: RawInstruction): void => void (code[at] = instruction as (typeof code)[number])
  switch (random.below(5)) {
    case 0:
      code.splice(at, 1)
      break
    case 1:
      code.splice(at, 0, structuredClone(code[random.below(code.length)]!))
      break
    case 2: {
      const other = Math.min(at + 1, code.length - 1)
      ;[code[at], code[other]] = [code[other]!, code[at]!]
      break
    }
    case 3: {
      const instruction = code[at]!
      const name = typeof instruction === 'string' ? instruction : Object.keys(instruction)[0]!
      const operand = typeof instruction === 'string' ? undefined : instruction[name]
      if (typeof operand === 'number') put({[name]: random.below(operand + 3)})
      else put(anyInstruction(module, code.length, count, random))
      break
    }
    default:
      put(anyInstruction(module, code.length, count, random))
  }
  return module.identifiers[module.function_handles[definition.function]!.name]!
}

/** A value of a type; undefined where one is not made that easily. */
function anyValue(type: SignatureType, random: Random): Value | {cell: Cell} | undefined {
  switch (type.kind) {
    case 'bool':
      return random.below(2) === 0
    case 'u8':
    case 'u16':
    case 'u32':
      return random.below(9)
    case 'u64':
    case 'u128':
    case 'u256':
      return BigInt(random.below(9))
    case 'address':
      return SELF
    case 'vector': {
      const items = [0, 1, 2].map(() => anyValue(type.element, random))
      return items.some((item) => item === undefined) ? undefined : vec(...(items as Value[]))
    }
    case 'ref': {
      const value = anyValue(type.to, random)
      return value === undefined ? undefined : {cell: {value: value as Value}}
    }
    default:
      return undefined
  }
}

describe('bytecode: modules with one instruction changed', function () {
  this.timeout(Math.max(300_000, CASES * 150))

  it(`are refused, or end as programs end (${CASES}, seed ${seed})`, async () => {
    const random = createRandom(seed)
    const sources = [
      RULES_SOURCE,
      ...[1, 2].map((index) => generateModule(`m${index}`, 7, createRandom(index), index * 7)),
    ]
    const [deep, ...compiled] = await compileWithFramework(DEEP, ...sources)
    const framework = new Map(shippedFramework().map((pkg) => [pkg.storageId, pkg]))
    const linkage = new Map([...framework.keys()].map((id) => [id, id]))
    let pkg = packageOf(SELF, new Map())
    const vm = createVm({getPackage: (id) => (id === SELF ? pkg : framework.get(id))})
    const outcomes = new Map<string, number>()
    const count = (outcome: string): void => void outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1)
    for (let index = 0; index < CASES; index++) {
      const module = readEditable(random.pick(compiled))
      const name = mutate(module, random)
      const own = module.identifiers[module.module_handles[module.self_module_handle_idx]!.name]!
      const bytes = writeEditable(module)
      pkg = packageOf(
        SELF,
        new Map([
          ['deep', deep!],
          [own, bytes],
        ]),
        {linkage},
      )
      try {
        vm.verifyForPublish([deep!, bytes], linkage)
      } catch (error) {
        assert.ok(error instanceof VmError, `case ${index}: ${String(error)}\n${(error as Error).stack}`)
        assert.ok(
          ['BYTECODE_REFUSED', 'MALFORMED_VALUE', 'SUI_RULE'].includes(error.kind),
          `case ${index}: ${error.kind} ${error.message}`,
        )
        count(error.kind)
        continue
      }
      count('accepted')
      const info = vm.functionInfo(SELF, own, name)
      const callers = info.typeParameters.length === 0 ? [info] : []
      callers.push(...vm.moduleFunctions(SELF, own).filter((each) => /^p\d$/.test(each.name)))
      for (const fn of callers) {
        const args = fn.parameters.map((type) => anyValue(type, random))
        if (args.some((argument) => argument === undefined)) continue
        let units = 0
        const charge = (more: number): void => {
          units += more
          if (units > UNITS) throw new VmError('OUT_OF_GAS', 'it goes on')
        }
        try {
          const call = {package: SELF, module: own, function: fn.name, typeArgs: [], host: new TestHost()}
          const results = vm.call({...call, args: args as Value[], meter: {charge}})
          assert.equal(results.length, fn.returns.length)
          results.forEach((value, at) => {
            const type = fn.returns[at]!
            vm.serialize(signatureToConcrete(type.kind === 'ref' ? type.to : type, [primitive.u64]), value)
          })
          count('ran')
        } catch (error) {
          if (error instanceof VmAbort) count('aborted')
          else if (error instanceof VmError && LEGAL.has(error.kind)) count('failed')
          else assert.fail(`case ${index}, ${own}::${fn.name}: ${String(error)}\n${(error as Error).stack}`)
        }
      }
    }
    for (const outcome of ['BYTECODE_REFUSED', 'accepted', 'ran', 'aborted']) {
      assert.ok((outcomes.get(outcome) ?? 0) > 0, `none was ${outcome}: ${JSON.stringify([...outcomes])}`)
    }
    if (process.env.DAAS_MUTATION_CASES !== undefined) console.log(Object.fromEntries(outcomes))
  })
})
