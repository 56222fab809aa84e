import type {Flow} from './flow.ts'
import {MOST} from './limits.ts'
import {refuse} from './refusal.ts'

/** The blocks in the order of a walk in depth, and the edges between them. */
interface Walk {
  /** How many blocks were found from each on. */
  readonly found: number[]
  /** Edges to a block from one that was found from it: they close a loop. */
  readonly back: number[][]
  /** All other edges to a block. */
  readonly forward: number[][]
}

function walk(flow: Flow): Walk {
  const result: Walk = {found: [0], back: [[]], forward: [[]]}
  const nodes = new Map([[0, 0]])
  const open = new Set([0])
  const visit = (from: number, block: number) => ({from, block, leaves: false})
  const stack = flow[0]!.next.map((block) => visit(0, block))
  while (stack.length > 0) {
    const {from, block, leaves} = stack.pop()!
    const known = nodes.get(block)
    if (leaves) {
      result.found[from]! += 1 + result.found[known!]!
      open.delete(known!)
    } else if (known !== undefined) {
      ;(open.has(known) ? result.back : result.forward)[known]!.push(from)
    } else {
      const node = nodes.size
      nodes.set(block, node)
      open.add(node)
      result.found.push(0)
      result.back.push([])
      result.forward.push([from])
      stack.push({from, block, leaves: true}, ...flow[block]!.next.map((next) => visit(node, next)))
    }
  }
  return result
}

/**
 * Every loop has one block by which it is entered (Tarjan, Testing flow graph reducibility, 1974), and loops do not nest
 * deeper than Sui allows.
 * @returns how many edges go back
 * @throws VerifierRefusal INVALID_LOOP_SPLIT, LOOP_MAX_DEPTH_REACHED
 */
export function checkLoops(name: string, flow: Flow): number {
  const {found, back, forward} = walk(flow)
  const heads = found.map((_, node) => node)
  const depths = found.map(() => 0)
  // A loop that was looked at counts as its head from then on.
  const headOf = (node: number): number => {
    let head = node
    while (heads[head] !== head) head = heads[head]!
    return head
  }
  for (let head = found.length - 1; head >= 0; head--) {
    if (back[head]!.length === 0) continue
    const body = new Set(back[head]!.map(headOf).filter((node) => node !== head))
    for (const node of body) {
      for (const from of forward[node]!.map(headOf)) {
        if (from < head || from > head + found[head]!) {
          refuse('INVALID_LOOP_SPLIT', `${name} enters a loop by more than its head`)
        }
        // What is added while a Set is gone over is gone over too.
        if (from !== head) body.add(from)
      }
    }
    for (const node of body) heads[node] = head
    const depth = 1 + Math.max(depths[head]!, ...[...body].map((node) => depths[node]!))
    depths[head] = depth
    if (depth > MOST.loopDepth) refuse('LOOP_MAX_DEPTH_REACHED', `${name} nests loops too deep`)
  }
  return back.reduce((sum, edges) => sum + edges.length, 0)
}
