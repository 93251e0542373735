/**
 * Arithmetic on closed intervals `[low, high]` of the extended reals: the value range that a signal may take.
 *
 * Each function is conservative: for every x inside the arguments its result contains f(x), NaN aside.
 * Delay lengths, table sizes and clamps are decided from these, so a range that is too narrow would be wrong
 * sound, one that is too wide only costs memory or a needless clamp.
 */

export interface Interval {
  readonly low: number
  readonly high: number
}

export const INT_MIN = -2147483648
export const INT_MAX = 2147483647

export const EVERYTHING: Interval = { low: -Infinity, high: Infinity }
export const INT_RANGE: Interval = { low: INT_MIN, high: INT_MAX }
export const BOOLEAN: Interval = { low: 0, high: 1 }

export function interval(low: number, high: number): Interval {
  return Number.isNaN(low) || Number.isNaN(high) ? EVERYTHING : { low, high }
}

export function point(value: number): Interval {
  return interval(value, value)
}

export function isPoint(a: Interval): boolean {
  return a.low === a.high
}

export function union(a: Interval, b: Interval): Interval {
  return { low: Math.min(a.low, b.low), high: Math.max(a.high, b.high) }
}

export function intersect(a: Interval, b: Interval): Interval {
  const low = Math.max(a.low, b.low)
  const high = Math.min(a.high, b.high)
  return low <= high ? { low, high } : a
}

export function contains(outer: Interval, inner: Interval): boolean {
  return outer.low <= inner.low && inner.high <= outer.high
}

/** What is left of `a` when its values are stored as int32: a range that can wrap becomes the whole range. */
export function asInt(a: Interval): Interval {
  return a.low < INT_MIN || a.high > INT_MAX ? INT_RANGE : a
}

/** Smallest interval around some candidate values; any NaN candidate gives up. */
export function hull(...values: number[]): Interval {
  return interval(Math.min(...values), Math.max(...values))
}

/** 0·∞ = 0 here: an infinite bound stands for "arbitrarily large", and zero times that is zero. */
export function timesBound(a: number, b: number): number {
  return a === 0 || b === 0 ? 0 : a * b
}

export function add(a: Interval, b: Interval): Interval {
  return interval(a.low + b.low, a.high + b.high)
}

export function subtract(a: Interval, b: Interval): Interval {
  return interval(a.low - b.high, a.high - b.low)
}

export function multiply(a: Interval, b: Interval): Interval {
  const ll = timesBound(a.low, b.low)
  const lh = timesBound(a.low, b.high)
  const hl = timesBound(a.high, b.low)
  const hh = timesBound(a.high, b.high)
  return interval(Math.min(ll, lh, hl, hh), Math.max(ll, lh, hl, hh))
}

export function divide(a: Interval, b: Interval): Interval {
  if (b.low <= 0 && b.high >= 0) return EVERYTHING
  const candidates = [a.low / b.low, a.low / b.high, a.high / b.low, a.high / b.high]
  return hull(...candidates)
}

/** `a % b` and `fmod`: the sign of the dividend, smaller than the divisor, not larger than the dividend. */
export function remainderOf(a: Interval, b: Interval, whole: boolean): Interval {
  const divisor = Math.max(Math.abs(b.low), Math.abs(b.high))
  const limit = whole ? Math.max(0, divisor - 1) : divisor
  return {
    low: a.low >= 0 ? 0 : Math.max(a.low, -limit),
    high: a.high <= 0 ? 0 : Math.min(a.high, limit),
  }
}

export function absolute(a: Interval): Interval {
  if (a.low >= 0) return a
  if (a.high <= 0) return { low: -a.high, high: -a.low }
  return { low: 0, high: Math.max(-a.low, a.high) }
}

/** Every value of at most the same size. */
export function symmetric(a: Interval): Interval {
  const size = Math.max(Math.abs(a.low), Math.abs(a.high))
  return { low: -size, high: size }
}

export function minimum(a: Interval, b: Interval): Interval {
  return { low: Math.min(a.low, b.low), high: Math.min(a.high, b.high) }
}

export function maximum(a: Interval, b: Interval): Interval {
  return { low: Math.max(a.low, b.low), high: Math.max(a.high, b.high) }
}

/** One ulp outwards, because a computed function is not exactly the monotone one of mathematics. */
function loosen(low: number, high: number): Interval {
  return interval(low - Math.abs(low) * 2 ** -51, high + Math.abs(high) * 2 ** -51)
}

