/**
 * Short names of controls: the shortest end of the address that no other control has.
 *
 * Comes in: addresses in order. Goes out: a name each, of letters, digits and `_`. As the JSON description has
 * them, so that hosts and user interfaces made for it find what they expect. What shares an address shares its name.
 */

/** Parts of an address; `0x00` stands for an empty label and does not show in names. */
function partsOf(address: string): string[] {
  return address.split('/').filter(part => part !== '' && part !== '0x00')
}

/**
 * Characters other than letters and digits become `_`, runs of them within a part one `_`. Parts are joined by `_` in
 * any case, so `/g#/x` gives `g__x`; one `_` at the end goes.
 */
function nameOf(parts: readonly string[]): string {
  const names = parts.map(part => part.replace(/[^A-Za-z0-9]+/g, '_'))
  return names.join('_').replace(/_$/, '')
}

export function shortNames(addresses: readonly string[]): string[] {
  const names = namesOf(addresses)
  const last = new Map(addresses.map((address, i) => [address, names[i]!]))
  return addresses.map(address => last.get(address)!)
}

/** Lengthens names that collide, part by part; those still alike at full length get `P` and their index. */
function namesOf(addresses: readonly string[]): string[] {
  const parts = addresses.map(partsOf)
  const lengths = parts.map(() => 1)
  const names = () => parts.map((p, i) => nameOf(p.slice(-lengths[i]!)))
  for (let current = names(); ; current = names()) {
    const count = new Map<string, number>()
    for (const name of current) count.set(name, (count.get(name) ?? 0) + 1)
    const grows = current.map((name, i) => count.get(name)! > 1 && lengths[i]! < parts[i]!.length)
    if (!grows.includes(true)) {
      return current.map((name, i) => (count.get(name)! > 1 ? `P${i}_${name}` : name))
    }
    grows.forEach((grow, i) => {
      if (grow) lengths[i]!++
    })
  }
}
