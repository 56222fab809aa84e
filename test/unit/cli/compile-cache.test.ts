import assert from 'node:assert/strict'
import {join} from 'node:path'
import {type CachePlace, compileCacheDir} from '../../../src/lib/cli/compile-cache.ts'

describe('the directory of compiled modules', () => {
  const home = () => join('/', 'home', 'ann')
  const at = (place: Partial<CachePlace>) => compileCacheDir({env: {}, platform: 'linux', home, ...place})

  it('is beneath the cache of the user, as each system has it', () => {
    assert.equal(at({}), join(home(), '.cache', 'daas', 'compiled'))
    assert.equal(at({env: {XDG_CACHE_HOME: '/xdg'}}), join('/xdg', 'daas', 'compiled'))
    assert.equal(at({env: {XDG_CACHE_HOME: ''}}), join(home(), '.cache', 'daas', 'compiled'))
    assert.equal(
      at({platform: 'darwin', env: {XDG_CACHE_HOME: '/xdg'}}),
      join(home(), 'Library', 'Caches', 'daas', 'compiled'),
    )
    assert.equal(at({platform: 'win32', env: {LOCALAPPDATA: '/local'}}), join('/local', 'daas', 'compiled'))
    assert.equal(at({env: {DAAS_CACHE_DIR: '/own', XDG_CACHE_HOME: '/xdg'}}), join('/own', 'compiled'))
  })

  it('is none where there is no home', () => {
    const homeless = () => {
      throw new Error('no home')
    }
    assert.equal(at({home: homeless}), undefined)
    assert.equal(at({home: homeless, env: {XDG_CACHE_HOME: '/xdg'}}), join('/xdg', 'daas', 'compiled'))
  })
})
