/** `highshelf`: see shelf.ts for the coefficients. */
import { defineBiquad } from './biquad.ts'
import { shelf } from './shelf.ts'

export const highShelf = defineBiquad({
  name: 'highshelf',
  doc: 'Raises or lowers all above `freq` by `gain` (biquad).',
  hasGain: true,
  coefficients: prototype => shelf(prototype, 'high'),
})
