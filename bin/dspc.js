#!/usr/bin/env node
import { existsSync, mkdirSync } from 'node:fs'
import module from 'node:module'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'

/** Of the user alone: what lies there is run. */
function cacheFolder() {
  const { env, platform } = process
  if (platform === 'win32') return join(env.LOCALAPPDATA || homedir(), 'dspc-cache')
  if (platform === 'darwin') return join(homedir(), 'Library', 'Caches', 'dspc')
  return join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'dspc')
}

/** Step by step: where no folder can be made at all, such as in /proc, Node never ends making those on the way. */
function isThere(folder, steps = 2) {
  if (existsSync(folder)) return true
  if (steps === 0 || !isThere(dirname(folder), steps - 1)) return false
  try {
    mkdirSync(folder, { mode: 0o700 })
    return true
  } catch {
    return false
  }
}

// Node from 22.1 keeps the compiled code of an earlier run; where that cannot be written all goes on without.
if (module.enableCompileCache && !process.env.NODE_COMPILE_CACHE) {
  const folder = cacheFolder()
  if (isThere(folder)) module.enableCompileCache(folder)
}
await import('../dist/cli.js')
