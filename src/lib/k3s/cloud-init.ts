import {renderTemplate} from './templates.ts'

/** What a machine needs to know to join at its first boot. */
export interface CloudInitOptions {
  readonly node: string
  readonly cluster: string
  readonly environment: Readonly<Record<string, string>>
  /** As a shell takes it. */
  readonly command: string
  /** Of daas. */
  readonly version: string
}

/** Renders cloud-init's user data for one node; the key's place is marked, the key itself is never in it. */
export async function renderCloudInit(options: CloudInitOptions): Promise<string> {
  const {environment, command, ...values} = options
  return renderTemplate('cloud-init.yaml', {
    ...values,
    // Inside YAML's single quotes, inside sh -c.
    command: command.replaceAll("'", "''"),
    environment: Object.entries(environment)
      .map(([name, value]) => `      ${name}='${value.replaceAll("'", String.raw`'\''`)}'`)
      .join('\n'),
  })
}