/** The same range if values are computed in single precision, some roundings included. */
export function loosenToSingle({ low, high }: Interval): Interval {
  return interval(low - Math.abs(low) * 2 ** -21, high + Math.abs(high) * 2 ** -21)
}

/** Range of a non-decreasing function, limited to where it is defined. */
export function rising(f: (x: number) => number, domain: Interval = EVERYTHING) {
  return ([a]: readonly Interval[]): Interval => {
    const x = intersect(a!, domain)
    return loosen(f(x.low), f(x.high))
  }
}

/** Range of a non-increasing function, limited to where it is defined. */
export function falling(f: (x: number) => number, domain: Interval = EVERYTHING) {
  return ([a]: readonly Interval[]): Interval => {
    const x = intersect(a!, domain)
    return loosen(f(x.high), f(x.low))
  }
}

/** `a ^ b` where a ≥ 0 or b is one whole number; otherwise nothing is known. */
export function power(a: Interval, b: Interval): Interval {
  if (isPoint(b) && Number.isInteger(b.low) && b.low >= 0) return wholePower(a, b.low)
  // The base may be -0, whose odd negative powers are -∞.
  if (a.low < 0 || (a.low === 0 && b.low < 0)) return EVERYTHING
  const candidates = [a.low ** b.low, a.low ** b.high, a.high ** b.low, a.high ** b.high]
  if (a.low <= 1 && a.high >= 1) candidates.push(1)
  if (b.low <= 0 && b.high >= 0) candidates.push(1)
  const { low, high } = hull(...candidates)
  return loosen(low, high)
}

function wholePower(a: Interval, n: number): Interval {
  if (n === 0) return point(1)
  const even = n % 2 === 0
  const base = even ? absolute(a) : a
  return loosen(base.low ** n, base.high ** n)
}

/** Bitwise operations on non-negative ranges stay below the next power of two; else the whole int range. */
export function bitwiseAnd(a: Interval, b: Interval): Interval {
  const bounds = [a, b].filter(x => x.low >= 0).map(x => x.high)
  return bounds.length === 0 ? INT_RANGE : { low: 0, high: Math.min(...bounds) }
}

export function bitwiseOr(a: Interval, b: Interval): Interval {
  if (a.low < 0 || b.low < 0) return INT_RANGE
  const high = Math.max(a.high, b.high)
  return { low: 0, high: 2 ** Math.ceil(Math.log2(high + 1)) - 1 }
}

/** Counts outside 0 to 31 wrap around. */
export function shiftLeft(a: Interval, b: Interval): Interval {
  if (b.low < 0 || b.high > 31) return INT_RANGE
  return asInt(multiply(a, interval(2 ** b.low, 2 ** b.high)))
}

export function shiftRight(a: Interval, b: Interval): Interval {
  if (b.low < 0 || b.high > 31) return { low: Math.min(a.low, 0), high: Math.max(a.high, 0) }
  const { low, high } = multiply(a, interval(2 ** -b.high, 2 ** -b.low))
  return { low: Math.floor(low), high: Math.floor(high) }
}

/** Whether `offset + k · period` lies inside for some whole k. */
function meets({ low, high }: Interval, offset: number, period: number): boolean {
  return Math.floor((high - offset) / period) > Math.floor((low - offset) / period) - (low === offset ? 1 : 0)
}

/** Far from 0 the steps between doubles are too coarse to say where in its period a function is. */
const FAR = 1e6

export function cosine(a: Interval): Interval {
  if (!(Math.abs(a.low) < FAR && Math.abs(a.high) < FAR)) return interval(-1, 1)
  const ends = loosen(
    Math.min(Math.cos(a.low), Math.cos(a.high)),
    Math.max(Math.cos(a.low), Math.cos(a.high)),
  )
  const low = meets(a, Math.PI, 2 * Math.PI) ? -1 : Math.max(-1, ends.low)
  return interval(low, meets(a, 0, 2 * Math.PI) ? 1 : Math.min(1, ends.high))
}

/** Between two poles the tangent rises. */
export function tangent(a: Interval): Interval {
  const isWide = !(Math.abs(a.low) < FAR && Math.abs(a.high) < FAR)
  if (isWide || meets(interval(a.low - 1e-6, a.high + 1e-6), Math.PI / 2, Math.PI)) return EVERYTHING
  return loosen(Math.tan(a.low), Math.tan(a.high))
}
