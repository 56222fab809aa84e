import {access, rm} from 'node:fs/promises'
import {homedir} from 'node:os'
import {join, resolve, sep} from 'node:path'
import {daasError} from '../errors/daas-error.ts'
import {agentFiles} from './agent-config.ts'
import type {NodeState} from './node-state.ts'

/** Where k3s keeps the password that a node's name is bound to; it outlives the data directory. */
const NODE_PASSWORD = '/etc/rancher/node/password'

/** What leaving removes. */
export interface Removal {
  readonly path: string
  readonly what: string
}

/**
 * Lists what a join wrote and what is there of it.
 * @param purge with the agent's data and identity; without it only what no later join needs
 * @throws PURGE_REFUSED where the data directory is none that an agent of daas has written to
 */
export async function listRemovals(
  state: NodeState | undefined,
  {nodeDir, purge}: {nodeDir: string; purge: boolean},
): Promise<Removal[]> {
  const dataDir = state?.dataDir ?? nodeDir
  const files = agentFiles(dataDir)
  const token = {path: files.token, what: 'token of the agent, spent'}
  const config = {path: files.config, what: 'configuration of the agent'}
  const own = {path: join(nodeDir, 'state.json'), what: 'state of the join'}
  const removals: Removal[] = []
  if (!purge) removals.push(token, config)
  else {
    if (await exists(dataDir)) {
      await checkRemovable(dataDir, token.path)
      removals.push({path: dataDir, what: 'data, certificates and log of the agent'})
    }

    if (state && !state.standIn && !state.rootless) {
      removals.push({path: NODE_PASSWORD, what: 'password that the name is bound to'})
    }
  }

  if (purge && nodeDir !== dataDir) removals.push({path: nodeDir, what: 'state and log of the join'})
  // The last one: until then a second run knows what there is to do.
  if (!purge) removals.push(own)
  const there = await Promise.all(removals.map(async ({path}) => exists(path)))
  return removals.filter((_, index) => there[index])
}

/** Removes them, in their order. */
export async function remove(removals: readonly Removal[]): Promise<void> {
  for (const {path} of removals) await rm(path, {recursive: true, force: true})
}

/** A path in a state file is no licence to remove any directory: it must be one that we have written our token to. */
async function checkRemovable(dir: string, tokenFile: string): Promise<void> {
  const full = resolve(dir)
  const home = resolve(homedir())
  if (full === sep || home === full || home.startsWith(`${full}${sep}`)) {
    throw daasError('PURGE_REFUSED', {dir, reason: 'it holds more than an agent'})
  }

  if (full.split(sep).length < 3)
    throw daasError('PURGE_REFUSED', {dir, reason: 'it is a directory of the system'})
  if (!(await exists(tokenFile)) && !(await exists(join(full, 'state.json')))) {
    throw daasError('PURGE_REFUSED', {dir, reason: 'no agent of daas has run in it'})
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}
