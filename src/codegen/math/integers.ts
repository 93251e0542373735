/**
 * Functions of 32-bit integers that WebAssembly has no instruction for: remInt minInt maxInt absInt.
 *
 * Branch-free; results wrap like all int arithmetic (absInt of the smallest number is itself).
 */
import type { KernelFunction } from '../kernel.ts'
import { define } from './define.ts'

export const integers = (): KernelFunction[] => [
  define('remInt', ['i32', 'i32'], ({ b }, [x, y]) =>
    // x rem 1 = 0 stands in for a division by zero, which would trap.
    b.op('i32.rem_s', x!, b.op('i32.or', y!, b.op('i32.eqz', y!))),
  ),
  define('minInt', ['i32', 'i32'], ({ b }, [x, y]) => b.select(b.op('i32.lt_s', x!, y!), x!, y!)),
  define('maxInt', ['i32', 'i32'], ({ b }, [x, y]) => b.select(b.op('i32.gt_s', x!, y!), x!, y!)),
  define('absInt', ['i32'], ({ b }, [x]) => {
    const sign = b.op('i32.shr_s', x!, b.i32(31))
    return b.op('i32.sub', b.op('i32.xor', x!, sign), sign)
  }),
]
