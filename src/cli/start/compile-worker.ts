/** Starts the thread that compiles what is saved while a program plays. Its code is that of the main thread. */
import { createLoader } from './program.ts'

createLoader().load('compile-worker.cjs')
