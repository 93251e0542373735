/**
 * Small programs of `verdicts/` about which we decide otherwise than the official compiler, and why.
 */
export const DELIBERATE: Readonly<Record<string, string>> = {
  'tables-routes-patterns: rdtable content table': 'the official compiler aborts',
  'tables-routes-patterns: letrec empty': 'the official compiler overflows its stack',
  'environments-widgets-foreign: subst case': 'a function of rules is a closure like others',
  'environments-widgets-foreign: soundfile 0 channels': 'the part is limited to those that exist',
  'environments-widgets-foreign: soundfile part unbounded': 'the part is limited to those that exist',
  'environments-widgets-foreign: soundfile part int': 'the part is limited to those that exist',
  'environments-widgets-foreign: soundfile part slider big': 'the part is limited to those that exist',
  'environments-widgets-foreign: env in par': 'an environment is not a block without outputs',
  'numbers-and-syntax: inputs of env': 'an environment is not a block without outputs',
  'intervals-and-duplicates: env in par': 'an environment is not a block without outputs',
  'intervals-and-duplicates: env alone par2': 'an environment is not a block without outputs',
  'intervals-and-duplicates: inputs env': 'an environment is not a block without outputs',
  'environments-widgets-foreign: soundfile negative': 'a negative number of channels is a mistake',
  'intervals-and-duplicates: soundfile channels neg': 'a negative number of channels is a mistake',
  'environments-widgets-foreign: ffunction type any': '`any` is the type of what is passed',
  'environments-widgets-foreign: fconstant float': 'the official compiler makes an invalid module',
  'numbers-and-syntax: assertbounds': 'the official compiler aborts',
  'numbers-and-syntax: assertbounds delay': 'the official compiler aborts',
  'numbers-and-syntax: assertbounds swapped': 'the official compiler aborts',
  'numbers-and-syntax: comment unclosed': 'a comment without an end is a mistake',
  'intervals-and-duplicates: dup with variants2':
    'definitions for one precision are compared where they are used',
  'intervals-and-duplicates: shift4': 'a shift by -1 is one by 31, and the delay negative',
  'intervals-and-duplicates: interval sinh': 'C functions have ranges',
  'modulation-paths: 36': 'the part is limited to those that exist',
}
