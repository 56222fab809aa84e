import {Command, Errors, Flags, type Interfaces} from '@oclif/core'
import {daasError, DaasError, type ErrorName} from '../errors/daas-error.ts'
import {ExitCode} from '../errors/exit-codes.ts'
import {renderError} from '../ui/error-text.ts'
import {toJson} from '../ui/json.ts'
import {errorDocument} from './error-document.ts'

/** What every command can be told. */
export const globalFlags = {
  quiet: Flags.boolean({
    char: 'q',
    summary: 'print results and errors only',
    env: 'DAAS_QUIET',
    helpGroup: 'GLOBAL',
  }),
  input: Flags.boolean({
    summary: 'ask when something is missing (only on a terminal)',
    env: 'DAAS_INPUT',
    default: true,
    allowNo: true,
    helpGroup: 'GLOBAL',
  }),
}

/** One remark that is no error, for people on stderr and for machines in the document. */
export interface Warning {
  readonly code: string
  readonly message: string
}

/**
 * The base of every command: one signal for the whole run, errors only from the catalogue, results on stdout and all
 * else on stderr, one JSON document with --json whatever happens.
 */
export abstract class BaseCommand<Result extends object> extends Command {
  static override enableJsonFlag = true
  static override baseFlags: Interfaces.FlagInput = globalFlags
  /** A command that runs on: under --json it prints one JSON object per line, each with `time`, `type`, `schemaVersion`. */
  static streaming = false

  readonly #interrupt = new AbortController()
  readonly #warnings: Warning[] = []
  #signals = 0

  /** Aborts at SIGINT and SIGTERM, with the error to end with as its reason. */
  protected get signal(): AbortSignal {
    return this.#interrupt.signal
  }

  abstract override run(): Promise<Result>

  protected override async init(): Promise<void> {
    await super.init()
    process.on('SIGINT', this.#onSigint)
    process.on('SIGTERM', this.#onSigterm)
  }

  protected override async finally(error: Error | undefined): Promise<void> {
    process.off('SIGINT', this.#onSigint)
    process.off('SIGTERM', this.#onSigterm)
    await super.finally(error)
  }

  /** Prints a result for people: nothing under --json, where the returned object is the document. */
  protected present(text: string): void {
    this.log(text.trimEnd())
  }

  /** Says something on stderr that is neither result nor error. Dropped by --quiet and --json. */
  protected note(text: string): void {
    if (!this.jsonEnabled() && !this.argv.includes('--quiet') && !this.argv.includes('-q')) {
      process.stderr.write(`${text}\n`)
    }
  }

  /** Collects a warning: on stderr at once, and in the document's `warnings`. */
  protected caution(warning: Warning): void {
    this.#warnings.push(warning)
    this.note(`warning: ${warning.message} [${warning.code}]`)
  }

  /**
   * Ends with another exit code than 0 although there is a result to show (`this.exit` would print an error document).
   */
  protected endWith(code: ExitCode): void {
    process.exitCode = code
  }

  protected override async catch(error: Error): Promise<never> {
    // `this.exit(n)`: the exit code of a child that is passed on.
    if (error instanceof Errors.ExitError) throw error
    // An abort shows up as any of many errors: what the user did is the reason.
    const real: unknown = this.signal.aborted && !(error instanceof DaasError) ? this.signal.reason : error
    const document = errorDocument(real)
    process.exitCode = document.exitCode
    if (this.jsonEnabled()) {
      this.logJson({error: document})
    } else {
      process.stderr.write(renderError(document, {stack: stackOf(real, document.exitCode)}))
    }

    // oclif's handler would print once more; it exits with this code.
    throw Object.assign(new Error(document.message), {
      skipOclifErrorHandling: true,
      oclif: {exit: document.exitCode},
    })
  }

  protected override toSuccessJson(result: unknown): unknown {
    const warnings = this.#warnings.length > 0 ? {warnings: this.#warnings} : {}
    return {...(toJson(result) as object), ...warnings}
  }

  override logJson(document: unknown): void {
    const isError = document !== null && typeof document === 'object' && 'error' in document
    if (this.#isStreaming) this.emit(isError ? 'error' : 'end', document as object)
    else process.stdout.write(`${JSON.stringify(document, null, 2)}\n`)
  }

  /** Prints one event of a streaming command under --json; nothing otherwise. */
  protected emit(type: string, fields: object): void {
    if (!this.jsonEnabled()) return
    const event = {time: new Date().toISOString(), type, schemaVersion: 1, ...(toJson(fields) as object)}
    process.stdout.write(`${JSON.stringify(event)}\n`)
  }

  get #isStreaming(): boolean {
    return (this.ctor as typeof BaseCommand).streaming
  }

  readonly #onSigint = (): void => this.#stop('INTERRUPTED')
  readonly #onSigterm = (): void => this.#stop('TERMINATED')

  #stop(name: Extract<ErrorName, 'INTERRUPTED' | 'TERMINATED'>): void {
    this.#signals += 1
    // The second one is meant: now.
    if (this.#signals > 1) process.exit(name === 'INTERRUPTED' ? ExitCode.interrupted : ExitCode.terminated)
    this.#interrupt.abort(daasError(name, {}))
  }
}

function stackOf(error: unknown, exitCode: number): string | undefined {
  const wanted = exitCode === ExitCode.bug || process.env.DEBUG !== undefined
  return wanted && error instanceof Error ? error.stack : undefined
}
