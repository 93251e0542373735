/**
 * Loops that clear and copy memory, eight bytes at a time.
 *
 * Comes in: byte ranges of the layout, which are 8-byte aligned and padded. Goes out: kernel loops. Apart from
 * to-kernel-init because they know nothing of programs.
 */
import type { Value } from './kernel.ts'
import type { Scope } from './to-kernel-scope.ts'

export function fillZero(scope: Scope, offset: number, bytes: number): void {
  const zero = scope.b.i64(0n)
  everyWord(scope, bytes, at => scope.b.store(at, offset, zero))
}

/** The ranges must not overlap. */
export function copyMemory(scope: Scope, from: number, to: number, bytes: number): void {
  everyWord(scope, bytes, at => scope.b.store(at, to, scope.b.load('i64', at, from)))
}

function everyWord({ b, zero }: Scope, bytes: number, body: (at: Value) => void): void {
  const end = b.i32(bytes)
  b.loop([zero], ([at]) => {
    body(at!)
    const next = b.op('i32.add', at!, b.i32(8))
    return { next: [next], condition: b.op('i32.lt_u', next, end) }
  })
}
