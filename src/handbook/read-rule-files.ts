import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { judgeRules, type RuleContent, type RuleFile } from '../alerts/index.ts'
import type { Problem } from '../base/index.ts'
import type { Handbook } from '../environments/index.ts'
import { HANDBOOK_FILE } from '../environments/pure.ts'
import { findInHandbookFile } from './find-handbook-file.ts'
import { readContent } from './read-file-or-problem.ts'

/**
 * Reads the rule files that `handbook.yaml` names: single files, and from each folder every `*.rules.yaml` and `*.rules.yml`.
 * Missing and wrong files are reported as problems. Promtool judges them when it is asked; it must be installed.
 */
export async function readRuleFiles(
  { root, file }: Pick<Handbook, 'root' | 'file'>,
  promtool = false,
): Promise<RuleFile> {
  const found = await Promise.all(file.rules.map(path => listRuleFiles(root, path)))
  const read = await readRulePaths(root, found.flat(), promtool)
  const missing = file.rules.flatMap((path, index) => (found[index]?.length === 0 ? [{ path, index }] : []))
  const absent = await Promise.all(missing.map(rule => reportMissing(root, rule)))
  return { ...read, problems: [...absent, ...read.problems] }
}

async function reportMissing(root: string, { path, index }: { path: string; index: number }): Promise<Problem> {
  const place = await findInHandbookFile(root, ['rules', index])
  const message = `rules › ${path}: there is no rule file`
  const hint = 'Rule files in a folder end in .rules.yaml'
  return { file: HANDBOOK_FILE, ...place, rule: 'handbook-file', severity: 'error', message, hint }
}

/** Reads several rule files as one; paths are relative to `root`. A file that cannot be read is reported as a problem. */
export async function readRulePaths(root: string, paths: readonly string[], promtool = false): Promise<RuleFile> {
  const files = await Promise.all(paths.map(async file => ({ file, ...(await readContent(root, file, 'rules-yaml')) })))
  const contents = files.flatMap(({ file, content }): RuleContent[] =>
    content === undefined ? [] : [{ file, content }],
  )
  const judged = await judgeRules(contents, promtool)
  return { ...judged, problems: [...files.flatMap(({ problem }) => problem ?? []), ...judged.problems] }
}

async function listRuleFiles(root: string, path: string): Promise<string[]> {
  const status = await stat(join(root, path)).catch(() => undefined)
  if (!status) return []
  if (!status.isDirectory()) return [path]
  const names = await readdir(join(root, path))
  return names
    .filter(name => /\.rules\.ya?ml$/.test(name))
    .sort()
    .map(name => `${path}/${name}`)
}
