/**
 * What the system tells of another process: how much memory it has, and whether it is let run.
 *
 * Comes in: the number of a process. Goes out: figures; 0 where the system does not tell.
 */
import { readdirSync, readFileSync } from 'node:fs'

const isLinux = process.platform === 'linux'

/** Megabytes in memory. */
export function residentMegabytes(id: number): number {
  if (!isLinux) return 0
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${id}/status`, 'utf8'))![1]) / 1024
}

/** Milliseconds that its threads could have run and were not let: they have locks that the sound waits for. */
export function keptWaiting(id: number): number {
  if (!isLinux) return 0
  return readdirSync(`/proc/${id}/task`).reduce((sum, thread) => {
    const [, nanoseconds] = readFileSync(`/proc/${id}/task/${thread}/schedstat`, 'utf8').split(' ')
    return sum + Number(nanoseconds) / 1e6
  }, 0)
}

/** What is kept waiting for more than this part of the time stutters whatever it does. */
export const OVERLOADED = 0.1

/** The first child of a process: the audio host is the only one of a player, once it has started. */
export function childOf(id: number): number | undefined {
  if (!isLinux) return undefined
  const children = readFileSync(`/proc/${id}/task/${id}/children`, 'utf8').trim().split(' ')
  return Number(children[0]) || undefined
}
