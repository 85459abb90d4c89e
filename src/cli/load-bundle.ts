import { readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import Module, { createRequire } from 'node:module'
import { dirname } from 'node:path'
import vm from 'node:vm'

/**
 * Loads a CommonJS bundle and gives its exports. It comes from what V8 made of it when it was built, since compiling takes half
 * of the time until a run's first step; what does not fit (another node, a newer bundle, no such file) is compiled as usual.
 * With `HANDBOOK_COMPILE` set, which the build does, what V8 has compiled by the end is kept. Such a bundle cannot `import()`.
 */
export function loadBundle(file: string): unknown {
  const cachedData = readCompiled(file)
  if (!cachedData && !process.env.HANDBOOK_COMPILE) return createRequire(file)(file)
  // Bundles are ASCII, and V8 is quicker with one byte a character.
  const script = new vm.Script(Module.wrap(readFileSync(file, 'latin1')), {
    filename: file,
    ...(cachedData ? { cachedData } : {}),
  })
  const module: { exports: unknown } = { exports: {} }
  script.runInThisContext().call(module.exports, module.exports, createRequire(file), module, file, dirname(file))
  if (process.env.HANDBOOK_COMPILE) process.on('exit', () => keep(file, script.createCachedData()))
  return module.exports
}

function readCompiled(file: string): Buffer | undefined {
  try {
    return statSync(`${file}.v8`).mtimeMs >= statSync(file).mtimeMs ? readFileSync(`${file}.v8`) : undefined
  } catch {
    return undefined
  }
}

/** Whole or not at all: somebody may be starting a run meanwhile. */
function keep(file: string, compiled: Buffer): void {
  const draft = `${file}.${process.pid}`
  writeFileSync(draft, compiled)
  renameSync(draft, `${file}.v8`)
}
