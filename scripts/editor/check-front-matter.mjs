import { readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { LineCounter, parseDocument } from 'yaml'

const SCHEMA = new URL('../../static/schemas/front-matter.schema.json', import.meta.url)

/** A remark plugin for editors: holds a page's front matter against its JSON Schema, and marks what does not fit at its place. */
export function checkFrontMatter() {
  const ajv = new Ajv2020({ allErrors: true, allowUnionTypes: true })
  const validate = ajv.compile(JSON.parse(readFileSync(SCHEMA, 'utf8')))
  return (tree, file) => {
    const [first] = tree.children
    if (first?.type !== 'yaml') return
    const counter = new LineCounter()
    const document = parseDocument(first.value, { lineCounter: counter, prettyErrors: false, logLevel: 'error' })
    const tell = (offset, reason) => {
      const { line, col } = counter.linePos(offset)
      const place = { line: first.position.start.line + Math.max(line, 1), column: Math.max(col, 1) }
      file.message(reason, { place, source: 'handbook', ruleId: 'front-matter' })
    }
    for (const { pos, message } of document.errors) tell(pos[0], message)
    if (document.errors.length > 0 || validate(document.toJS() ?? {})) return
    for (const { instancePath, message, params } of validate.errors) {
      const path = instancePath.split('/').slice(1).map(decodePointer)
      const wrong = params.additionalProperty === undefined ? path : [...path, params.additionalProperty]
      tell(document.getIn(wrong, true)?.range?.[0] ?? 0, [wrong.join(' › '), message, list(params)].join(' ').trim())
    }
  }
}

/** Keys of a JSON Pointer: https://www.rfc-editor.org/rfc/rfc6901#section-4 */
function decodePointer(key) {
  return key.replaceAll('~1', '/').replaceAll('~0', '~')
}

function list({ allowedValues }) {
  return allowedValues === undefined ? '' : `(${allowedValues.join(', ')})`
}
