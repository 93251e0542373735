/**
 * How much work a program may ask of the compiler.
 *
 * Comes in: work, counted where it is done. Goes out: nothing, or the end of the run. Apart from the tables, which count
 * what is kept: a program can also ask for work that leaves nothing behind, and every program must come to an end.
 */

/** About two seconds; the largest real programs ask for a twentieth of it. */
export const MOST_STEPS = 1_000_000

/** `exceeded` must throw. */
export class Budget {
  private left: number
  private readonly exceeded: () => never

  constructor(steps: number, exceeded: () => never) {
    this.left = steps
    this.exceeded = exceeded
  }

  spend(steps: number): void {
    this.left -= steps
    if (this.left < 0) this.exceeded()
  }
}
