import { type Problem, parseYaml } from '../../base/index.ts'
import { type HandbookFile, type Quantities, quantitiesFileSchema } from '../../environments/index.ts'
import type { ReadText } from '../page.ts'

/** The quantities of a handbook, and what is wrong with their file. Without such a file there are none. */
export async function readQuantities(
  { quantities: key }: Pick<HandbookFile, 'quantities'>,
  readText: ReadText,
): Promise<{ readonly quantities?: Quantities; readonly problems: readonly Problem[] }> {
  if (key === undefined) return { problems: [] }
  const text = await readText(key.file)
  if (text === undefined) {
    const message = `There is no file ${key.file}, which handbook.yaml names under quantities`
    return { problems: [{ file: key.file, line: 1, column: 1, rule: 'quantities-file', severity: 'error', message }] }
  }
  const result = parseYaml(text, quantitiesFileSchema, { file: key.file, rule: 'quantities-file' })
  return 'data' in result ? { quantities: result.data, problems: [] } : result
}
