/**
 * What all addresses of a program begin with: `/synth` of `/synth/freq` and `/synth/gain`.
 *
 * Comes in: addresses. Goes out: their common first part. The name of the file is that part, unless the program has
 * a group around all of its controls; two versions in files of different names still have the same controls.
 */
export function commonRoot(addresses: Iterable<string>): string {
  let root: string | undefined
  for (const address of addresses) {
    const own = /^\/[^/]*(?=\/)/.exec(address)?.[0] ?? ''
    if (root !== undefined && own !== root) return ''
    root = own
  }
  return root ?? ''
}
