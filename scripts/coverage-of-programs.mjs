// What the programs that tests start cover: Node writes it for each process into a folder, where it is read, added up and removed again.
import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { basename, join, relative, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { mergeProcessCovs } from '@bcoe/v8-coverage'
import { convert } from 'ast-v8-to-istanbul'
import { parseAstAsync } from 'vite'

const EVERY = 3000
const AT_ONCE = 12

/** Adds up what a browser ran of the site, bundle by bundle. */
export async function addUpPages(folder) {
  const files = readdirSync(folder).filter(name => name.endsWith('.json'))
  const read = files.map(name => JSON.parse(readFileSync(join(folder, name), 'utf8')))
  return convertAll(mergeProcessCovs(read).result)
}

/** Adds up what is in a folder, again and again; `stop` gives the coverage of the sources, bundle by bundle. */
export function watchPrograms(folder, dist = 'dist') {
  const bundles = listBundles(dist)
  let sum = { result: [] }
  let processes = 0
  const collect = () => {
    for (;;) {
      const files = readdirSync(folder)
        .filter(name => name.endsWith('.json'))
        .slice(0, AT_ONCE)
      const read = files.flatMap(name => readOne(join(folder, name), bundles))
      if (read.length === 0) return
      processes += read.length
      sum = mergeProcessCovs([sum, ...read])
    }
  }
  const timer = setInterval(collect, EVERY)
  return {
    async stop() {
      clearInterval(timer)
      collect()
      console.log(`\nprograms that tests started: ${processes}`)
      return convertAll(sum.result)
    },
  }
}

/** By their names: tests copy them to other folders. */
function listBundles(dist) {
  const names = readdirSync(dist, { recursive: true }).filter(name => name.endsWith('.cjs'))
  return names.map(name => ({ path: resolve(dist, name), length: readFileSync(join(dist, name), 'utf8').length }))
}

/** What one process ran of the bundles; nothing when it is still being written. */
function readOne(path, bundles) {
  let text
  try {
    text = JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    return []
  }
  rmSync(path)
  const result = text.result.flatMap(({ scriptId, url, functions }) => {
    const length = functions[0]?.ranges[0]?.endOffset
    const name = url.startsWith('file:') ? basename(fileURLToPath(url)) : ''
    const bundle = bundles.find(bundle => basename(bundle.path) === name && bundle.length === length)
    return bundle === undefined ? [] : [{ scriptId, url: pathToFileURL(bundle.path).href, functions }]
  })
  return [{ result }]
}

/** What each bundle ran of the sources, by their paths. */
async function convertAll(scripts) {
  const maps = []
  for (const { url, functions } of scripts) {
    const path = fileURLToPath(url)
    const code = readFileSync(path, 'utf8')
    const sourceMap = JSON.parse(readFileSync(`${path}.map`, 'utf8'))
    const ast = parseAstAsync(code, { allowReturnOutsideFunction: true })
    const files = await convert({ code, sourceMap, ast, coverage: { functions, url }, wrapperLength: 0 })
    maps.push(Object.fromEntries(Object.entries(files).flatMap(([file, counts]) => place(file, counts))))
  }
  return maps
}

/** What was run of one of our sources, under its path; the site's build is of a copy of them. */
function place(file, counts) {
  const [, inCopy] = /handbook-site-[^/]*\/(src\/[^?]*\.tsx?)$|^webpack:.*\/(src\/[^?]*\.tsx?)$/.exec(file) ?? []
  const path = inCopy === undefined ? file : resolve(inCopy)
  return relative(resolve('src'), path).startsWith('..') ? [] : [[path, { ...counts, path }]]
}
