/**
 * Runs recursive functions without the JavaScript call stack.
 *
 * Comes in: a generator that yields the calls it makes. Goes out: its result. A program may nest calls
 * thousands deep, and the stack of a browser or a worker is small; here depth costs heap, and is limited by
 * a number that we choose. Most calls are not deep: the first levels do use the stack, which is faster, and many
 * of them are no tasks at all.
 */

/** A suspended call. A task calls another one by `hasRoom() ? nest(other) : ((yield other) as T)`. */
export type Task<T> = Generator<Task<unknown>, T, unknown>

/** Calls another task from inside a task; a generator more than writing it out, for what is not called for everything. */
export function* call<T>(task: Task<T>): Task<T> {
  return hasRoom() ? nest(task) : ((yield task as Task<unknown>) as T)
}

/** A few kilobytes each, of about a megabyte that there is at least. */
const MOST_NESTED = 50

interface Run {
  readonly limit: number
  readonly tooDeep: () => never
  /** Calls that are under way. */
  depth: number
  /** Those of them that use the stack, the runs around this one included. */
  nested: number
}

/** Tasks run to their end, one run inside another. */
let current: Run = { limit: 0, tooDeep: unreachable, depth: 0, nested: 0 }

function unreachable(): never {
  throw new Error('internal error: a task outside of a run')
}

/** Runs a task to its end. `tooDeep` is asked once the nesting passes `limit`, and must throw. */
export function run<T>(task: Task<T>, limit: number, tooDeep: () => never): T {
  const around = current
  current = { limit, tooDeep, depth: 1, nested: around.nested }
  try {
    return finish(task, undefined)
  } finally {
    current = around
  }
}

/** Whether a call may use the stack. */
export function hasRoom(): boolean {
  return current.nested < MOST_NESTED
}

/** Begins a call on the stack that is no task, where there is room; `leave` ends it. */
export function enter(): void {
  if (++current.depth > current.limit) current.tooDeep()
  current.nested++
}

export function leave(): void {
  current.nested--
  current.depth--
}

/** Runs a task of the current run on the stack. */
export function nest<T>(task: Task<T>): T {
  const own = current
  if (++own.depth > own.limit) own.tooDeep()
  own.nested++
  const step = task.next()
  const value = step.done ? step.value : finish(task, step.value)
  own.nested--
  own.depth--
  return value
}

/** `next`: what the task has asked for, if it has started. */
function finish<T>(task: Task<T>, next: Task<unknown> | undefined): T {
  const own = current
  const stack: Task<unknown>[] = [task as Task<unknown>]
  let value: unknown
  let called = next
  for (;;) {
    if (called) {
      stack.push(called)
      if (++own.depth > own.limit) own.tooDeep()
      value = undefined
    }
    const step = stack[stack.length - 1]!.next(value)
    if (step.done) {
      stack.pop()
      value = step.value
      called = undefined
      if (stack.length === 0) return value as T
      own.depth--
    } else called = step.value
  }
}
