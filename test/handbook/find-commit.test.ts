import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { bareHandbook, findCommit } from '../../src/handbook/index.ts'

it('marks a commit with changes on top, but for what drills and assessments write, wherever that is', async () => {
  const root = mkdtempSync(join(tmpdir(), 'handbook-commit-'))
  onTestFinished(() => rmSync(root, { recursive: true, force: true }))
  const { file } = await bareHandbook(root)
  const handbook = { root, file: { ...file, proofs: 'kept/proofs' } }
  expect(await findCommit(handbook)).toBe('unknown')
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=x', '-c', 'user.email=x@x.example', ...args], { cwd: root, encoding: 'utf8' })
  git('init', '--quiet')
  git('commit', '--quiet', '--allow-empty', '--message', 'first')
  const commit = git('rev-parse', 'HEAD').trim()
  for (const folder of ['kept/proofs', 'static/readiness']) {
    mkdirSync(join(root, folder), { recursive: true })
    writeFileSync(join(root, folder, 'x.json'), '{}')
  }
  expect(await findCommit(handbook)).toBe(commit)
  writeFileSync(join(root, 'page.md'), '')
  expect(await findCommit(handbook)).toBe(`${commit}-dirty`)
})
