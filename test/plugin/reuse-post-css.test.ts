import { createRequire } from 'node:module'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { reusePostCss } from '../../src/plugin/reuse-post-css.ts'
import { layHandbook } from './temporary-handbook.ts'

it('has a plugin that is named made once, with its settings, and leaves what was made already', async () => {
  const root = await layHandbook({
    'plugin.cjs': 'let made = 0; module.exports = settings => ({ settings, made: ++made })',
    'other.cjs': 'exports.default = () => undefined',
  })
  const name = join(root, 'plugin.cjs')
  const other = join(root, 'other.cjs')
  const ready = { postcssPlugin: 'ready' }
  const options = { ident: 'postcss', plugins: [[name, { stage: 2 }], ready, name, [other, {}]] }
  expect(reusePostCss(options)).toEqual({
    ident: 'postcss',
    plugins: [{ settings: { stage: 2 }, made: 1 }, ready, name, [other, {}]],
  })
  expect(createRequire(import.meta.url)(name)().made).toBe(2)
})
