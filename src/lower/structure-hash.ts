/**
 * Hashes of structures: 53-bit whole numbers, so that they are plain numbers wherever they are stored.
 *
 * Comes in: names and hashes of parts. Goes out: a hash of the whole. Two different structures share one with
 * probability 2^-53; state with equal hashes is then still told apart by its path and kind.
 */

const text = new Map<string, number>()
const MOST_TEXTS = 10_000

/** Of a word; words come back often. */
export function hashText(word: string): number {
  let hash = text.get(word)
  if (hash === undefined) {
    let [a, b] = [0x9e3779b9, 0x85ebca6b]
    for (let i = 0; i < word.length; i++) [a, b] = stir(a, b, word.charCodeAt(i))
    hash = finish(a, b)
    if (text.size >= MOST_TEXTS) text.clear()
    text.set(word, hash)
  }
  return hash
}

/** Of a tree node: its name and, in order, its parts. */
export function hashNode(name: string, parts: readonly number[]): number {
  const own = hashText(name)
  let a = own | 0
  let b = Math.floor(own / 2 ** 32)
  // `stir` written out: it is called for every signal, and the pair that it gives is an object each time. Numbers of
  // 32 bits with a sign are no objects either.
  for (const part of parts) {
    for (let word = part | 0, half = 0; half < 2; half++, word = Math.floor(part / 2 ** 32)) {
      const x = Math.imul(a ^ word, 0xcc9e2d51)
      const y = Math.imul(b ^ word ^ (x >>> 15), 0x1b873593)
      a = (Math.imul(x ^ (x >>> 13), 0x85ebca6b) + y) | 0
      b = Math.imul(y ^ (y >>> 16), 0xc2b2ae35) ^ x
    }
  }
  return finish(a, b)
}

/** Multiplication by odd constants, as in the finalisers of MurmurHash3 (Appleby 2011), public domain. */
function stir(a: number, b: number, value: number): [number, number] {
  const x = Math.imul(a ^ value, 0xcc9e2d51)
  const y = Math.imul(b ^ value ^ (x >>> 15), 0x1b873593)
  return [Math.imul(x ^ (x >>> 13), 0x85ebca6b) + y, Math.imul(y ^ (y >>> 16), 0xc2b2ae35) ^ x]
}

const finish = (a: number, b: number) => {
  const x = Math.imul(a ^ (a >>> 16) ^ b, 0x85ebca6b)
  const y = Math.imul(b ^ (b >>> 13) ^ x, 0xc2b2ae35)
  return (y >>> 11) * 2 ** 32 + ((x ^ (x >>> 16)) >>> 0)
}
