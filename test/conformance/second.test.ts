/** The library of physical models, whose programs are half of the work. */
import { checkLibraries } from './check.ts'

checkLibraries(library => library === 'pm')
