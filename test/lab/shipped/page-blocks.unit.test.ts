import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { PAGE, readPageBlocks, readPageVersion } from '../../../src/lab/shipped/page-blocks.ts'

const root = mkdtempSync(join(tmpdir(), 'page-blocks-'))
afterEach(() => rmSync(root, { recursive: true, force: true }))

function write(text: string): void {
  mkdirSync(dirname(join(root, PAGE)), { recursive: true })
  writeFileSync(join(root, PAGE), text)
}

test('the page of this handbook has a block of each kind, and installs a release', async () => {
  const blocks = await readPageBlocks('.')
  expect(blocks.machine.map(({ code }) => code).join()).toMatch(/^id upload-bridge \|\| useradd --system /)
  expect(blocks.database.map(({ code }) => code).join()).toMatch(/^createuser /)
  expect(blocks.service.map(({ code }) => code).join()).toContain('make_key operator operate')
  expect(blocks.proxy.map(({ code }) => code).join()).toContain('nginx -t')
  expect(
    Object.values(blocks)
      .flat()
      .map(({ code }) => code)
      .join(),
  ).not.toContain('upload-bridge-backup')
  expect(readPageVersion(blocks)).toMatch(/^\d+\.\d+\.\d+$/)
})

test('a page without a block for the database is refused', async () => {
  write('```bash static="x"\ncp --recursive 1.0.0 /opt/releases/\n```\n```bash static="x"\nkeys create a\n```\n')
  await expect(readPageBlocks(root)).rejects.toThrow(`${PAGE} has no static block for the database`)
})

test('a page that is not there is named', async () => {
  await expect(readPageBlocks(root)).rejects.toThrow('is missing, and it says how a machine is set up')
})
