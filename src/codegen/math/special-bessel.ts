/**
 * j0, j1, y0 and y1: the Bessel functions of orders 0 and 1, in double precision. Absolute error below 4·10^-16
 * where the function is below 1, which is 4 ulp away from zeros; up to 8 it is 4 ulp next to them, too.
 *
 * Near 0 by polynomials in x², those of the second kind with 2/π·ln x·J added. Up to 8 in pieces, each a
 * polynomial times x - zero. Beyond, J + iY = √(2/πx)·β·e^(iθ) with θ = x - (2n + 1)·π/4 - α; amplitude β and
 * phase α are polynomials in 1/x², α times x. x is reduced by π/2 with more digits than a double has before π/4
 * and α are taken off, so that the zeros there are right to the accuracy of α, 2^-58.
 */
import type { KernelFunction, Value } from '../kernel.ts'
import type { Arithmetic } from './arithmetic.ts'
import { unary } from './define.ts'
import { exactSum } from './hyperbolic.ts'
import { reduceExactly } from './payne-hanek.ts'
import {
  AMPLITUDE0,
  AMPLITUDE1,
  type BesselPiece,
  J0_PIECES,
  J0_SMALL,
  J1_PIECES,
  J1_SMALL,
  PHASE0,
  PHASE1,
  Y0_PIECES,
  Y0_SMALL,
  Y1_PIECES,
  Y1_SMALL,
} from './special-bessel-coefficients.ts'
import { type Piece, piecewise } from './special-pieces.ts'
import { type Reduced, reduceQuickly, sineOf } from './trigonometry.ts'

const TWO_OVER_PI = 0.6366197723675814
const ROOT_TWO_OVER_PI = 0.7978845608028654
const QUARTER_PI_TAIL = 3.061616997868383e-17

/** Amplitude and phase beyond 8. */
interface Wave {
  readonly amplitude: readonly number[]
  readonly phase: readonly number[]
}

const WAVE0: Wave = { amplitude: AMPLITUDE0, phase: PHASE0 }
const WAVE1: Wave = { amplitude: AMPLITUDE1, phase: PHASE1 }

const pieceAt = (m: Arithmetic, x: Value, piece: BesselPiece): Piece => ({
  below: piece.below,
  value: () => {
    const distance = m.sub(m.sub(x, piece.zero), piece.zeroTail)
    return m.mul(distance, m.polynomial(m.sub(x, piece.center), piece.coefficients))
  },
})

/** x by quadrants, quickly where that is exact enough. */
function reduce(m: Arithmetic, x: Value): Reduced {
  const quick = reduceQuickly(m, x)
  const parts = ({ y0, missing, quadrant }: Reduced) => [y0, missing, quadrant]
  const [y0, missing, quadrant] = m.b.if(
    quick.good,
    () => parts(quick),
    () => parts(reduceExactly(m, x)),
  )
  return { y0: y0!, missing: missing!, quadrant: quadrant! }
}

/** x - π/4 - α by quadrants; |y0| stays below π/4 + |α|. */
function shiftedAngle(m: Arithmetic, x: Value, alpha: Value): Reduced {
  const { y0, missing, quadrant } = reduce(m, x)
  // Below 0, π/4 is added instead, in the quadrant before.
  const sign = m.and(m.bits(y0), -0x8000000000000000n)
  const quarter = (size: number) => m.flipSign(m.real(-size), sign)
  const first = exactSum(m, y0, quarter(Math.PI / 4))
  const second = exactSum(m, first.head, m.neg(alpha))
  const small = m.sub(m.add(first.tail, quarter(QUARTER_PI_TAIL)), missing)
  const angle = exactSum(m, second.head, m.add(second.tail, small))
  return {
    y0: angle.head,
    missing: m.neg(angle.tail),
    quadrant: m.subLong(quadrant, m.shiftRight(sign, 63n)),
  }
}

