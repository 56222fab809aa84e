import {access, rm} from 'node:fs/promises'
import {join} from 'node:path'
import type {UnitHost} from './units.ts'

/** Where the administrator's units are. */
export const UNIT_DIR = '/etc/systemd/system'

/**
 * Stops, disables and removes a unit.
 * @param host opened only where there is a unit: that takes root
 * @returns its file, or undefined where there is none
 * @throws SYSTEMD_MISSING
 */
export async function removeUnit(
  host: () => UnitHost,
  name: string,
  dir: string = UNIT_DIR,
): Promise<string | undefined> {
  const file = join(dir, name)
  const there = await access(file).then(
    () => true,
    () => false,
  )
  if (!there) return undefined
  const {systemctl} = host()
  await systemctl(['disable', '--now', name])
  await rm(file, {force: true})
  await systemctl(['daemon-reload'])
  return file
}
