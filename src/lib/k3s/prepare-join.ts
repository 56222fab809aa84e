import {DaasError, daasError} from '../errors/daas-error.ts'
import {findK3s, type FoundK3s} from './binary.ts'
import {ALL_PHASES, phaseRunner, type RunPhase} from './join-phases.ts'
import type {JoinDeps, JoinIdentity, JoinOptions, PreparedJoin, Registration} from './join-types.ts'
import {assertPreflight, type PreflightResult, runPreflight} from './preflight.ts'
import {preflightContext} from './preflight-context.ts'
import {registerNode} from './register-node.ts'
import {createListenerClient} from './register.ts'
import {verifyServer} from './verify-server.ts'

/**
 * Everything before the agent.
 * @throws the errors of findK3s, assertPreflight, createListenerClient, verifyServer; JOIN_PHASE_NEEDS
 */
export async function prepareJoin(deps: JoinDeps, options: JoinOptions): Promise<PreparedJoin> {
  const {signal} = deps
  const {cluster, clusterNow, nodeName, phases = ALL_PHASES} = options
  const phase = phaseRunner(deps, phases)
  const k3s = await phase(
    'binary',
    () => locate(deps, options, options.k3s),
    ({file, version}) => (version ? `${file} (${version})` : file),
    async () => findWithoutDownload(deps, options),
  )
  const preflight = await phase(
    'preflight',
    () => checkMachine(deps, options, k3s),
    describeChecks,
    async () => [],
  )
  // Before any coin moves: where there is no listener there is nothing to join.
  if (phases.has('register') && cluster.listenerUrls.length === 0) {
    throw daasError('LISTENER_UNANNOUNCED', {name: cluster.id})
  }

  const needed = phases.has('register') || phases.has('agent')
  let identity = await identify(phase, options, needed)
  const deadline = deps.now() + options.timeoutMs
  const client =
    identity && needed
      ? createListenerClient({
          urls: cluster.listenerUrls,
          tlsPin: cluster.tlsPin,
          sealToken: identity.sealToken,
          signal,
          ...(clusterNow && {
            refresh: async () => {
              const now = await clusterNow()
              return {urls: now.listenerUrls, tlsPin: now.tlsPin}
            },
          }),
        })
      : undefined
  try {
    const registration = await phase(
      'register',
      async () => {
        const registered = await registerNode(client!, deps, options, identity!, deadline)
        ;({identity} = registered)
        return registered.answer
      },
      ({k3sVersion}) =>
        `${nodeName} on the allow-list of ${cluster.id}, k3s ${k3sVersion || '(version not said)'}`,
      async () => {
        if (!options.registered && phases.has('agent'))
          throw daasError('JOIN_PHASE_NEEDS', {phase: 'agent', needs: 'register'})
        return options.registered
      },
    )
    await phase(
      'verify',
      async () => checkServer(deps, options, registration, phases.has('register') ? identity : undefined),
      (url) => `${url} has the right CA${phases.has('register') ? ' and takes the token' : ''}`,
      async () => '',
    )
    return {
      preflight,
      deadline,
      ...(k3s && {k3s}),
      ...(identity && {identity}),
      ...(client && {client}),
      ...(registration && {registration}),
    }
  } catch (error) {
    client?.close()
    throw error
  }
}

/** Two phases by name; where both are wanted and neither stake nor seal is there, one transaction. */
async function identify(
  phase: RunPhase,
  {phases = ALL_PHASES, identity}: JoinOptions,
  needed: boolean,
): Promise<JoinIdentity | undefined> {
  const may = {stake: phases.has('stake'), seal: phases.has('seal'), needed}
  const nothing = async (): Promise<Awaited<ReturnType<typeof identity>>> => ({})
  const staked = await phase(
    'stake',
    () => identity(may),
    ({stake = ''}) => `stake ${stake}`,
    nothing,
  )
  const sealed = await phase(
    'seal',
    async () => (may.stake ? staked : identity(may)),
    (made) => `seal ${made.identity?.seal ?? ''}`,
    nothing,
  )
  if (staked.identity ?? sealed.identity) return staked.identity ?? sealed.identity
  return needed && !may.stake && !may.seal ? (await identity(may)).identity : undefined
}

async function locate(
  {env, signal, onProgress}: JoinDeps,
  {cluster}: JoinOptions,
  k3s: JoinOptions['k3s'],
): Promise<FoundK3s> {
  return findK3s({
    ...k3s,
    path: env.PATH ?? '',
    version: cluster.k3sVersion,
    signal,
    onProgress: (detail) => onProgress({phase: 'binary', status: 'detail', detail}),
  })
}

/** Skipping `binary` means: fetch nothing. Only the agent cannot do without. */
async function findWithoutDownload(deps: JoinDeps, options: JoinOptions): Promise<FoundK3s | undefined> {
  const {download: _download, ...here} = options.k3s
  try {
    return await locate(deps, options, here)
  } catch (error) {
    const missing = error instanceof DaasError && error.errorName === 'K3S_MISSING'
    if (missing && !(options.phases ?? ALL_PHASES).has('agent')) return undefined
    throw error
  }
}

async function checkMachine(
  {probes, signal}: JoinDeps,
  options: JoinOptions,
  k3s: FoundK3s | undefined,
): Promise<PreflightResult[]> {
  const results = await runPreflight(probes, preflightContext({...options, k3s, signal}))
  assertPreflight(results, options.ignorePreflight)
  return results
}

function describeChecks(results: readonly PreflightResult[]): string {
  const warnings = results.filter(({status}) => status !== 'pass')
  const notes = warnings.map(({name, message}) => `${name}: ${message}`).join('; ')
  return notes ? `${results.length} checks, ${notes}` : `${results.length} checks passed`
}

/** @param identity where its token stands in the cluster now, to see whether it is taken */
async function checkServer(
  {signal}: JoinDeps,
  {cluster}: JoinOptions,
  registration: Registration | undefined,
  identity: JoinIdentity | undefined,
): Promise<string> {
  const serverUrl = registration?.serverUrl ?? cluster.k3sUrl
  const caHash = cluster.caHash || registration?.caHash
  if (!serverUrl || !caHash) throw daasError('JOIN_PHASE_NEEDS', {phase: 'verify', needs: 'register'})
  await verifyServer({serverUrl, caHash, signal, ...(identity && {sealToken: identity.sealToken})})
  return serverUrl
}
