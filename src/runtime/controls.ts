/**
 * Finding controls by what people call them, and making values fit them.
 *
 * Comes in: the controls of a program and a name or value from outside. Goes out: the control or a refusal with
 * a suggestion; a value inside the range. One place, so that library, renderer and command line agree.
 */
import type { Control } from '../core/program.ts'
import { didYouMean } from '../suggest.ts'
import { refuse } from './error.ts'

/** Whether the host only reads it. */
export function isBargraph(control: Control): boolean {
  return control.kind === 'hbargraph' || control.kind === 'vbargraph'
}

/** The control at an address such as `/synth/freq`; refuses unknown ones and names the nearest. */
export function findControl(controls: readonly Control[], address: string): Control {
  const control = controls.find(c => c.address === address)
  return control ?? refuse('unknownControl', { address }, adviseAddress(controls, address))
}

function adviseAddress(controls: readonly Control[], address: string): string | undefined {
  if (controls.length === 0) return 'this program has no controls'
  const addresses = controls.map(c => c.address)
  const sameEnd = addresses.find(a => a.endsWith(`/${address.replace(/^.*\//, '')}`))
  if (sameEnd !== undefined) return `did you mean \`${sameEnd}\`?`
  const ends = new Map(addresses.map(a => [a.replace(/^.*\//, '/'), a]))
  const end = didYouMean(address.replace(/^.*\/|^/, '/'), ends.keys())
  const near =
    didYouMean(address, addresses) ?? end?.replace(/`(.*)`/, (_, e: string) => `\`${ends.get(e)}\``)
  return near ?? listAddresses(addresses)
}

function listAddresses(addresses: readonly string[]): string {
  const shown = addresses.slice(0, 8).map(a => `\`${a}\``)
  const more = addresses.length - shown.length
  return `the controls are ${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}`
}

/** The value that the control takes: inside its range. Refuses what is not a number, and bargraphs. */
export function fitValue(control: Control, value: number): number {
  if (typeof value !== 'number' || Number.isNaN(value))
    refuse('controlNotNumber', { address: control.address })
  if (isBargraph(control)) refuse('controlReadOnly', { address: control.address })
  return Math.min(control.max, Math.max(control.min, value))
}
