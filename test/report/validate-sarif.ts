import published from '@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json'
import Ajv from 'ajv'
import addFormats from 'ajv-formats'

/** Holds a log against the schema of SARIF 2.1.0: what is wrong with it. */
export function validateSarif(log: unknown): readonly string[] {
  const { $schema: _, id, ...schema } = published
  // The schema is of draft 4, and one of its patterns is not one in Unicode mode.
  const ajv = new Ajv({ strict: false, allErrors: true, unicodeRegExp: false })
  addFormats(ajv)
  ajv.validate(schema, log)
  return (ajv.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`)
}
