import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { type RuleFile, readRules } from '../alerts/index.ts'
import type { Handbook } from '../environments/index.ts'
import { makeProblem, violation } from './rule.ts'
import { handbookFile } from './rules/handbook-file.ts'

/**
 * Reads the rule files that `handbook.yaml` names: a file by its name, of a folder every `*.rules.yaml` and `*.rules.yml`.
 * What is missing or wrong comes as problems.
 */
export async function readRuleFiles({ root, file }: Pick<Handbook, 'root' | 'file'>): Promise<RuleFile> {
  const found = await Promise.all(file.rules.map(path => listRuleFiles(root, path)))
  const { rules, problems } = await readRulePaths(root, found.flat())
  const missing = file.rules.filter((_, index) => found[index]?.length === 0)
  return {
    rules,
    problems: [
      ...missing.map(path => {
        const hint = 'Rule files in a folder end in .rules.yaml'
        const message = `rules › ${path}: there is no rule file`
        return makeProblem(handbookFile, 'handbook.yaml', violation({ line: 1, column: 1 }, message, { hint }))
      }),
      ...problems,
    ],
  }
}

/** Reads rule files by their paths below a folder, which must exist, as one. */
export async function readRulePaths(root: string, paths: readonly string[]): Promise<RuleFile> {
  const files = await Promise.all(paths.map(async path => readRules(await readFile(join(root, path), 'utf8'), path)))
  return { rules: files.flatMap(({ rules }) => rules), problems: files.flatMap(({ problems }) => problems) }
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
