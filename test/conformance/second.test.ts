/** The other half of the official libraries. */
import { checkLibraries } from './check.ts'

checkLibraries(library => library >= 'o')
