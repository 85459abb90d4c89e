import { readFile } from 'node:fs/promises'
import { listConfigurationKeys } from './keys.ts'
import { valueAt, withValueAt } from './value-at.ts'

/** Puts what stands in the files of secrets in their place: `database.urlFile: /run/secrets/url` gives `database.url`. Those of `unread` are left alone. */
export async function readSecretFiles(
  written: unknown,
  origins: Map<string, string>,
  unread: readonly string[],
): Promise<{ readonly tree: unknown; readonly problems: readonly string[] }> {
  const problems: string[] = []
  let tree = written
  for (const { key, path } of listConfigurationKeys().filter(({ secret }) => secret)) {
    const filePath = [...path.slice(0, -1), `${path.at(-1)}File`]
    const file = valueAt(tree, filePath)
    if (typeof file !== 'string') continue
    if (unread.includes(key)) {
      tree = withValueAt(tree, filePath, undefined)
      continue
    }
    if (valueAt(tree, path) !== undefined) problems.push(`${key}File: ${key} is set as well; set one of them`)
    tree = withValueAt(withValueAt(tree, filePath, undefined), path, await readSecretFile(`${key}File`, file, problems))
    origins.set(key, `file ${file}`)
  }
  return { tree, problems }
}

/** Reads a secret's file, without the line end; says what is wrong under the name that named it. */
export async function readSecretFile(name: string, file: string, problems: string[]): Promise<string | undefined> {
  try {
    const secret = (await readFile(file, 'utf8')).trim()
    if (secret !== '') return secret
    problems.push(`${name}: ${file} is empty`)
  } catch (error) {
    problems.push(`${name}: ${error instanceof Error ? error.message : String(error)}`)
  }
  return undefined
}
