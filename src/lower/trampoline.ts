/**
 * Runs recursive functions without the JavaScript call stack.
 *
 * Comes in: a generator that yields the calls it makes. Goes out: its result. A program may nest calls
 * thousands deep, and the stack of a browser or a worker is small; here depth costs heap, and is limited by
 * a number that we choose.
 */

/**
 * A suspended call; `yield* call(task)` runs it and gives its result. So does `(yield task) as T`, which is a generator
 * less: the few calls that are made for everything are written like this.
 */
export type Task<T> = Generator<Task<unknown>, T, unknown>

/** Calls another task from inside a task. The only place where the untyped yield is given its type. */
export function* call<T>(task: Task<T>): Task<T> {
  return (yield task as Task<unknown>) as T
}

/** Runs a task to its end. `tooDeep` is asked once the nesting passes `limit`, and must throw. */
export function run<T>(task: Task<T>, limit: number, tooDeep: () => never): T {
  const stack: Task<unknown>[] = [task as Task<unknown>]
  let value: unknown
  for (;;) {
    const step = stack[stack.length - 1]!.next(value)
    if (step.done) {
      stack.pop()
      value = step.value
      if (stack.length === 0) return value as T
    } else {
      stack.push(step.value)
      value = undefined
      if (stack.length > limit) tooDeep()
    }
  }
}
