import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { countOf } from '../../base/index.ts'
import type { Environment } from '../../environments/index.ts'
import { bad, type Finding, good } from './finding.ts'

/** Prints those of its paths that are there and cannot be read, or that lie behind a folder that does not let this account in. */
const UNREADABLE = `for path; do
  [ ! -r "$path" ] || continue
  up=$path
  while [ ! -e "$up" ]; do up=$(dirname -- "$up"); done
  if [ "$up" = "$path" ] || [ ! -x "$up" ]; then printf '%s\\n' "$path"; fi
done`

/** Whether the account that runs a page may read what the facts that it uses name: files and folders. What is not there yet keeps nobody out. */
export async function examineAccount(
  { target, within = [] }: Pick<Environment, 'target' | 'within'>,
  facts: readonly string[],
): Promise<Finding[]> {
  const paths = facts.flatMap(fact => {
    const path = target[fact]
    return typeof path === 'string' && path.startsWith('/') ? [{ fact, path }] : []
  })
  if (paths.length === 0) return []
  const [program = '', ...args] = [...within, 'bash', '-c', UNREADABLE, 'bash', ...paths.map(({ path }) => path)]
  const said = await promisify(execFile)(program, args).catch(() => undefined)
  if (!said)
    return [{ topic: 'account', state: 'unknown', says: `${program} could not look what this account may read` }]
  const closed = said.stdout.split('\n')
  const found = paths.filter(({ path }) => closed.includes(path))
  if (found.length > 0)
    return found.map(({ fact, path }) =>
      bad(
        'account',
        `${fact}, ${path}, cannot be read by this account`,
        'Run the page as the account that owns it, or as root',
      ),
    )
  const what = `${countOf(paths.length, 'path')} that this page uses`
  return [good('account', `this account may read the ${what}`)]
}
