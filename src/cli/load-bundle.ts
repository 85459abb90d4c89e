import { isAscii } from 'node:buffer'
import { readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import Module, { createRequire } from 'node:module'
import { dirname } from 'node:path'
import vm from 'node:vm'

/**
 * Loads a CommonJS bundle and returns its exports. V8 compiled the bundle when it was built, and its result was kept in a file. Compiling
 * would take half of the time until a run's first step. When that file does not fit (another version of node, a newer bundle) or is
 * missing, the bundle is compiled as usual. When `HANDBOOK_COMPILE` is set, as the build does, this process writes the file when it exits.
 * Such a bundle cannot `import()`.
 */
export function loadBundle(file: string): unknown {
  const cachedData = readCompiled(file)
  if (!cachedData && !process.env.HANDBOOK_COMPILE) return createRequire(file)(file)
  const bytes = readFileSync(file)
  // V8 is faster with one byte for each character.
  const script = new vm.Script(Module.wrap(bytes.toString(isAscii(bytes) ? 'latin1' : 'utf8')), {
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

/** Writes the whole file or nothing: somebody may be starting a run at the same time. */
function keep(file: string, compiled: Buffer): void {
  const draft = `${file}.${process.pid}`
  writeFileSync(draft, compiled)
  renameSync(draft, `${file}.v8`)
}
