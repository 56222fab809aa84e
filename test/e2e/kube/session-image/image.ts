import {createHash} from 'node:crypto'
import {cp, mkdir, readFile, symlink, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {execa} from 'execa'

/** The image of the pod; it also goes by the name of containerd's sandbox image. */
export const IMAGE = 'daas.test/tool:1'
const PAUSE_IMAGES = ['registry.k8s.io/pause:3.6', 'registry.k8s.io/pause:3.8', 'registry.k8s.io/pause:3.10']

/**
 * Builds the image of one static program from its Go source, without a registry, and gives it to a containerd.
 * @param dir a directory for what is made
 * @param socket of the containerd
 */
export async function importImage(dir: string, socket: string): Promise<void> {
  const source = join(dir, 'source')
  const root = join(dir, 'root')
  await mkdir(source, {recursive: true})
  await mkdir(join(root, 'bin'), {recursive: true})
  await mkdir(join(root, 'tmp'))
  await cp(join(import.meta.dirname, 'main.go'), join(source, 'main.go'))
  await writeFile(join(source, 'go.mod'), 'module daas.test/tool\n\ngo 1.24\n')
  await execa('go', ['build', '-trimpath', '-ldflags', '-s -w', '-o', join(root, 'bin', 'tool'), '.'], {
    cwd: source,
    env: {CGO_ENABLED: '0', GOFLAGS: '-mod=mod', GOPROXY: 'off'},
  })
  for (const name of ['cat', 'pause', 'tar', 'test']) await symlink('tool', join(root, 'bin', name))
  await execa('tar', ['-cf', join(dir, 'layer.tar'), '--owner=0', '--group=0', '-C', root, '.'])
  const layer = createHash('sha256')
    .update(await readFile(join(dir, 'layer.tar')))
    .digest('hex')
  const config = {
    architecture: process.arch === 'arm64' ? 'arm64' : 'amd64',
    os: 'linux',
    config: {Env: ['PATH=/bin'], Entrypoint: ['/bin/pause'], WorkingDir: '/'},
    rootfs: {type: 'layers', diff_ids: [`sha256:${layer}`]},
  }
  await writeFile(join(dir, 'config.json'), JSON.stringify(config))
  const manifest = [{Config: 'config.json', RepoTags: [IMAGE, ...PAUSE_IMAGES], Layers: ['layer.tar']}]
  await writeFile(join(dir, 'manifest.json'), JSON.stringify(manifest))
  const archive = join(dir, 'image.tar')
  await execa('tar', ['-cf', archive, '-C', dir, 'manifest.json', 'config.json', 'layer.tar'])
  await execa('ctr', ['--address', socket, '--namespace', 'k8s.io', 'images', 'import', archive])
}
