import {BaseCommand} from '../lib/cli/base-command.ts'
import {Flags} from '../lib/cli/flags.ts'
import type {DemoResult} from '../lib/devnet/demo/story.ts'
import {daasError} from '../lib/errors/daas-error.ts'
import {ExitCode} from '../lib/errors/exit-codes.ts'
import {renderDemo} from '../lib/ui/demo-table.ts'

export default class Demo extends BaseCommand<DemoResult> {
  static override summary = 'tell the whole story on this machine, offline, within a minute'
  static override description =
    'Starts a chain, a Kubernetes and a listener; stakes, seals and joins a node; runs kubectl through the chain; slashes the stake, shows the node evicted, withdraws what is left; cleans up. Ends with 5 when a stage failed.'
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --kubernetes embedded --json',
  ]
  static override flags = {
    kubernetes: Flags.string({
      summary: 'auto, k3s, binaries or embedded',
      helpValue: 'WHICH|KUBECONFIG',
      env: 'DAAS_DEMO_KUBERNETES',
      default: 'auto',
    }),
    keep: Flags.boolean({
      summary: 'leave everything running until Ctrl-C and print how to use it',
      env: 'DAAS_DEMO_KEEP',
    }),
  }

  async run(): Promise<DemoResult> {
    const {flags} = await this.parse(Demo)
    const [{runDemo}, {DEMO_STAGES}, {createProgress}, {createLogger}, {untilAborted}, fs, os, path] =
      await Promise.all([
        import('../lib/devnet/demo/story.ts'),
        import('../lib/devnet/demo/stages.ts'),
        import('../lib/ui/progress.ts'),
        import('../lib/cli/logger.ts'),
        import('../lib/cli/until-aborted.ts'),
        import('node:fs/promises'),
        import('node:os'),
        import('node:path'),
      ])
    const dir = await fs
      .mkdtemp(path.join(os.tmpdir(), 'daas-demo-'))
      .catch((error: NodeJS.ErrnoException) => {
        throw daasError(
          'DIRECTORY_UNWRITABLE',
          {dir: os.tmpdir(), reason: error.code ?? error.message},
          {cause: error},
        )
      })
    const progress = createProgress({stages: DEMO_STAGES, silent: this.jsonEnabled() || flags.quiet === true})
    try {
      const result = await runDemo({
        dir,
        kubernetes: flags.kubernetes,
        env: process.env,
        signal: this.signal,
        logger: createLogger({level: process.env.DAAS_LOG_LEVEL ?? 'silent'}),
        onStage: progress.report,
        onEnd: async ({env, people, kubernetes}) => {
          if (!flags.keep) return
          await progress.close()
          this.note('\nEverything runs on until Ctrl-C. To use it:')
          for (const [name, value] of Object.entries({...env, DAAS_KEY_FILE: people.user.keyFile})) {
            this.note(`  export ${name}=${value}`)
          }

          this.note(`  export KUBECONFIG=${kubernetes?.kubeconfigFile}   # straight to the cluster`)
          await untilAborted(this.signal)
        },
      })
      await progress.close()
      this.present(renderDemo(result))
      if (!result.ok) this.endWith(ExitCode.degraded)
      return result
    } finally {
      await progress.close()
      await fs.rm(dir, {recursive: true, force: true})
    }
  }
}
