import { type Problem, parseYaml } from '../base/index.ts'
import { type HandbookFile, handbookFileSchema } from './handbook-file.ts'

/** The name of the file that makes a folder a handbook. */
export const HANDBOOK_FILE = 'handbook.yaml'

/** Reads the text of a `handbook.yaml`; wrong keys and values are named at their own place. */
export function parseHandbookFile(
  text: string,
): { readonly file: HandbookFile } | { readonly problems: readonly Problem[] } {
  const result = parseYaml(text, handbookFileSchema, { file: HANDBOOK_FILE, rule: 'handbook-file' })
  return 'data' in result ? { file: result.data } : result
}