/** √(2/πx)·β·sin(θ + turn·π/2), θ = x - π/4 - α, for x ≥ 8. */
function wave(m: Arithmetic, x: Value, { amplitude, phase }: Wave, turn: bigint): Value {
  const inverse = m.div(1, x)
  const square = m.mul(inverse, inverse)
  const alpha = m.mul(inverse, m.polynomial(square, phase))
  const sine = sineOf(m, shiftedAngle(m, x, alpha), turn)
  const size = m.mul(m.polynomial(square, amplitude), m.div(ROOT_TWO_OVER_PI, m.sqrt(x)))
  return m.mul(size, sine)
}

/** Kept out of line: the functions are large, and rarely of so large an argument. */
function waves(name: string, kind: Wave, turn: bigint): KernelFunction {
  return unary(`${name}.slow`, (m, x) =>
    m.either(
      m.lt(x, Number.POSITIVE_INFINITY),
      () => wave(m, x, kind, turn),
      // 0, or NaN for NaN.
      () => m.div(1, x),
    ),
  )
}

function smallJ0(m: Arithmetic, x: Value): Value {
  const square = m.mul(x, x)
  return m.add(1, m.mul(square, m.polynomial(square, J0_SMALL)))
}

const smallJ1 = (m: Arithmetic, x: Value): Value => m.mul(x, m.polynomial(m.mul(x, x), J1_SMALL))

const j0 = (): KernelFunction =>
  unary('j0', (m, x) => {
    const size = m.abs(x)
    const pieces = [
      { below: 1, value: () => smallJ0(m, size) },
      ...J0_PIECES.map(piece => pieceAt(m, size, piece)),
    ]
    return piecewise(m, size, pieces, () => m.call('j0.slow', size))
  })

const j1 = (): KernelFunction =>
  unary('j1', (m, x) => {
    const size = m.abs(x)
    const pieces = [
      { below: 2, value: () => smallJ1(m, size) },
      ...J1_PIECES.map(piece => pieceAt(m, size, piece)),
    ]
    const value = piecewise(m, size, pieces, () => m.call('j1.slow', size))
    return m.flipSign(value, m.bits(x))
  })

/** Those of the second kind are -∞ at 0 and not defined below. */
function secondKind(name: string, pieces: (m: Arithmetic, x: Value) => readonly Piece[]): KernelFunction {
  return unary(name, (m, x) => {
    const atZero = { below: 5e-324, value: () => m.real(Number.NEGATIVE_INFINITY) }
    const all = [{ below: 0, value: () => m.real(Number.NaN) }, atZero, ...pieces(m, x)]
    return piecewise(m, x, all, () => m.call(`${name}.slow`, x))
  })
}

const y0 = (): KernelFunction =>
  secondKind('y0', (m, x) => {
    const small = () => {
      const product = m.mul(m.mul(m.call('log', x), TWO_OVER_PI), smallJ0(m, x))
      return m.add(product, m.polynomial(m.mul(x, x), Y0_SMALL))
    }
    return [{ below: 0.5, value: small }, ...Y0_PIECES.map(piece => pieceAt(m, x, piece))]
  })

const y1 = (): KernelFunction =>
  secondKind('y1', (m, x) => {
    const small = () => {
      const product = m.mul(m.mul(m.call('log', x), TWO_OVER_PI), smallJ1(m, x))
      const rest = m.add(product, m.mul(x, m.polynomial(m.mul(x, x), Y1_SMALL)))
      return m.sub(rest, m.div(TWO_OVER_PI, x))
    }
    return [{ below: 1, value: small }, ...Y1_PIECES.map(piece => pieceAt(m, x, piece))]
  })

/** Order 1 lags by another π/2. */
export const besselFunctions = (): KernelFunction[] => [
  waves('j0', WAVE0, 1n),
  waves('j1', WAVE1, 0n),
  waves('y0', WAVE0, 0n),
  waves('y1', WAVE1, 3n),
  j0(),
  j1(),
  y0(),
  y1(),
]
