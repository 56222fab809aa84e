import {readdir, readFile, rm} from 'node:fs/promises'
import {join} from 'node:path'
import {execa} from 'execa'
import {z} from 'zod'

/** Below containerd's state: a bundle, in the form of the OCI runtime specification, for each container that runs. */
const BUNDLES = 'io.containerd.runtime.v2.task/k8s.io'

/** What containerd names the network of a sandbox of its own; a pod in the network of the host has none. */
const OWN_NETWORK = /^(?:\/var)?\/run\/netns\/cni-[0-9a-f-]{36}$/

const bundleSchema = z.object({
  linux: z.object({namespaces: z.array(z.object({type: z.string(), path: z.string().optional()}))}),
})

/**
 * The networks of the pods that still run in one containerd, by their sandboxes' bundles: nobody else's are among them.
 * @param state folder of containerd's state
 * @returns paths below /run/netns
 */
export async function findPodNetworks(state: string): Promise<string[]> {
  const dir = join(state, BUNDLES)
  const networks = (await namesIn(dir)).map((name) => networkOf(join(dir, name, 'config.json')))
  return [...new Set((await Promise.all(networks)).flat())]
}

/**
 * Takes networks of pods away whose processes have ended. A veth goes with the network that one of its ends is in.
 * @param networks as {@link findPodNetworks} found them
 */
export async function removePodNetworks(networks: readonly string[]): Promise<void> {
  for (const path of networks) {
    // Lazy: a process that is just dying may still be in it. It may not be mounted any more.
    await execa('umount', ['-l', path], {reject: false})
    await rm(path, {force: true})
  }
}

async function networkOf(file: string): Promise<string[]> {
  let bundle: unknown
  try {
    bundle = JSON.parse(await readFile(file, 'utf8'))
  } catch {
    // It was being made or taken away: containerd was killed in the midst of it.
    return []
  }
  const parsed = bundleSchema.safeParse(bundle)
  if (!parsed.success) return []
  return parsed.data.linux.namespaces.flatMap(({type, path = ''}) =>
    type === 'network' && OWN_NETWORK.test(path) ? [path] : [],
  )
}

async function namesIn(dir: string): Promise<string[]> {
  try {
    return await readdir(dir)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    throw error
  }
}
