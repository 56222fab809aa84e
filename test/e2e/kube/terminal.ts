import {execa} from 'execa'
import {waitUntil} from '../../helpers/wait-until.ts'

/** A terminal of tmux in which a command runs; what stands on it, and what is typed. */
export interface Terminal {
  shows(what: string): Promise<void>
  type(...keys: string[]): Promise<void>
  resize(columns: number, rows: number): Promise<void>
}

/** How a terminal is opened. */
export interface TerminalOptions {
  readonly tmux: string
  /** A file that is not there yet. */
  readonly socket: string
  readonly command: readonly string[]
  /** All of it: nothing of the caller's is there. */
  readonly env: Readonly<Record<string, string>>
}

/** Runs a command with a terminal of its own; `code=<n>` stands on it when the command has ended. */
export async function withTerminal(
  {tmux, socket, command, env}: TerminalOptions,
  act: (terminal: Terminal) => Promise<void>,
): Promise<void> {
  const run = async (...args: string[]): Promise<string> =>
    (await execa(tmux, ['-S', socket, ...args])).stdout
  const variables = Object.entries({...env, TERM: 'xterm'}).map(([name, value]) => `${name}=${value}`)
  const line = command.map((word) => `'${word}'`).join(' ')
  await run(
    ...['new-session', '-d', '-x', '80', '-y', '24', '-s', 'one', 'env', '-i', ...variables],
    ...['sh', '-c', `trap : INT; stty size; ${line}; echo code=$?; exec cat`],
  )
  try {
    await act({
      async shows(what) {
        let screen = ''
        const look = async (): Promise<boolean> => {
          screen = await run('capture-pane', '-p', '-t', 'one')
          return screen.includes(what)
        }
        await waitUntil(what, look, 40_000).catch((error: unknown) => {
          throw new Error(`${String(error)}\n${screen}`)
        })
      },
      type: async (...keys) => void (await run('send-keys', '-t', 'one', ...keys)),
      resize: async (columns, rows) => {
        await run('resize-window', '-t', 'one', '-x', String(columns), '-y', String(rows))
      },
    })
  } finally {
    await run('kill-server')
  }
}
