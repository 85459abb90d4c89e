import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { findToolFiles } from './types/tool-files.ts'

/** What the checks are made of, as a hash: the bundle that has them, the declarations of what is in scope, and the compiler. */
export async function readToolVersion(bundle: string): Promise<string> {
  const { scope, zxGlobals, nodeTypes } = findToolFiles()
  const compiler = createRequire(__filename).resolve('typescript/package.json')
  const texts = await Promise.all([bundle, scope, zxGlobals, nodeTypes, compiler].map(file => readFile(file)))
  const hash = createHash('sha256')
  for (const text of texts) hash.update(text)
  return hash.digest('hex')
}
