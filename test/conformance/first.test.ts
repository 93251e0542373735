/** Half of the official libraries: two files, so that two can run at a time. */
import { checkLibraries } from './check.ts'

checkLibraries(library => library < 'o')
