/** The official libraries but for the largest one: two files, so that two can run at a time. */
import { checkLibraries } from './check.ts'

checkLibraries(library => library !== 'pm')
