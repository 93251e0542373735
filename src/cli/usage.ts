/**
 * Mistakes on the command line, in the words and the form of all other diagnostics.
 *
 * Comes in: what commander threw, and the arguments. Goes out: a diagnostic with a frame over the command line.
 */
import type { Command, CommanderError } from 'commander'
import { type Diagnostic, locate, makeDiagnostic } from '../diagnostics.ts'
import { SourceFile, type Span, span } from '../source.ts'
import { closestName, didYouMean } from '../suggest.ts'
import type { Failure } from './failure.ts'

export const COMMAND_LINE = 'command line'

/** The arguments as one line, quoted where a shell would need it. */
export function commandLine(args: readonly string[]): SourceFile {
  return new SourceFile(COMMAND_LINE, ['dspc', ...args.map(quote)].join(' '))
}

function quote(argument: string): string {
  return /^[\w\-./=:,+@%~]+$/.test(argument) ? argument : `'${argument.replaceAll("'", `'\\''`)}'`
}

/** Where an argument stands; the last one that is equal, or that starts so and goes on with `=`. */
function placeOf(line: SourceFile, args: readonly string[], argument: string): Span | undefined {
  const index = args.findLastIndex(a => a === argument || a.startsWith(`${argument}=`))
  if (index < 0) return undefined
  const start = ['dspc', ...args.slice(0, index).map(quote)].join(' ').length + 1
  return span(line, start, start + quote(args[index]!).length)
}

/** Shows in the command line what a command found wrong with it. */
export function placeFailure(failure: Failure, args: readonly string[]): Diagnostic[] {
  const line = commandLine(args)
  const places = failure.suspects.map(suspect => placeOf(line, args, suspect))
  const place = places.find(at => at !== undefined)
  if (!place) return [...failure.diagnostics]
  return failure.diagnostics.map(diagnostic => ({ ...diagnostic, span: locate(place) }))
}

export function describeUsageError(
  error: CommanderError,
  args: readonly string[],
  main: Command,
): Diagnostic {
  const line = commandLine(args)
  const subject = /'([^']*)'/.exec(error.message)?.[1] ?? ''
  switch (error.code) {
    case 'commander.unknownOption': {
      const option = subject.replace(/=.*$/, '')
      return makeDiagnostic(
        'unknownOption',
        placeOf(line, args, subject),
        { option },
        [],
        similarOption(option, main),
      )
    }
    case 'commander.optionMissingArgument': {
      const names = subject.replace(/ [<[].*$/, '').split(', ')
      const used = names.find(name => args.includes(name)) ?? names[0]!
      return makeDiagnostic('optionNeedsValue', placeOf(line, args, used), { option: used })
    }
    default:
      return describeExcess(line, args, main)
  }
}

function similarOption(option: string, main: Command): string | undefined {
  const commands = [main, ...main.commands]
  const owners = commands.filter(c => c.options.some(o => o.long === option))
  const called = owners.map(c => `\`${c === main ? 'dspc' : `dspc ${c.name()}`}\``)
  if (called.length > 0) return `\`${option}\` is an option of ${called.join(' and ')}`
  const names = commands.flatMap(c => c.options.map(o => o.long)).filter(name => name != null)
  const all = new Set([...names, '--help', '--version'])
  // A short option is one edit from every other one, which helps nobody.
  if (option.length < 4) return undefined
  const begun = [...all].filter(name => name.startsWith(option))
  return begun.length === 1 ? `did you mean \`${begun[0]}\`?` : didYouMean(option, all)
}

/** Too many operands: often a command that is misspelt, or an option's value that went astray. */
function describeExcess(line: SourceFile, args: readonly string[], main: Command): Diagnostic {
  const called = main.commands.find(c => c.name() === main.args[0])
  const operands = called ? called.args : main.args
  const command = closestName(
    operands[0] ?? '',
    main.commands.map(c => c.name()),
  )
  const misspelt = command !== undefined && !called
  const argument = (misspelt ? operands[0] : operands[1]) ?? args.at(-1) ?? ''
  const help = misspelt ? `did you mean \`dspc ${command}\`?` : undefined
  return makeDiagnostic('tooManyArguments', placeOf(line, args, argument), { argument }, [], help)
}
