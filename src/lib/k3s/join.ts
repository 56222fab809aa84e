import type {JoinDeps, JoinedNode, JoinOptions} from './join-types.ts'
import {prepareJoin} from './prepare-join.ts'
import {startNode} from './start-node.ts'

/**
 * A whole join: binary, preflight, (stake and seal by the caller), registration at the listener, check of the server,
 * agent, Ready. If anything after the start of the agent fails, the agent is stopped before this throws.
 * @throws the errors of prepareJoin and startNode
 */
export async function joinNode(deps: JoinDeps, options: JoinOptions): Promise<JoinedNode> {
  const prepared = await prepareJoin(deps, options)
  try {
    return {...(await startNode(deps, options, prepared)), preflight: prepared.preflight}
  } catch (error) {
    prepared.client?.close()
    throw error
  }
}
