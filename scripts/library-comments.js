/**
 * Reads the comments of a library of the language.
 *
 * Comes in: the text of a `.lib` file. Goes out: its documented functions, each with prefix, name, description,
 * usage, arguments, test program and references. Apart from its two users, the page of functions and the tests,
 * so that what is documented is what is tested.
 */

const FUNCTION = /^\/\/-{3,}`\((\w+)\.\)(\w+)`-{3,}\n([\s\S]*?)^\/\/-{10,}$/gm

/** @param {string} text */
export function readLibrary(text) {
  return [...text.matchAll(FUNCTION)].map(([, prefix, name, comment]) => {
    const [description, ...sections] = uncomment(comment).split(/^#### /m)
    const section = heading =>
      sections
        .find(s => s.startsWith(`${heading}\n`))
        ?.slice(heading.length)
        .trim() ?? ''
    const [usage, where = ''] = section('Usage').split(/^Where:/m)
    return {
      prefix,
      name,
      description: description.trim(),
      usage: usage.trim(),
      where: where.trim(),
      test: section('Test').replace(/^`|`$/g, ''),
      references: section('References'),
    }
  })
}

/** The first comment of a file, which describes the library. @param {string} text */
export function readHead(text) {
  return uncomment(/^(\/\/.*\n)+/.exec(text)?.[0] ?? '').trim()
}

function uncomment(comment) {
  return comment.replace(/^\/\/ ?/gm, '')
}
