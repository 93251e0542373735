/** `lowshelf`: see shelf.ts for the coefficients. */
import { defineBiquad } from './biquad.ts'
import { shelf } from './shelf.ts'

export const lowShelf = defineBiquad({
  name: 'lowshelf',
  doc: 'Raises or lowers all below `freq` by `gain` (biquad).',
  hasGain: true,
  coefficients: prototype => shelf(prototype, 'low'),
})
