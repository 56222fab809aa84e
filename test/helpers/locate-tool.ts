import {join} from 'node:path'
import which from 'which'
import {isExecutable, kubernetesCacheDir} from '../../src/lib/devnet/kube/locate.ts'

/** Finds a program that uses a Kubernetes: in the cache that `npm run kube:build` fills, else on PATH. */
export async function locateTool(name: string): Promise<string | undefined> {
  const cached = join(kubernetesCacheDir(process.env), 'bin', name)
  if (await isExecutable(cached)) return cached
  return (await which(name, {nothrow: true})) ?? undefined
}
