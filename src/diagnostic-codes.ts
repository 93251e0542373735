/**
 * The one table of messages.
 *
 * Each entry: a stable code, a severity, the text from typed arguments, a help line, and a longer explanation
 * for `dspc explain CODE`. Families: 01 characters and tokens, 02 syntax, 03 names and evaluation,
 * 04 composition, 05 signals, 06 code generation, 07 running, 08 files and command line, 09 library and blocks.
 * Adding a message is adding an entry here and a fixture in test/errors that provokes it.
 */

export type Severity = 'error' | 'warning' | 'note'

export interface Message<A> {
  readonly code: string
  readonly severity: Severity
  readonly text: (args: A) => string
  readonly help: string
  readonly explain: string
}

function define<A>(
  code: string,
  severity: Severity,
  text: (args: A) => string,
  help: string,
  explain = '',
): Message<A> {
  return { code, severity, text, help, explain }
}

type None = Record<string, never>

const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`

const plural = (n: number, noun: string) => `${n} ${noun}${n === 1 ? '' : 's'}`

export const MESSAGES = {
  // 01 characters and tokens
  unknownCharacter: define(
    'DSP0101',
    'error',
    (a: { text: string }) => `\`${a.text}\` has no meaning here`,
    'remove it; outside strings and comments only letters A–Z, digits, blanks and operators may stand',
    'Programs are written in ASCII. Other characters may stand in strings and comments only. Text copied from a web page or a word processor often brings curly quotes, long dashes or special blanks with it.',
  ),
  unterminatedString: define(
    'DSP0102',
    'error',
    (_: None) => 'this string is never closed',
    'add the closing `"`',
    'A string ends at the next double quote. It may run over several lines, and it has no escapes: a double quote cannot stand inside.',
  ),
  unterminatedComment: define(
    'DSP0103',
    'error',
    (_: None) => 'this comment is never closed',
    'add `*/`, or use `//` for a comment up to the end of the line',
    'A comment that starts with /* runs to the first */. Comments do not nest.',
  ),
  unterminatedDocumentation: define(
    'DSP0104',
    'error',
    (_: None) => 'this `<mdoc>` block is never closed',
    'add `</mdoc>`',
    'Everything between <mdoc> and </mdoc> is documentation and has no effect on the sound.',
  ),
  notText: define(
    'DSP0105',
    'error',
    (_: None) => 'this is no program text',
    'give a text file in UTF-8; sound files are read with `soundfile`',
    'The file holds a zero byte or very many characters that no program has. It is probably a binary file, or text in another encoding such as UTF-16.',
  ),
  malformedNumber: define(
    'DSP0106',
    'error',
    (a: { text: string }) => `\`${a.text}\` is not a number`,
    'numbers look like 1, 1.5, .5, 1e-3',
    'A number is digits with an optional dot, an optional exponent with a small e, and an optional f. A name cannot follow it directly.',
  ),
  logicalOperator: define(
    'DSP0107',
    'error',
    (a: { operator: string }) => `there is no operator \`${a.operator}\``,
    'comparisons give 0 or 1: combine them with `&` and `|`',
    'The operators & and | work on the bits of ints. Comparisons give 0 or 1, so that & and | also serve as logical operators. They bind tighter than comparisons: write (a > 1) & (b > 1).',
  ),
  // 02 syntax
  unexpected: define(
    'DSP0201',
    'error',
    (a: { expected: string; found: string }) => `expected ${a.expected}, found ${a.found}`,
    'look for a mistake here or just before',
    'The text up to this place is understood, but what comes next cannot follow it.',
  ),
  missingSemicolon: define(
    'DSP0202',
    'error',
    (a: { after: string }) => `expected \`;\` after ${a.after}`,
    'add `;` here',
    'Every definition, import and declaration ends with a semicolon, the last one of a block too.',
  ),
  neverClosed: define(
    'DSP0203',
    'error',
    (a: { bracket: string }) => `this \`${a.bracket}\` is never closed`,
    'add the closing bracket',
    'Brackets come in pairs ( ), [ ], { }. A round bracket cannot run past the `;` of the statement it opens in.',
  ),
  closesNothing: define(
    'DSP0204',
    'error',
    (a: { bracket: string }) => `this \`${a.bracket}\` closes nothing`,
    'remove it, or add the opening bracket',
    'Brackets come in pairs ( ), [ ], { }. No open bracket of this kind is left here.',
  ),
  bracketMismatch: define(
    'DSP0205',
    'error',
    (a: { open: string; close: string }) => `\`${a.open}\` is closed by \`${a.close}\``,
    'use brackets of one kind',
    'Brackets come in pairs ( ), [ ], { }.',
  ),
  reservedName: define(
    'DSP0206',
    'error',
    (a: { word: string }) => `\`${a.word}\` is a reserved word and cannot be used as a name`,
    'choose another name',
    'The names of primitives and the words of the grammar are reserved: they cannot name definitions or parameters.',
  ),
  equalsInExpression: define(
    'DSP0207',
    'error',
    (_: None) => '`=` defines a name and cannot stand in an expression',
    'to compare, write `==`',
    'Definitions can stand at the top of a file and in with, letrec and environment blocks, each ended by a semicolon. Inside an expression nothing can be assigned.',
  ),
  comparisonForDefinition: define(
    'DSP0208',
    'error',
    (_: None) => '`==` compares; a definition is made with `=`',
    'write `name = expression;`',
    'A program is a list of definitions name = expression; and == compares two signals, sample by sample.',
  ),
  unexpectedBlock: define(
    'DSP0210',
    'error',
    (_: None) => '`{` can follow only `with`, `letrec`, `case`, `environment` or `waveform`',
    'a function is written `name(parameters) = expression;`, local definitions `expression with { … }`',
    'There are no statements and no bodies in braces: a function is an expression of its parameters.',
  ),
  lambdaBody: define(
    'DSP0211',
    'error',
    (_: None) => 'the body of a function without a name stands in parentheses',
    'write `\\(x).(expression)`',
    'A function without a name is written with a backslash, its parameters in parentheses, a dot, and its body in parentheses: \\(x, y).(x + y).',
  ),
  withInArgument: define(
    'DSP0212',
    'error',
    (a: { word: string }) => `\`${a.word}\` cannot stand directly among arguments`,
    'put the argument in parentheses: `f((x with { … }))`',
    'Local definitions bind looser than the comma between arguments, so they need parentheses there.',
  ),
  needsParentheses: define(
    'DSP0213',
    'error',
    (a: { word: string; open: string }) => `\`${a.word}\` must be followed by \`${a.open}\``,
    'write the brackets after the word',
    'This word introduces a construct whose parts stand in brackets. Alone it means nothing.',
  ),
  singleQuotes: define(
    'DSP0214',
    'error',
    (_: None) => "`'` is one sample of delay, not a quote",
    'strings stand in double quotes: "…"',
    'A quote after a signal delays it by one sample. Labels and file names are strings in double quotes.',
  ),
  emptyArguments: define(
    'DSP0215',
    'error',
    (_: None) => 'these parentheses are empty',
    'use a function without arguments by its name alone, without parentheses',
    'There are no functions of zero arguments: a definition without parameters is used by its name.',
  ),
  emptyStatement: define(
    'DSP0216',
    'error',
    (_: None) => 'this `;` ends nothing',
    'remove it',
    'A semicolon ends a definition, an import or a declaration. Here stands one with nothing before it.',
  ),
  tooDeep: define(
    'DSP0217',
    'error',
    (a: { limit: number }) => `brackets are nested more than ${a.limit} deep`,
    'give parts of the expression names of their own',
    'Such nesting is hardly ever written by hand. If a program generates this text, let it name its intermediate results.',
  ),
  operatorAfterBlock: define(
    'DSP0218',
    'error',
    (a: { operator: string }) => `\`${a.operator}\` cannot follow a \`with\` or \`letrec\` block`,
    'put the expression and its block in parentheses',
    'A block of local definitions belongs to the whole expression before it. Only the composition operators , : <: :> ~ may follow it.',
  ),
  missingOperand: define(
    'DSP0219',
    'error',
    (a: { operator: string }) => `\`${a.operator}\` has nothing on its right`,
    'add the missing part or remove the operator',
    'An operator stands between two expressions. To use the operator itself as a block, put it where an expression can stand, as in _, 2 : *',
  ),
  missingOperator: define(
    'DSP0220',
    'error',
    (a: { left: string; right: string }) => `${a.left} and ${a.right} stand side by side`,
    'put an operator between them, or `;` if a new definition starts here',
    'Two expressions are always joined by an operator or by a comma. Arguments of a function stand in parentheses: f(x).',
  ),
  // 03 names and evaluation
  unknownName: define(
    'DSP0301',
    'error',
    (a: { name: string }) => `\`${a.name}\` is not defined`,
    'define it, or check the spelling',
    'A name is looked up in the `with` block, function or environment it stands in, then outwards to the file, then in what the file imports. None of them defines this one.',
  ),
  multipleDefinitions: define(
    'DSP0302',
    'error',
    (a: { name: string }) => `\`${a.name}\` is defined more than once`,
    'keep one definition; only functions may have several, as the rules of a pattern match',
    'f(0) = 1; f(n) = n * f(n - 1); is one function with two rules. Two definitions without parameters contradict each other, even if they are the same.',
  ),
  parameterCounts: define(
    'DSP0303',
    'error',
    (a: { name: string; first: number; other: number }) =>
      `this definition of \`${a.name}\` has ${plural(a.other, 'parameter')}, the first one has ${a.first}`,
    'all rules of one function take the same number of parameters',
  ),
  redefinition: define(
    'DSP0304',
    'error',
    (a: { name: string }) => `\`${a.name}\` is defined in two of the imported files, in different ways`,
    'rename one, or use `library(…)` so that each file keeps its names to itself',
    'import splices the definitions of a file into this one. A name may come in twice only if both definitions are the same.',
  ),
  importNotFound: define(
    'DSP0305',
    'error',
    (a: { file: string }) => `cannot find the file \`${a.file}\``,
    'check the name, or give its folder with `-I`',
  ),
  rulePatternCounts: define(
    'DSP0306',
    'error',
    (a: { first: number; other: number }) =>
      `this rule has ${plural(a.other, 'pattern')}, the first one has ${a.first}`,
    'all rules of a `case` take the same number of patterns',
  ),
  tooManyIterations: define(
    'DSP0321',
    'error',
    (a: { count: number; limit: number }) => `${a.count} iterations; the limit is ${a.limit}`,
    'use a smaller count: every iteration is a block of its own',
  ),
  programTooLarge: define(
    'DSP0322',
    'error',
    (a: { what: string }) => `this program is too large: ${a.what}`,
    'look for a function that doubles itself, or an iteration inside an iteration',
    'A program is unfolded before it runs, so f(n) = f(n - 1), f(n - 1) doubles with each step.',
  ),
  foreignArguments: define(
    'DSP0323',
    'error',
    (a: { name: string; given: number; inputs: number }) =>
      `\`${a.name}\` takes ${plural(a.inputs, 'argument')}, not ${a.given}`,
    'declare the types of its arguments as in <math.h>',
  ),
  modulationCircuit: define(
    'DSP0324',
    'error',
    (a: { inputs: number; outputs: number }) =>
      `the circuit has ${plural(a.inputs, 'input')} and ${plural(a.outputs, 'output')}`,
    'it needs one output, and no input (replaces the widget), one (processes it), or two (the widget and a new input)',
  ),
  modulationUnmatched: define(
    'DSP0325',
    'warning',
    (a: { label: string }) => `no widget has the label \`${a.label}\``,
    'a label matches the end of a path: "freq", or "osc/freq"',
  ),
  soundNotFound: define(
    'DSP0326',
    'warning',
    (a: { file: string }) => `cannot read the sound file \`${a.file}\`: silence stands in for it`,
    'give a WAV file; it is searched like imports are, and in the folders of `declare soundfiles`',
  ),
  networkImport: define(
    'DSP0327',
    'error',
    (a: { url: string }) => `nothing is fetched from the network: \`${a.url}\``,
    'download the file, import it by its name, and give its folder with -I (or DSPC_PATH)',
    'A program should sound the same tomorrow and without a connection, so every file that it reads is on your disk.',
  ),
  noRules: define(
    'DSP0320',
    'error',
    (_: None) => 'this `case` has no rules',
    'write at least one: case { (x) => x; }',
  ),
  noRuleMatches: define(
    'DSP0307',
    'error',
    (a: { arguments: string }) => `no rule fits the arguments (${a.arguments})`,
    'add a rule that does, or a last one whose patterns are plain names: those fit anything',
    'Rules are tried from the first to the last. A number fits only the same number of the same kind: 1 and 1.0 differ. A name fits anything. (x, y) fits a list of two or more.',
  ),
  blockArguments: define(
    'DSP0308',
    'error',
    (a: { given: number; inputs: number }) =>
      `${plural(a.given, 'argument')} for a block with ${plural(a.inputs, 'input')}`,
    'leave some out; missing arguments become inputs of the result',
    'f(a, b) on a block feeds a and b to its first inputs. An argument with several outputs counts once for each.',
  ),
  notAnEnvironment: define(
    'DSP0309',
    'error',
    (a: { name: string }) => `there are no names to look \`${a.name}\` up in`,
    'before `.` or `[ ]` there must be an environment, a library, a component or a function',
  ),
  environmentApplied: define(
    'DSP0310',
    'error',
    (_: None) => 'an environment cannot be applied to arguments',
    'pick a definition from it first: `e.name(…)`',
  ),
  environmentAsBlock: define(
    'DSP0311',
    'error',
    (_: None) => 'an environment is not a block',
    'pick a definition from it: `e.name`',
  ),
  notConstant: define(
    'DSP0312',
    'error',
    (a: { what: string }) => `${a.what} must be a number known when compiling`,
    'use literals and arithmetic on them; inputs, controls and the sample rate are known only later',
  ),
  negativeCount: define(
    'DSP0313',
    'error',
    (a: { what: string }) => `${a.what} is negative`,
    'counts start at 0',
  ),
  routeConnections: define(
    'DSP0314',
    'error',
    (_: None) => 'the connections of `route` must be pairs of constant numbers',
    'write them as input, output, input, output, …, counted from 1',
  ),
  emptySequence: define(
    'DSP0315',
    'error',
    (a: { inputs: number; outputs: number }) =>
      `\`seq\` of nothing needs a block with as many outputs as inputs, not ${a.inputs} and ${a.outputs}`,
    'use a count of at least 1',
  ),
  endlessEvaluation: define(
    'DSP0316',
    'error',
    (a: { cycle: readonly string[] }) =>
      `this definition needs its own value${a.cycle.length > 0 ? `: ${[...a.cycle, a.cycle[0]].join(' → ')}` : ''}`,
    'for feedback of a signal use `~` or `letrec`; for recursion of a function add a rule that ends it',
    'Definitions are replaced by what they stand for until nothing is left to replace. This one never ends.',
  ),
  evaluationTooDeep: define(
    'DSP0317',
    'error',
    (a: { limit: number; cycle: readonly string[] }) =>
      `evaluation is nested more than ${a.limit} deep${a.cycle.length > 0 ? `, in ${a.cycle.join(' → ')}` : ''}`,
    'a recursive function needs a rule that ends it, such as `f(0) = …;`',
    'A function that calls itself with ever new arguments never ends. Patterns match numbers exactly, so f(0) does not catch f(0.0) or f(-1).',
  ),
  missingEntry: define(
    'DSP0318',
    'error',
    (a: { name: string }) => `the program does not define \`${a.name}\``,
    'a program is what its definition `process` stands for: process = …;',
  ),
  widgetNotFinite: define(
    'DSP0328',
    'error',
    (a: { what: string; value: number }) => `${a.what} is ${a.value}`,
    'write a number that an interface can show; `log(0)` and overflows are infinite',
  ),
  sliderRange: define(
    'DSP0319',
    'error',
    (a: { init: number; min: number; max: number }) =>
      `the initial value ${a.init} is not between ${a.min} and ${a.max}`,
    'the arguments are: label, initial value, minimum, maximum, step',
  ),
  // 04 composition
  seqMismatch: define(
    'DSP0401',
    'error',
    (a: { outputs: number; inputs: number }) =>
      `\`:\` joins ${plural(a.outputs, 'output')} to ${plural(a.inputs, 'input')}`,
    'both counts must be equal; use `<:` to split or `:>` to merge',
    'A : B connects the outputs of A, one by one, to the inputs of B, so B must have as many inputs as A has outputs.',
  ),
  splitMismatch: define(
    'DSP0402',
    'error',
    (a: { outputs: number; inputs: number }) =>
      `\`<:\` splits ${plural(a.outputs, 'output')} over ${plural(a.inputs, 'input')}`,
    'the inputs on the right must be a multiple of the outputs on the left, and neither may be 0',
    'A <: B repeats the outputs of A until all inputs of B are fed: input j gets output j mod n.',
  ),
  mergeMismatch: define(
    'DSP0403',
    'error',
    (a: { outputs: number; inputs: number }) =>
      `\`:>\` merges ${plural(a.outputs, 'output')} into ${plural(a.inputs, 'input')}`,
    'the outputs on the left must be a multiple of the inputs on the right, and neither may be 0',
    'A :> B adds the outputs of A up: input j of B is the sum of outputs j, j + n, j + 2n and so on.',
  ),
  recMismatch: define(
    'DSP0404',
    'error',
    (a: { left: { inputs: number; outputs: number }; right: { inputs: number; outputs: number } }) =>
      a.right.inputs > a.left.outputs
        ? `\`~\` feeds ${plural(a.left.outputs, 'output')} back through ${plural(a.right.inputs, 'input')}`
        : `\`~\` feeds ${plural(a.right.outputs, 'output')} back into ${plural(a.left.inputs, 'input')}`,
    'in `A ~ B`, B takes at most as many inputs as A has outputs, and gives at most as many outputs as A has inputs',
    'A ~ B feeds the first outputs of A, one sample late, to B, and the outputs of B to the first inputs of A.',
  ),
  // 05 signals
  negativeDelay: define(
    'DSP0501',
    'error',
    (a: { low: number; high: number }) =>
      `this delay may be negative: its length lies between ${a.low} and ${a.high} samples`,
    'keep it at or above 0, for example with `max(0)`',
    'The range of a delay is worked out from its expression before the program runs. x @ n needs 0 ≤ n.',
  ),
  unboundedDelay: define(
    'DSP0502',
    'error',
    (_: None) => 'this delay has no upper bound',
    'limit it, for example with `min(48000)`, or take it from a slider',
    'Memory for a delay is reserved before the program runs, so its longest length must follow from the expression.',
  ),
  hugeDelay: define(
    'DSP0503',
    'error',
    (a: { samples: number; limit: number }) =>
      `this delay may be ${a.samples} samples long; the limit is ${a.limit}`,
    'limit it, for example with `min(48000)`',
  ),
  tableSize: define(
    'DSP0504',
    'error',
    (a: { size: number | undefined }) =>
      a.size === undefined
        ? 'the size of a table must be a constant int'
        : `a table of size ${a.size} cannot be read`,
    'give a literal int of at least 1',
  ),
  hugeTable: define(
    'DSP0505',
    'error',
    (a: { size: number; limit: number }) => `a table of ${a.size} elements; the limit is ${a.limit}`,
    'use a smaller table',
  ),
  tableContent: define(
    'DSP0506',
    'error',
    (a: { what: string }) => `the content of a table depends on ${a.what}`,
    'a table is filled before the first sample, from constants, the sample rate and time only',
  ),
  prefixNotInit: define(
    'DSP0507',
    'error',
    (_: None) => 'the first value of `prefix` must be known before the first sample',
    'use a constant, or the sample rate',
  ),
  boundsNotConstant: define(
    'DSP0508',
    'error',
    (_: None) => 'the bounds of `assertbounds` must be constants',
    'write assertbounds(low, high, x) with numbers for low and high',
  ),
  brokenBounds: define(
    'DSP0511',
    'error',
    (a: { low: number; high: number; min: number; max: number }) =>
      `this control goes from ${a.min} to ${a.max}, which breaks the promise to stay between ${a.low} and ${a.high}`,
    'limit the value with `max` and `min`, or change the range of the control',
    '`assertbounds` tells the compiler a range that it cannot work out by itself. The range of a control is known, and a user can set every value of it.',
  ),
  literalDomain: define(
    'DSP0509',
    'error',
    (a: { operator: string; problem: string }) =>
      `\`${a.operator}\` of these constants has no value: ${a.problem}`,
    'change the constant',
  ),
  duplicateAddress: define(
    'DSP0510',
    'error',
    (a: { address: string }) => `two different controls have the address \`${a.address}\``,
    'give them different labels, or put them into different groups',
  ),
  notSupportedYet: define(
    'DSP0599',
    'error',
    (a: { feature: string }) => `not supported yet: ${a.feature}`,
    'this part of the language is planned; nothing was compiled, so no wrong sound is made',
  ),
  // 06 code generation
  memoryTooLarge: define(
    'DSP0601',
    'error',
    (a: { bytes: number; limit: number }) =>
      `the delay lines and tables need ${Math.ceil(a.bytes / 2 ** 20)} MiB of memory; the limit is ${a.limit / 2 ** 20} MiB`,
    'make the longest delays and tables shorter, or bound the variable delays more tightly',
    'A delay line holds as many samples as the longest delay that it may be asked for, rounded up to a power of two, and a table as many as its size says. A delay whose length is computed from a control without a tight upper bound is the usual cause.',
  ),
  invalidProgram: define(
    'DSP0602',
    'error',
    (a: { fault: string }) => `the program is not well-formed: ${a.fault}`,
    'programs built by hand must keep the rules of the Core tree; one compiled from text that fails here is a bug to report',
  ),
  // 07 running
  unknownControl: define(
    'DSP0701',
    'error',
    (a: { address: string }) => `there is no control \`${a.address}\``,
    'controls are named by their address, such as `/synth/freq`',
    'The address of a control is the path of its groups and its label. `dspc FILE` lists the addresses of a program.',
  ),
  controlNotNumber: define(
    'DSP0702',
    'error',
    (a: { address: string }) => `the value for \`${a.address}\` is not a number`,
    'give a number inside the range of the control',
    'NaN in a control would spread to every sample after it and could not be taken back, so it is refused.',
  ),
  controlReadOnly: define(
    'DSP0703',
    'error',
    (a: { address: string }) => `\`${a.address}\` is a bargraph: the program writes it`,
    'bargraphs can be read; set sliders, entries, buttons and checkboxes',
  ),
  controlClamped: define(
    'DSP0704',
    'warning',
    (a: { address: string; value: number; min: number; max: number; used: number }) =>
      `${a.value} is outside the range of \`${a.address}\` (${a.min} … ${a.max}); using ${a.used}`,
    'give a value inside the range',
    'The ranges of controls bound delay lengths and table sizes, so a value outside of them is moved to the nearest end.',
  ),
  outputNotFinite: define(
    'DSP0705',
    'warning',
    (a: { samples: number; channel: number; seconds: number }) =>
      `${plural(a.samples, 'output sample')} ${a.samples === 1 ? 'is' : 'are'} not a finite number, first in channel ${a.channel} at ${a.seconds.toFixed(3)} s; written as 0`,
    'look for a division by 0, the logarithm or root of a negative number, or feedback with a gain above 1',
    'A NaN or an infinity cannot be played. Once inside a feedback loop it stays there, so usually everything after the first one is lost.',
  ),
  outputClipped: define(
    'DSP0706',
    'warning',
    (a: { samples: number; peak: number }) =>
      `${plural(a.samples, 'sample')} clipped: the peak is ${a.peak.toFixed(1)} dB too loud`,
    'lower the level in the program, or write floating point with `--bits 32f`',
    'Whole-number formats hold -1 … 1. Samples outside were set to the nearest end, which is heard as distortion.',
  ),
  programTrapped: define(
    'DSP0707',
    'error',
    (a: { reason: string; seconds: number }) =>
      `the program stopped at ${a.seconds.toFixed(3)} s: ${a.reason}`,
    'please report this with the program: a compiled program should never trap',
  ),
  inputMissing: define(
    'DSP0708',
    'warning',
    (a: { inputs: number }) => `the program has ${plural(a.inputs, 'input')} and gets silence`,
    'give it a sound with `--in FILE.wav`',
  ),
  inputUnused: define(
    'DSP0709',
    'warning',
    (a: { channels: number; inputs: number }) =>
      `the input file has ${plural(a.channels, 'channel')}, the program ${plural(a.inputs, 'input')}`,
    'channels without an input are ignored, inputs without a channel get silence; one channel goes to all inputs',
  ),
  inputRate: define(
    'DSP0710',
    'warning',
    (a: { file: number; rate: number }) =>
      `the input file has ${a.file} Hz and is used at ${a.rate} Hz without conversion: pitch and speed change`,
    'leave `--rate` out to run at the rate of the file',
  ),
  noOutputs: define(
    'DSP0711',
    'error',
    (_: None) => 'the program has no outputs, so there is nothing to hear',
    'connect something to an output: `process` must have at least one',
  ),
  speakerMissing: define(
    'DSP0722',
    'error',
    (_: None) => 'the package `speaker`, which plays sound, is not installed here',
    'it is left out when it cannot be built; `dspc doctor` says what to install. Or choose another way with `--backend`',
    'Sound cards are reached through the optional package `speaker`, which is compiled when dspc is installed. On Linux that needs the headers of ALSA, a C++ compiler, make and Python; without them npm leaves the package out and says nothing.',
  ),
  speakerNotBuilt: define(
    'DSP0723',
    'error',
    (_: None) => 'the package `speaker` is installed, but its native part was not built',
    'npm did not run its install script: run `npm rebuild speaker`, or install with `npm install -g --allow-scripts=speaker dspc`',
    'Since version 12, npm runs install scripts only of packages that the user allows. Without its script, `speaker` has no native part.',
  ),
  noSoundDevice: define(
    'DSP0724',
    'error',
    (a: { reason: string }) => `no sound device can be opened${a.reason ? `: ${a.reason}` : ''}`,
    '`dspc doctor` looks for the cause, `dspc devices` lists what there is; `--backend null` plays without sound, `-o FILE.wav` renders',
  ),
  playerMissing: define(
    'DSP0725',
    'error',
    (a: { command: string }) => `the command \`${a.command}\` is not installed`,
    'install it, or choose another way with `--backend`; `dspc doctor` says which ones work here',
  ),
  outputFailed: define(
    'DSP0726',
    'error',
    (a: { output: string; reason: string }) => `the sound output \`${a.output}\` failed: ${a.reason}`,
    'the device may have gone away or be in use; `dspc doctor` looks for the cause',
  ),
  hostCrashed: define(
    'DSP0727',
    'error',
    (a: { reason: string }) => `the process that plays sound ended unexpectedly: ${a.reason}`,
    'try another way with `--backend`; `dspc doctor` says which ones work here',
  ),
  recordingFailed: define(
    'DSP0728',
    'error',
    (a: { reason: string }) => `the recording could not be written: ${a.reason}`,
    'check that there is room on the disk',
  ),
  noSoundOutput: define(
    'DSP0729',
    'error',
    (_: None) => 'no way to play sound was found here',
    '`dspc doctor` says what is missing; `--backend null` plays without sound, `-o FILE.wav` renders',
  ),
  programMuted: define(
    'DSP0730',
    'error',
    (a: { cause: string; seconds: number; controls: string; next: string }) =>
      `muted at ${a.seconds.toFixed(3)} s: ${a.cause}${a.controls ? ` (with ${a.controls})` : ''}; ${a.next}`,
    'look for a division by 0, the logarithm or root of a negative number, or feedback with a gain above 1',
    'What is not a number cannot be played, and what is far too loud should not be: 40 dB above full scale ends the program. The one before it comes back, with its state of the moment when it was replaced.',
  ),
  swapRefused: define(
    'DSP0731',
    'error',
    (a: { reason: string }) => `the program is not let out: ${a.reason}`,
    'with `--no-audition` it is heard all the same',
    'Before a program is heard it runs ahead, unheard, for a few hundred milliseconds. What would end in noise, in a constant, in a sudden jump of loudness or in stutter is refused; what played before plays on.',
  ),
  deviceRate: define(
    'DSP0732',
    'error',
    (a: { wanted: number; offered: number }) =>
      `the device does not take ${a.wanted} Hz; the nearest that it takes is ${a.offered} Hz`,
    'choose a rate that it takes with `--rate`',
  ),
  cannotStart: define(
    'DSP0721',
    'error',
    (a: { reason: string }) => `the program cannot be started: ${a.reason}`,
    'it may need more memory than there is; look for very long delays or tables',
  ),
  internalFault: define(
    'DSP0799',
    'error',
    (a: { reason: string }) => `internal fault: ${a.reason}`,
    'this is a mistake in dspc, not in your program; please report it with the program (set DSPC_DEBUG=1 to see where it happened)',
  ),
  // 08 files and command line
  fileNotFound: define(
    'DSP0801',
    'error',
    (a: { file: string }) => `cannot find \`${a.file}\``,
    'check the path',
  ),
  fileIsDirectory: define(
    'DSP0802',
    'error',
    (a: { file: string }) => `\`${a.file}\` is a directory`,
    'name a file',
  ),
  fileIsBinary: define(
    'DSP0803',
    'error',
    (a: { file: string }) => `\`${a.file}\` is not a text file`,
    'programs are UTF-8 text, usually with the ending `.dsp` or `.lib`',
  ),
  fileTooLarge: define(
    'DSP0804',
    'error',
    (a: { file: string; bytes: number; limit: number }) =>
      `\`${a.file}\` has ${megabytes(a.bytes)}; programs may have ${megabytes(a.limit)}`,
    'is this the file you meant? Split a large program with `import`',
  ),
  fileUnreadable: define(
    'DSP0805',
    'error',
    (a: { file: string; reason: string }) => `cannot read \`${a.file}\`: ${a.reason}`,
    'check the permissions of the file',
  ),
  fileUnwritable: define(
    'DSP0806',
    'error',
    (a: { file: string; reason: string }) => `cannot write \`${a.file}\`: ${a.reason}`,
    'check that the directory exists, that you may write there, and that there is room',
  ),
  notWav: define(
    'DSP0808',
    'error',
    (a: { file: string; reason: string }) => `\`${a.file}\` cannot be read as WAV: ${a.reason}`,
    'WAV files with 8 to 32 bits, 32-bit or 64-bit floating point are read; convert others first',
  ),
  wavTruncated: define(
    'DSP0809',
    'warning',
    (a: { file: string; expected: number; found: number }) =>
      `\`${a.file}\` ends early: ${a.found} of ${plural(a.expected, 'frame')} are there`,
    'silence follows after the end; the file may not have been written to the end',
  ),
  unknownOption: define(
    'DSP0820',
    'error',
    (a: { option: string }) => `unknown option \`${a.option}\``,
    '`dspc --help` lists the options',
  ),
  optionNeedsValue: define(
    'DSP0821',
    'error',
    (a: { option: string }) => `\`${a.option}\` needs a value`,
    '`dspc --help` shows what it takes',
  ),
  badOptionValue: define(
    'DSP0822',
    'error',
    (a: { option: string; value: string; expected: string }) =>
      `\`${a.value}\` is not a value for \`${a.option}\`: expected ${a.expected}`,
    '`dspc --help` shows examples',
  ),
  tooManyArguments: define(
    'DSP0823',
    'error',
    (a: { argument: string }) => `unexpected argument \`${a.argument}\``,
    'give one program; options that take a value come with exactly one',
  ),
  noProgram: define(
    'DSP0824',
    'error',
    (_: None) => 'no program given',
    "name a file, `-` for standard input, or give the code with `-e 'process = …;'`; `dspc --help` shows examples",
  ),
  swapNeedsTwo: define(
    'DSP0860',
    'error',
    (_: None) => 'a swap takes two programs: the one that runs, and the one that replaces it',
    '`dspc swap old.dsp new.dsp --explain`',
  ),
  swapAfterEnd: define(
    'DSP0861',
    'error',
    ({ at, length }: { option: string; at: number; length: number }) =>
      `the swap at ${at} s comes after the end of the file, which is ${length} s long`,
    'choose an earlier `--at` or a longer `--duration`',
  ),
  optionConflict: define(
    'DSP0825',
    'error',
    (a: { first: string; second: string }) => `\`${a.first}\` and \`${a.second}\` do not go together`,
    'leave one of them out',
  ),
  optionNeedsOutput: define(
    'DSP0826',
    'error',
    (a: { option: string }) => `\`${a.option}\` is for rendering, and there is no \`-o\``,
    'add `-o FILE.wav`',
  ),
  optionNeedsPlay: define(
    'DSP0830',
    'error',
    (a: { option: string }) => `\`${a.option}\` is for playing, and there is no \`--play\``,
    'add `--play`',
  ),
  optionNeedsCost: define(
    'DSP0849',
    'error',
    (a: { option: string }) =>
      `\`${a.option}\` says how costs are printed, and there is no \`--explain-cost\``,
    'add `--explain-cost`, or leave it out',
  ),
  unknownCode: define(
    'DSP0827',
    'error',
    (a: { code: string }) => `there is no message \`${a.code}\``,
    '`dspc explain` lists all of them',
  ),
  binaryToTerminal: define(
    'DSP0828',
    'error',
    (a: { what: string }) => `not writing ${a.what} to a terminal`,
    'add `-o FILE`, or pipe it into another program',
  ),
  voicesAlike: define(
    'DSP0829',
    'warning',
    (_: None) => 'all voices sound the same: no control is called freq, gain or gate',
    'give the program controls such as `hslider("freq", 440, 20, 20000, 1)`, `hslider("gain", 0.5, 0, 1, 0.01)` and `button("gate")`',
    'With several voices every voice has for itself the controls whose labels are freq or key, gain, vel or velocity, and gate; all others are shared.',
  ),

  // 090 library
  literalInvalid: define(
    'DSP0901',
    'error',
    (a: { given: string }) => `${a.given} is no number`,
    'a literal takes a number of JavaScript',
  ),
  nameInvalid: define(
    'DSP0902',
    'error',
    (a: { given: string }) => `${a.given === '' ? 'an empty text' : a.given} is no name`,
    'a name is a text of at least one character',
  ),
  nameTaken: define(
    'DSP0907',
    'error',
    (a: { name: string }) => `\`${a.name}\` cannot be declared: the name has a meaning already`,
    'names that begin with $ % * & or @, constants, and buffers with # or / in their names are taken; each name is declared once, and stays a buffer or a table',
  ),
  idInvalid: define(
    'DSP0903',
    'error',
    (a: { given: string }) => `\`${a.given}\` is no id of a call`,
    'an id is a whole number from 0, or a text; it names the state of the node across recompilations',
  ),
  bufferIndex: define(
    'DSP0904',
    'error',
    (a: { given: string }) => `\`${a.given}\` is no buffer or table`,
    'buffers and tables are named by a whole number from 0, or by a text',
  ),
  bufferLength: define(
    'DSP0905',
    'error',
    (a: { given: string }) => `${a.given} is no length of a buffer`,
    'a length is a whole number of samples, at least 1',
  ),
  operandCount: define(
    'DSP0906',
    'error',
    (a: { op: string; inputs: number; given: number }) =>
      `\`${a.op}\` takes ${plural(a.inputs, 'operand')}, not ${a.given}`,
    'give every operand',
  ),
  nodeInvalid: define(
    'DSP0910',
    'error',
    (a: { node: string; fault: string }) => `node \`${a.node}\`: ${a.fault}`,
    'docs/LIBRARY.md says how a node is declared',
  ),
  nodeTwice: define(
    'DSP0911',
    'error',
    (a: { node: string }) => `the library has a node \`${a.node}\` already`,
    'give it another name, or use `replace`',
  ),
  // 084 the REPL and replaying
  unknownCommand: define(
    'DSP0840',
    'error',
    (a: { command: string }) => `there is no command \`:${a.command}\``,
    '`:help` lists all of them',
  ),
  commandArguments: define(
    'DSP0841',
    'error',
    (a: { command: string; expected: string }) =>
      `\`:${a.command}\` is written \`:${a.command} ${a.expected}\``,
    '`:help COMMAND` says more',
  ),
  commandValue: define(
    'DSP0842',
    'error',
    (a: { value: string; expected: string }) => `\`${a.value}\` is not ${a.expected}`,
    '`:help COMMAND` says how a command is written',
  ),
  nothingToUndo: define(
    'DSP0843',
    'error',
    (a: { what: 'undo' | 'redo' }) => `there is nothing to ${a.what}`,
    'each change of the program is one step; settings of controls are not',
  ),
  noProgramYet: define(
    'DSP0844',
    'error',
    (_: None) => 'there is no program yet',
    'type an expression that sounds, such as `os.osc(440)`, or define `process`',
  ),
  nothingPlays: define(
    'DSP0845',
    'error',
    (_: None) => 'nothing plays, so there is nothing to measure',
    'start it with `:play`; `:plot EXPR 50ms` computes without playing',
  ),
  ambiguousControl: define(
    'DSP0846',
    'error',
    (a: { name: string; addresses: readonly string[] }) =>
      `\`${a.name}\` could be ${a.addresses.map(address => `\`${address}\``).join(' or ')}`,
    'write more of the address',
  ),
  measuredInputs: define(
    'DSP0847',
    'error',
    (a: { inputs: number; outputs: number }) =>
      `the expression takes ${plural(a.inputs, 'input')}, and the program has ${plural(a.outputs, 'output')}`,
    'an expression with inputs listens to the outputs of the program',
  ),
  noDocumentation: define(
    'DSP0848',
    'error',
    (a: { name: string }) => `nothing is known about \`${a.name}\``,
    'name a function with its prefix, such as `os.osc`; Tab completes names',
  ),
  nothingToMeasure: define(
    'DSP0850',
    'error',
    (_: None) => 'the expression has no outputs',
    'name something that sounds, such as `process` or a definition of yours',
  ),
  panelNeedsTerminal: define(
    'DSP0853',
    'error',
    (_: None) => 'a panel needs a terminal for its keys and its picture',
    'run it in a terminal, without pipes; `--set /path=value` sets controls without one',
  ),
  logInvalid: define(
    'DSP0851',
    'error',
    (a: { file: string; line: number; reason: string }) =>
      `\`${a.file}\` cannot be replayed: line ${a.line} ${a.reason}`,
    'a log is what `dspc repl --log FILE` or `dspc FILE --play --log FILE` writes',
  ),
  logOlder: define(
    'DSP0852',
    'warning',
    (a: { found: string; expected: string }) =>
      `the log was written by dspc ${a.found}; this is ${a.expected}, which may compute other samples`,
    'compare by ear, or replay with the version that wrote it',
  ),

  nodeUnknown: define(
    'DSP0912',
    'error',
    (a: { node: string }) => `there is no node \`${a.node}\``,
    'docs/NODES.md lists the nodes; a library of your own needs `add`',
  ),
  constantInput: define(
    'DSP0913',
    'error',
    (a: { node: string; input: string }) =>
      `input \`${a.input}\` of \`${a.node}\` must be a number known when the program is compiled`,
    'give a literal',
  ),
  nodeCallback: define(
    'DSP0917',
    'error',
    (a: { node: string }) =>
      `\`${a.node}\` is a function of TypeScript, which a program from text cannot call`,
    'a program runs without its compiler; declare the node with `process`',
  ),
  nodeArguments: define(
    'DSP0914',
    'error',
    (a: { node: string; id: string; given: number; inputs: number; names: string }) =>
      `call ${a.id} of \`${a.node}\` has ${plural(a.given, 'argument')}; its inputs are ${a.names === '' ? 'none' : a.names}`,
    'give an argument for every input; only inputs with a default may be left out, from the last',
  ),
  idTwice: define(
    'DSP0915',
    'error',
    (a: { node: string; id: string }) => `two calls with state have the id ${a.id}`,
    'an id names the state of one call; give each call its own',
  ),
  idType: define(
    'DSP0916',
    'error',
    (a: { node: string; id: string; other: string }) =>
      `the id ${a.id} is that of a \`${a.other}\`, not of a \`${a.node}\``,
    'state never goes from one type of node to another; use a new id, or `forgetNode` it first',
  ),
  variableUnknown: define(
    'DSP0920',
    'error',
    (a: { name: string }) => `there is no variable \`${a.name}\``,
    'names with & are outputs, names with $ are $srate, $israte and $reset',
  ),
  returnUnknown: define(
    'DSP0921',
    'error',
    (a: { name: string }) => `there is no return value \`${a.name}\``,
    '%1 to %5 are the further results of the node called last',
  ),
  assignFixed: define(
    'DSP0922',
    'error',
    (a: { name: string }) => `\`${a.name}\` cannot be assigned`,
    'constants, names with $ and names with % are read only',
  ),
  bufferUnknown: define(
    'DSP0923',
    'error',
    (a: { buffer: string }) => `there is no buffer or table \`${a.buffer}\``,
    'numbers go from 0 to 15 unless the context has more; names are declared with the program',
  ),
  tableWritten: define(
    'DSP0924',
    'error',
    (a: { table: string }) => `the table \`${a.table}\` cannot be written or resized by a program`,
    'use a buffer, or send a new table from outside',
  ),
  writeWithoutValue: define(
    'DSP0925',
    'error',
    (a: { buffer: string }) => `a write to \`${a.buffer}\` without a value`,
    'give the value to be written',
  ),
  delayOperation: define(
    'DSP0926',
    'error',
    (a: { buffer: string }) => `\`${a.buffer}\` is no delay line`,
    'delay lines are made by the language; use a delay node, or a buffer with an index of your own',
  ),
  programInvalid: define(
    'DSP0927',
    'error',
    (a: { fault: string }) => `this program is not sound: ${a.fault}`,
    'build it with the functions of `build`, which keep it sound',
  ),
  memoryExhausted: define(
    'DSP0930',
    'error',
    (a: { bytes: number }) => `no memory for ${megabytes(a.bytes)}`,
    'use shorter buffers, or a context with a larger `maximumBytes`',
  ),
  contextFreed: define(
    'DSP0931',
    'error',
    (_: None) => 'this context, or this function, has been freed',
    'compile in a new context',
  ),
  wrongContext: define(
    'DSP0932',
    'error',
    (_: None) => 'the previous function is of another context',
    'state is handed over within a context only',
  ),
  nodeStateUnknown: define(
    'DSP0933',
    'error',
    (a: { id: string }) => `no state of a node with the id ${a.id}`,
    'only calls of nodes with state have one, under the id of the call',
  ),
  parameterUnknown: define(
    'DSP0934',
    'error',
    (a: { name: string }) => `there is no parameter \`${a.name}\``,
    'parameters are those that the program declares',
  ),
  sampleRateInvalid: define(
    'DSP0935',
    'error',
    (a: { given: string; highest: number }) => `${a.given} is no sample rate from 1 to ${a.highest} Hz`,
    'a context works up to its `highestSampleRate`',
  ),
  callbackFailed: define(
    'DSP0936',
    'error',
    (a: { node: string; id: string; error: string }) =>
      `the callback of \`${a.node}\` (${a.id}) failed: ${a.error}`,
    'the call gave 0; the program goes on, and its state is kept',
  ),
  frameCount: define(
    'DSP0937',
    'error',
    (a: { given: string; channel: string }) => `${a.channel} has no room for ${a.given} frames`,
    'give every channel as many samples as there are frames',
  ),
  engineFull: define(
    'DSP0940',
    'error',
    (_: None) => 'the audio side has not taken 128 updates yet, so another cannot be queued',
    'nothing has changed; try again when `processUpdates` has run, or see whether the audio side still runs',
  ),
  engineNoBackend: define(
    'DSP0941',
    'error',
    (_: None) => 'the engine has no audio side yet',
    'call `getBackend()`, or `getBackendLink()` for another thread, before the first update',
  ),
  engineNotShared: define(
    'DSP0942',
    'error',
    (_: None) => 'the memory of this engine cannot go to another thread',
    'make the engine with `new CodeEngine({ shared: true })`',
  ),
  callbackInThread: define(
    'DSP0943',
    'error',
    (_: None) => 'a node that is a TypeScript function cannot run in another thread',
    'write its process with the builder API, or take `getBackend()` and run both sides in one thread',
  ),

  sourceNode: define(
    'DSP0918',
    'error',
    (a: { fault: string }) => `this program cannot be a node: ${a.fault}`,
    'a node has at most six outputs, and computes sample by sample',
  ),
  jsonInvalid: define(
    'DSP0908',
    'error',
    (a: { path: string; expected: string }) => `no program: ${a.path} must be ${a.expected}`,
    'docs/program.schema.json describes every field',
  ),
  callbackAlone: define(
    'DSP0944',
    'error',
    (a: { node: string }) => `\`${a.node}\` is a TypeScript function, so the program cannot run by itself`,
    'write its process with the builder API, or compile with a `JIT` in a context',
  ),

  // 095 block programs
  blockProgramInvalid: define(
    'DSP0950',
    'error',
    (a: { path: string; expected: string }) => `no block program: ${a.path} must be ${a.expected}`,
    'block programs are JSON snapshots of version 1; docs/BLOCKS.md describes every field',
  ),
  blockTypeUnknown: define(
    'DSP0951',
    'error',
    (a: { type: string }) => `there is no block type \`${a.type}\``,
    'block types are those of docs/BLOCKS.md and every node of docs/NODES.md',
  ),
  blockAreaUnknown: define(
    'DSP0952',
    'error',
    (a: { area: number }) => `there is no area ${a.area}`,
    'areas count from 0, the program itself',
  ),
  blockMissing: define(
    'DSP0953',
    'error',
    (_: None) => 'there is no block here',
    'give a cell that a block covers; columns and rows count from 0',
  ),
  blockNoSpace: define(
    'DSP0954',
    'error',
    (a: { rows: number }) => `no room for a block of ${plural(a.rows, 'row')} here`,
    'move what is in the way, or choose another place',
  ),
  blockOverlap: define(
    'DSP0955',
    'error',
    (_: None) => 'this block lies on another one',
    'each cell of an area belongs to one block at most',
  ),
  blockCircle: define(
    'DSP0956',
    'error',
    (a: { type: string }) => `this \`${a.type}\` would lie inside itself, or its area in two blocks`,
    'an area lies in just one block, and never, however deep, in itself',
  ),
  blockIdTwice: define(
    'DSP0957',
    'error',
    (a: { id: number }) => `a second block with the id ${a.id}`,
    'state follows the id of a block, so each id stands once',
  ),
  blockNumber: define(
    'DSP0958',
    'error',
    (a: { label: string }) => `\`${a.label}\` is not a number`,
    'the label of a `value` block is a number such as 440 or -0.3',
  ),
  blockIdentifier: define(
    'DSP0959',
    'error',
    (a: { label: string }) => `\`${a.label}\` is not the name of a variable`,
    'the label of `get` and `set` is a name without blanks, such as `in1`, `*phase` or `&sig1`',
  ),
  blockInputs: define(
    'DSP0960',
    'error',
    (a: { type: string; expected: number; found: number }) =>
      `\`${a.type}\` takes ${plural(a.expected, 'input')}, and this block has ${a.found}`,
    'place the block anew: its type has other ports than when it was saved',
  ),
  blockPort: define(
    'DSP0961',
    'error',
    (a: { type: string; port: string }) => `\`${a.type}\` has no input \`${a.port}\``,
    'place the block anew: its type has other ports than when it was saved',
  ),
  blockTooDeep: define(
    'DSP0962',
    'error',
    (_: None) => 'too many blocks in one chain',
    'store a value in between with `set`, and go on from there with `get`',
  ),
} satisfies Record<string, Message<never>>

export type MessageName = keyof typeof MESSAGES
export type MessageArguments<N extends MessageName> = Parameters<(typeof MESSAGES)[N]['text']>[0]
export type NoArguments = None
