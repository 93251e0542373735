/**
 * The options that say how a program is compiled, which several commands share.
 *
 * Comes in: a commander command. Goes out: the same with the options. Loads no compiler.
 */
import { type Command, Option } from 'commander'
import { collect, parseDefinition, parseWhole } from './values.ts'

/** Options that say how a program is compiled. */
export interface CompileFlags {
  readonly include?: readonly string[]
  readonly define?: readonly (readonly [name: string, expression: string])[]
  readonly entry?: string
  readonly single?: boolean
  readonly double?: boolean
  readonly optimize?: boolean
  readonly fastMath?: boolean
  /** Passes that do not run; true without `--no-opt`. */
  readonly opt?: boolean | readonly string[]
  readonly voices?: number
  readonly eval?: string
}

export function addCompileOptions(command: Command): void {
  command
    .addOption(
      new Option('-I, --include <dir>', 'search imports here; repeatable, last one first').argParser(collect),
    )
    .addOption(
      new Option('-D, --define <name=value>', 'replace a definition of the program; repeatable').argParser(
        parseDefinition,
      ),
    )
    .option('-e, --eval <code>', 'the program itself, instead of a file')
    .option('--entry <name>', 'the definition that is the program (default process)')
    .option('--double', 'compute in 64-bit floating point (default)')
    .option('--single', 'compute in 32-bit floating point')
    .option('-O, --optimize', 'spend more time on a faster module')
    .option('--fast-math', 'let rounding change for speed: reordered sums, fused operations')
    .addOption(
      new Option('--no-opt <passes>', 'leave optimisations out, by name, separated by commas').argParser(
        text => text.split(','),
      ),
    )
    .addOption(
      new Option('--voices <count>', 'so many voices, each with its own freq, gain and gate').argParser(
        parseWhole('--voices', 1, 1024),
      ),
    )
}
