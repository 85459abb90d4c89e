// Lets git run the hooks in .githooks/. Does nothing where this is no checkout of its own, in a linked worktree, whose settings are
// everybody's, and where somebody has set hooks already.
import { execFileSync } from 'node:child_process'
import { realpathSync } from 'node:fs'

const isCheckout = git('rev-parse', '--show-toplevel') === realpathSync('.')
const isLinked = git('rev-parse', '--absolute-git-dir') !== realpathSync(git('rev-parse', '--git-common-dir') ?? '.')
if (isCheckout && !isLinked && git('config', 'core.hooksPath') === undefined)
  git('config', 'core.hooksPath', '.githooks')

/** What git says; nothing when it refuses, or is not there. */
function git(...args) {
  try {
    return execFileSync('git', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim()
  } catch {
    return undefined
  }
}
