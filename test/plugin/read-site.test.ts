import { expect, it } from 'vitest'
import { readSite } from '../../src/plugin/index.ts'
import { layHandbook } from './temporary-handbook.ts'

const read = async (text: string) => readSite(await layHandbook({ 'handbook.yaml': text }))

it('is called as handbook.yaml says', async () => {
  expect(await read('title: Ours\ntagline: Read and run\nurl: https://x.example\n')).toMatchObject({
    title: 'Ours',
    tagline: 'Read and run',
    url: 'https://x.example',
    baseUrl: '/',
  })
})

it.each([
  ['https://x.example/', 'https://x.example', '/'],
  ['https://x.example/ours', 'https://x.example', '/ours/'],
  ['http://x.example:8080/a/b/', 'http://x.example:8080', '/a/b/'],
])('is published at %s', async (given, url, baseUrl) => {
  expect(await read(`url: ${given}\n`)).toMatchObject({ url, baseUrl })
})

it('has a name all the same when handbook.yaml is wrong, which the plugin reports', async () => {
  expect(await read('titel: Ours\n')).toMatchObject({ title: 'Operations handbook', tagline: '', baseUrl: '/' })
})
