/**
 * Constants that programs of the builder API name like variables.
 *
 * The digits are those of the correctly rounded quotients; Math.PI / 3 and Math.PI / 6 differ in the last bit.
 */
export const NAMED_CONSTANTS: ReadonlyMap<string, number> = new Map([
  ['PI', Math.PI],
  ['TAU', 6.283185307179586],
  ['E', Math.E],
  ['1PI', 0.3183098861837907],
  ['2PI', 0.6366197723675814],
  ['PI2', 1.5707963267948966],
  ['PI3', 1.0471975511965979],
  ['PI4', 0.7853981633974483],
  ['PI6', 0.5235987755982989],
  ['PI8', 0.39269908169872414],
  ['1SQRT2', Math.SQRT1_2],
  ['2SQRT_PI', 1.1283791670955126],
  ['LN2', Math.LN2],
  ['LN10', Math.LN10],
])
