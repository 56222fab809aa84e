import {entry} from '../module.ts'
import {refuse} from './refusal.ts'
import {partsOf} from './types.ts'
import type {ModuleView} from './view.ts'

/** A type parameter of a function: handle and number. */
type Node = `${number}/${number}`

interface Edge {
  readonly to: Node
  /** The type parameter becomes part of a bigger type. */
  readonly grows: boolean
}

/**
 * Functions that call each other do not make their type arguments bigger each time, which would never end.
 * @throws VerifierRefusal LOOP_IN_INSTANTIATION_GRAPH
 */
export function checkInstantiationLoops(view: ModuleView): void {
  const edges = new Map<Node, Edge[]>()
  const defined = new Set(view.raw.function_defs.map((definition) => definition.function))
  for (const {definition, code} of view.functions()) {
    const caller = entry(view.raw.function_defs, definition).function
    for (const {name, index} of code) {
      if (name !== 'CallGeneric') continue
      const {handle, type_parameters: args} = entry(view.raw.function_instantiations, index)
      if (!defined.has(handle)) continue
      view.signature(args).forEach((type, number) => {
        for (const part of partsOf(type)) {
          if (part.kind !== 'TypeParameter') continue
          const from: Node = `${caller}/${part.index}`
          edges.set(from, [...(edges.get(from) ?? []), {to: `${handle}/${number}`, grows: part !== type}])
        }
      })
    }
  }
  for (const [from, outgoing] of edges) {
    for (const {to, grows} of outgoing) {
      if (grows && reaches(edges, to, from))
        refuse('LOOP_IN_INSTANTIATION_GRAPH', 'functions call each other with ever bigger types')
    }
  }
}

function reaches(edges: ReadonlyMap<Node, readonly Edge[]>, start: Node, goal: Node): boolean {
  const seen = new Set([start])
  for (const node of seen) {
    if (node === goal) return true
    for (const {to} of edges.get(node) ?? []) seen.add(to)
  }
  return false
}
