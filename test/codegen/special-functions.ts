/**
 * The higher functions of <math.h> to as many digits as wanted, for measuring codegen/math by: power series in
 * fixed point with enough digits for what cancels, and nothing shared with the code under test.
 */
import { decompose, fixed, type Precise, precision, shift } from './precise.ts'
import { PRECISE } from './precise-functions.ts'

const A = precision(256)

type Reference = (guess: number, ...x: number[]) => Precise

/** base^x for |x·ln base| up to some hundreds. */
function powerOf(logarithm: bigint, x: number): Precise {
  const exponent = (logarithm * fixed(x, A.bits)) >> BigInt(A.bits)
  let k = exponent / A.ln2
  if (exponent < 0n) k -= 1n
  return { digits: A.expSmall(exponent - k * A.ln2), bits: A.bits - Number(k) }
}

const ln10 = A.logSmall((5n * A.one) / 4n) + 3n * A.ln2

function log2(guess: number, x: number): Precise {
  const { digits, bits } = PRECISE.log!(guess, x)
  const a = precision(bits)
  return { digits: a.divide(digits, a.ln2), bits }
}

export const SPECIAL_PRECISE: Record<string, Reference> = {
  exp2: (_guess, x) => powerOf(A.ln2, x!),
  exp10: (_guess, x) => powerOf(ln10, x!),
  log2: (guess, x) => log2(guess, x!),
}

void decompose
void shift
