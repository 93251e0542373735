/** Starts `dspc`. */
import { startProgram } from './program.ts'

startProgram('main.cjs', true)
