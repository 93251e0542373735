/**
 * Recursion over nested regions that does not use the JavaScript stack, so that depth is bounded by memory.
 *
 * A pass over a region is a generator that yields the passes over inner regions; it goes on when they are
 * done. Results are handed over through arguments.
 */
export interface Nested extends Generator<Nested, void, void> {}

export function runNested(pass: Nested): void {
  const stack = [pass]
  while (stack.length > 0) {
    const step = stack.at(-1)!.next()
    if (step.done) stack.pop()
    else stack.push(step.value)
  }
}
