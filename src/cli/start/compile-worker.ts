/** Starts the thread that compiles what is saved while a program plays. Its code is that of the main thread. */
import { startProgram } from './program.ts'

startProgram('compile-worker.cjs', false)
